/** The bell: what somebody should know of, in every page of theirs. */
import { CoachingSessionPage, scheduleSession } from "./support/pages/coaching_session.ts";
import { accounts, expect, test } from "./support/test.ts";

test("being given an action and a session that starts are told, opened and dismissed", async ({
  signIn,
  api,
}) => {
  const place = await scheduleSession(await api(accounts.coach), "Ben", "To be told of");
  const carla = await signIn(accounts.coach);
  const ben = await signIn(accounts.members.ben);
  const hers = new CoachingSessionPage(carla.page);
  await hers.goto(place);
  await carla.connection.connected();
  await ben.page.goto("/documents");
  await ben.connection.connected();
  const bell = ben.page.getByRole("button", { name: "Notifications" });
  const items = ben.page.getByRole("dialog", { name: "Notifications" }).getByRole("listitem");
  await bell.click();
  const before = await items.count();

  await hers.add("action", "Read chapter two");
  await hers.item("action", "Read chapter two").getByLabel("Who does").selectOption("Ben Bauer");
  await expect(items).toHaveCount(before + 1);
  await hers.page.getByRole("button", { name: "Start the session" }).click();
  await expect(items).toHaveCount(before + 2);
  await expect(items.nth(0)).toContainText("Carla Costa started “To be told of”");
  await expect(items.nth(1)).toContainText("Carla Costa gave you “Read chapter two”");
  await expect(bell).toContainText(String(before + 2));

  // Another tab of the same person follows.
  const tab = await ben.context.newPage();
  await tab.goto("/jobs");
  const otherBell = tab.getByRole("button", { name: "Notifications" });
  await expect(otherBell).toContainText(String(before + 2));
  await expect(tab.locator("p.connection")).toHaveAttribute("data-state", "connected");

  await items.nth(0).getByRole("link").click();
  await expect(ben.page.getByRole("heading", { level: 1 })).toHaveText("To be told of");
  await expect(otherBell).toContainText(String(before + 1));
  await bell.click();
  await items.nth(0).getByRole("button", { name: /^Dismiss/ }).click();
  await expect(items).toHaveCount(before);
  await expect(otherBell).toHaveText(before > 0 ? `Notifications${before}` : "Notifications");
});
