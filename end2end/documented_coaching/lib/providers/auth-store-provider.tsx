/** Who is signed in: the page is opened by somebody who is. */
import { create } from "zustand";

interface AuthStore {
  readonly isLoggedIn: boolean;
}

const authStore = create<AuthStore>(() => ({ isLoggedIn: true }));

export function useAuthStore<T>(selector: (store: AuthStore) => T): T {
  return authStore(selector);
}

export function forgetUser(): void {
  authStore.setState({ isLoggedIn: false });
}
