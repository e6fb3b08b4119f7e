/** Activity: what happens to one's content is told as it happens, by day, and to nobody else. */
import { ActivityPage } from "./support/pages/activity.ts";
import { ring } from "./support/pages/bell.ts";
import { DocumentsPage } from "./support/pages/documents.ts";
import { accounts, expect, fetches, test } from "./support/test.ts";

test("a feed follows what happens in another tab, and leads to what there still is", async ({
  signIn,
  api,
  axe,
}) => {
  const author = await signIn(accounts.members.ana);
  const stranger = await signIn(accounts.members.ben);
  const documents = new DocumentsPage(author.page);
  const feed = new ActivityPage(await author.context.newPage());
  const others = new ActivityPage(stranger.page);
  await feed.goto();
  await others.goto();
  await expect(feed.days.first()).toHaveText("Today");
  await stranger.connection.connected();
  const known = await others.entries.count();
  stranger.requests.forget();

  const path = await documents.upload("told.txt", "Some words.", "Told of");
  await expect(feed.entry("Told of was added")).toBeVisible();
  await expect(feed.entry("Told of was read")).toBeVisible();
  await documents.rename("Told of again");
  await expect(feed.entry("Told of again got this title")).toBeVisible();
  const link = feed.entry("Told of was read").getByRole("link", { name: "Told of" });
  await expect(link).toHaveAttribute("href", `/documents${path}`);
  await axe(feed.page);

  // Each is read of once, when it is told: added, read, renamed, deleted.
  author.requests.forget();
  await documents.delete();
  await expect(feed.entry("Told of again was deleted")).toBeVisible();
  await expect(link).toBeHidden();
  await expect(feed.entry("Told of was read")).toBeVisible();
  expect(author.requests.count(fetches.activity)).toBe(1);

  await ring(stranger.page, await api(accounts.coach), "Ben");
  await expect(others.entries).toHaveCount(known);
  expect(stranger.requests.count(fetches.activity)).toBe(0);
});
