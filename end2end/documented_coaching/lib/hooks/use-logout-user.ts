/** Signs out, whether or not the server knows the session still. */
import { forgetUser } from "@/lib/providers/auth-store-provider";

async function logout(): Promise<void> {
  await fetch("/api/v1/session", { method: "DELETE" });
  forgetUser();
}

export function useLogoutUser(): () => Promise<void> {
  return logout;
}
