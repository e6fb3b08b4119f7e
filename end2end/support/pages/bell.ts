/** The bell, in every page of somebody who has signed in. */
import { expect, type Page } from "@playwright/test";
import type { Api } from "../api.ts";
import { scheduleSession } from "./coaching_session.ts";

/**
 * Starts a session with a member, and waits until a page of theirs tells of it. Whatever else that page
 * was to hear has been heard then: one stream brings it all, in the order in which it happened.
 */
export async function ring(page: Page, coach: Api, member: string): Promise<void> {
  const bell = page.getByRole("button", { name: "Notifications" });
  const unread = async () => Number(/\d+$/.exec((await bell.textContent()) ?? "")?.[0] ?? 0);
  const before = await unread();
  const { session } = await scheduleSession(coach, member, "To be told of");
  const started = await coach.request(`/api/v1/coaching_sessions/${session}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ status: "running" }),
  });
  expect(started.status, await started.text()).toBe(200);
  await expect.poll(unread).toBe(before + 1);
}
