/** The router of the page's framework, as far as the documented hooks use it. */
const router = { push: (address: string): void => location.assign(address) };

export function useRouter(): typeof router {
  return router;
}
