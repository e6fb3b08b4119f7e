/** Where the documented hooks find the server: where the page came from. */
export const siteConfig = { env: { backendServiceURL: "/api" } };
