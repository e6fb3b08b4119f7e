/** Two people edit one item: both texts are shown, and nothing half typed is ever replaced. */
import { CoachingSessionPage, scheduleSession } from "./support/pages/coaching_session.ts";
import { accounts, answered, expect, test } from "./support/test.ts";
import type { Visitor } from "./support/visitor.ts";

interface Pair {
  readonly carla: Visitor;
  readonly ana: Visitor;
  readonly hers: CoachingSessionPage;
  readonly theirs: CoachingSessionPage;
}

/** Carla has half typed another text of an action, and Ana has saved hers. */
const it = test.extend<{ pair: Pair }>({
  pair: async ({ signIn, api }, use) => {
    const place = await scheduleSession(await api(accounts.coach), "Ana", "Two at once");
    const [carla, ana] = [await signIn(accounts.coach), await signIn(accounts.members.ana)];
    const [hers, theirs] = [new CoachingSessionPage(carla.page), new CoachingSessionPage(ana.page)];
    await hers.goto(place);
    await theirs.goto(place);
    await carla.connection.connected();
    await ana.connection.connected();
    await hers.add("action", "Call the bank");
    await expect(theirs.item("action", "Call the bank")).toBeVisible();
    await hers.open("action", "Call the bank");
    await hers.editor("action").fill("Call the bank on Mon");
    await theirs.reword("action", "Call the bank", "Write to the bank");
    await expect(hers.conflict("action")).toBeVisible();
    await use({ carla, ana, hers, theirs });
  },
});

it("what is half typed stays, and both texts are shown", async ({ pair: { carla, hers } }) => {
  await expect(hers.editor("action")).toHaveValue("Call the bank on Mon");
  await expect(hers.editor("action")).toBeFocused();
  await carla.page.keyboard.type("day");
  const texts = hers.conflict("action").locator("blockquote");
  await expect(texts).toHaveText(["Write to the bank", "Call the bank on Monday"]);
});

it("mine is kept", async ({ pair: { hers, theirs } }) => {
  await hers.conflict("action").getByRole("button", { name: "Keep mine" }).click();
  await expect(theirs.item("action", "Call the bank on Mon")).toBeVisible();
});

it("theirs is taken, and mine can be had back", async ({ pair: { hers, carla } }) => {
  await hers.conflict("action").getByRole("button", { name: "Take theirs" }).click();
  await expect(hers.editor("action")).toHaveValue("Write to the bank");
  await carla.page.getByRole("button", { name: "Undo" }).click();
  await expect(hers.editor("action")).toHaveValue("Call the bank on Mon");
});

it("one is made of both", async ({ pair: { hers, theirs, carla } }) => {
  await hers.conflict("action").getByRole("button", { name: "Merge by hand" }).click();
  await expect(hers.conflict("action")).toBeHidden();
  await expect(carla.page.getByText("The version that yours will replace")).toBeVisible();
  await hers.editor("action").fill("Write to the bank on Monday");
  await hers.editor("action").press("Control+Enter");
  await expect(theirs.item("action", "Write to the bank on Monday")).toBeVisible();
});

it("an item that is deleted meanwhile can be added again", async ({ pair: { hers, theirs, carla } }) => {
  await theirs.remove("action", "Write to the bank");
  await expect(carla.page.getByText("This action was deleted meanwhile.")).toBeVisible();
  await expect(hers.editor("action")).toHaveValue("Call the bank on Mon");
  await carla.page.getByRole("button", { name: "Add it as a new action" }).click();
  await expect(theirs.item("action", "Call the bank on Mon")).toBeVisible();
});

test("a save that was under way when another came first is refused and kept", async ({
  signIn,
  api,
}) => {
  const place = await scheduleSession(await api(accounts.coach), "Ana", "A race");
  const [carla, rest] = [await signIn(accounts.coach), await api(accounts.members.ana)];
  const hers = new CoachingSessionPage(carla.page);
  await hers.goto(place);
  await carla.connection.connected();
  await hers.add("note", "As it was");
  const notes = `/api/v1/notes?coaching_session_id=${place.session}`;
  const [note] = (await (await rest.request(notes)).json()) as readonly { id: string }[];
  if (note === undefined) {
    throw new Error("the note is not there");
  }
  // Carla's page hears nothing while Ana's change and her own meet on the server.
  await carla.page.route(/change_note/, async (route) => {
    await rest.request(`/api/v1/notes/${note.id}`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ body: "Ana's" }),
    });
    await route.continue();
  });
  carla.expectConsole(answered(409));
  await hers.open("note", "As it was");
  await hers.editor("note").fill("Carla's");
  await hers.editor("note").press("Control+Enter");
  await expect(hers.editor("note")).toHaveValue("Carla's");
  await expect(hers.conflict("note").locator("blockquote")).toHaveText(["Ana's", "Carla's"]);
});

test("what is half typed survives a reload", async ({ signIn, api }) => {
  const place = await scheduleSession(await api(accounts.coach), "Ana", "A reload");
  const { page, connection } = await signIn(accounts.coach);
  const session = new CoachingSessionPage(page);
  await session.goto(place);
  await connection.connected();
  await session.add("note", "Saved");
  await session.open("note", "Saved");
  await session.editor("note").fill("Saved, and not");
  await session.composer("goal").fill("A goal in the mak");
  await page.reload();
  await expect(session.editor("note")).toHaveValue("Saved, and not");
  await expect(session.composer("goal")).toHaveValue("A goal in the mak");
});
