/** Who is in a session, and where they type: seen at once, gone when they are. */
import { CoachingSessionPage, scheduleSession } from "./support/pages/coaching_session.ts";
import { accounts, expect, test } from "./support/test.ts";

/**
 * How long somebody who is gone may still be seen: their last sign of life holds for sixteen seconds,
 * also one that their leaving has overtaken, and once a second it is looked for what is over.
 */
const GONE_MS = 20_000;

test("somebody comes, types and goes", async ({ signIn, api }) => {
  const place = await scheduleSession(await api(accounts.coach), "Ana", "Together");
  const carla = await signIn(accounts.coach);
  const ana = await signIn(accounts.members.ana);
  const [hers, theirs] = [new CoachingSessionPage(carla.page), new CoachingSessionPage(ana.page)];
  await hers.goto(place);
  await carla.connection.connected();
  await expect(hers.present).toBeEmpty();

  await theirs.goto(place);
  await ana.connection.connected();
  await expect(hers.present).toHaveText("Ana Alvarez is here");
  await expect(theirs.present).toHaveText("Carla Costa is here");

  await theirs.composer("note").fill("Something");
  await expect(hers.section("note")).toContainText(
    "Ana Alvarez is writing…",
  );
  await theirs.composer("note").press("Enter");
  await theirs.composer("note").blur();
  await expect(hers.item("note", "Something")).toBeVisible();
  await expect(hers.page.getByText("is writing…")).toHaveCount(0);
  // What is shown before the server has it is replaced by what the server made of it.
  await expect(theirs.item("note", "Something")).not.toHaveAttribute("data-new");

  await theirs.open("note", "Something");
  await theirs.editor("note").fill("Something else");
  await expect(hers.item("note", "Something")).toContainText("Ana Alvarez is writing…");

  // What she says of leaving the field is not to be overtaken by what she says of leaving the page.
  await theirs.editor("note").blur();
  await expect(hers.page.getByText("is writing…")).toHaveCount(0);
  await ana.page.getByRole("link", { name: "All sessions" }).click();
  await expect(hers.present).toBeEmpty({ timeout: GONE_MS });
});

test("somebody with two pages is there once, until the last is gone", async ({ signIn, api }) => {
  const place = await scheduleSession(await api(accounts.coach), "Ana", "Two pages");
  const carla = await signIn(accounts.coach);
  const ana = await signIn(accounts.members.ana);
  const hers = new CoachingSessionPage(carla.page);
  await hers.goto(place);
  await carla.connection.connected();
  const first = new CoachingSessionPage(ana.page);
  await first.goto(place);
  const second = new CoachingSessionPage(await ana.context.newPage());
  await second.goto(place);
  await expect(hers.present).toHaveText("Ana Alvarez is here");
  await first.page.getByRole("link", { name: "All sessions" }).click();
  await expect(first.heading).toHaveText("Carla Costa");
  await expect(hers.present).toHaveText("Ana Alvarez is here");
  await second.page.getByRole("link", { name: "All sessions" }).click();
  await expect(hers.present).toBeEmpty({ timeout: GONE_MS });
});

test("who is cut off is gone within twenty seconds", async ({ signIn, api }) => {
  test.setTimeout(60_000);
  const place = await scheduleSession(await api(accounts.coach), "Ana", "Cut off");
  const carla = await signIn(accounts.coach);
  const ana = await signIn(accounts.members.ana);
  const [hers, theirs] = [new CoachingSessionPage(carla.page), new CoachingSessionPage(ana.page)];
  await hers.goto(place);
  await carla.connection.connected();
  await theirs.goto(place);
  await expect(hers.present).toHaveText("Ana Alvarez is here");

  ana.expectConsole(/net::ERR_INTERNET_DISCONNECTED/);
  await ana.context.setOffline(true);
  await expect(hers.present).toBeEmpty({ timeout: GONE_MS });
  // Nor does the one who is cut off believe that anybody is with them.
  await expect(theirs.present).toBeEmpty({ timeout: 30_000 });
});
