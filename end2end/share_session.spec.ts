/** Two people work on one session: what one writes, the other sees, and neither fetches. */
import { CoachingSessionPage, scheduleSession, type Kind } from "./support/pages/coaching_session.ts";
import { accounts, expect, test } from "./support/test.ts";

const kinds: readonly Kind[] = ["note", "action", "agreement", "goal"];

/** Every read of coaching that a page can make. */
const reads = /\/api\/fn\/(list_(notes|actions|agreements|goals)|get_coaching_session|get_relationship)/;

test.describe("two people on one session", () => {
  for (const kind of kinds) {
    test(`see each other add, change and delete an item: ${kind}`, async ({ signIn, api }) => {
      const place = await scheduleSession(await api(accounts.coach), "Ana", `About ${kind}s`);
      const carla = await signIn(accounts.coach);
      const ana = await signIn(accounts.members.ana);
      const [hers, theirs] = [new CoachingSessionPage(carla.page), new CoachingSessionPage(ana.page)];
      await hers.goto(place);
      await theirs.goto(place);
      await carla.connection.connected();
      await ana.connection.connected();
      carla.requests.forget();
      ana.requests.forget();

      await hers.add(kind, `Carla's ${kind}`);
      await expect(theirs.item(kind, `Carla's ${kind}`)).toBeVisible();
      await theirs.reword(kind, `Carla's ${kind}`, `Ana's version of the ${kind}`);
      await expect(hers.item(kind, `Ana's version of the ${kind}`)).toBeVisible();
      await expect(hers.item(kind, `Carla's ${kind}`)).toHaveCount(0);
      await hers.remove(kind, `Ana's version of the ${kind}`);
      await expect(theirs.item(kind, `Ana's version of the ${kind}`)).toHaveCount(0);

      expect(carla.requests.count(reads), "the author and the other fetch nothing").toBe(0);
      expect(ana.requests.count(reads), "the other fetches nothing").toBe(0);
    });
  }

  test("see status, assignee, due date and progress change", async ({ signIn, api }) => {
    const place = await scheduleSession(await api(accounts.coach), "Ana", "About controls");
    const carla = await signIn(accounts.coach);
    const ana = await signIn(accounts.members.ana);
    const [hers, theirs] = [new CoachingSessionPage(carla.page), new CoachingSessionPage(ana.page)];
    await hers.goto(place);
    await theirs.goto(place);
    await carla.connection.connected();
    await ana.connection.connected();
    await hers.add("action", "Call the bank");
    // A goal outlives its session: that of another run is told apart.
    const goal = `Sleep eight hours from ${place.session} on`;
    await hers.add("goal", goal);

    const [mine, other] = [hers.item("action", "Call the bank"), theirs.item("action", "Call the bank")];
    await mine.getByLabel("Status of").selectOption("In progress");
    await expect(other.getByLabel("Status of")).toHaveValue("in_progress");
    await other.getByLabel("Who does").selectOption("Ana Alvarez");
    await expect(mine.getByLabel("Who does").locator("option:checked")).toHaveText("Ana Alvarez");
    await mine.getByLabel("Due date of").fill("2027-02-01");
    await expect(other.getByLabel("Due date of")).toHaveValue("2027-02-01");
    await theirs.item("goal", goal).getByLabel("Progress of").fill("40");
    await expect(hers.item("goal", goal)).toContainText("40 %");

    await hers.page.getByRole("button", { name: "Start the session" }).click();
    await expect(theirs.status).toHaveText("running");
    await theirs.page.getByRole("button", { name: "End the session" }).click();
    await expect(hers.status).toHaveText("done");
  });

  test("write by keyboard alone", async ({ signIn, api }) => {
    const place = await scheduleSession(await api(accounts.coach), "Ana", "By keyboard");
    const { page, connection } = await signIn(accounts.coach);
    const session = new CoachingSessionPage(page);
    // Goals and agreements outlive their session: those of another run are told apart.
    const words = (nth: "First" | "Second", kind: Kind) => `${nth} ${kind} of ${place.session}`;
    await session.goto(place);
    await connection.connected();
    for (const [key, kind] of [["n", "note"], ["a", "action"], ["g", "goal"], ["r", "agreement"]] as const) {
      await page.keyboard.press(key);
      await expect(session.composer(kind)).toBeFocused();
      // Both are not on their way at once, where the second might overtake the first.
      for (const text of [words("First", kind), words("Second", kind)]) {
        await page.keyboard.type(text);
        await page.keyboard.press("Enter");
        await expect(session.item(kind, text)).not.toHaveAttribute("data-new");
      }
      await page.keyboard.press("Escape");
    }
    await session.item("note", words("First", "note")).focus();
    await page.keyboard.press("ArrowDown");
    await expect(session.item("note", words("Second", "note"))).toBeFocused();
    await page.keyboard.press("Delete");
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
    await expect(session.item("note", words("Second", "note"))).toHaveCount(0);
  });
});
