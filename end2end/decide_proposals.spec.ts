/** Deciding about proposals while somebody else does. */
import { hold } from "./support/hold.ts";
import { LabsPage, prepared } from "./support/pages/labs.ts";
import { accounts, answered, expect, fetches, test } from "./support/test.ts";

test("a selection survives what others do: what is gone drops out, what moved stays", async ({
  signIn,
  api,
}) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Selected");
  const [first, second, third, fourth] = concepts.slice(0, 4);
  if (!first || !second || !third || !fourth) throw new Error("there are more than four");
  const ben = await signIn(accounts.members.ben);
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();
  await labs.select(first.title).check();
  await labs.select(third.title).click({ modifiers: ["Shift"] });
  await expect(labs.bulk).toContainText("3 selected");

  await lab.change(first.id, { title: "Reworded by Ana" });
  await expect(labs.select("Reworded by Ana")).toBeChecked();
  await lab.change(second.id, { status: "accepted" });
  await expect(labs.bulk).toContainText("3 selected, 1 not on this page");
  await expect(labs.bulk.getByRole("button", { name: "Reopen" })).toBeVisible();
  await lab.delete(third.id);
  await expect(labs.bulk).toContainText("2 selected, 1 not on this page");

  // By the keyboard: down to the next row, and reject it.
  await labs.select("Reworded by Ana").focus();
  await ben.page.keyboard.press("ArrowDown");
  await expect(labs.select(fourth.title)).toBeFocused();
  await ben.page.keyboard.press("r");
  await expect(labs.concept(fourth.title)).toHaveCount(0);

  await labs.bulk.getByRole("button", { name: "Reject" }).click();
  await expect(labs.toast("2 concepts are rejected.")).toBeVisible();
  await labs.status("Rejected").click();
  await expect(labs.concepts).toHaveCount(3);
  await expect(labs.concept(second.title)).toBeVisible();
});

test("a decision is shown at once, and read once; two in a row do not collide", async ({
  signIn,
  api,
}) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "At once");
  const ana = await signIn(accounts.members.ana);
  const labs = new LabsPage(ana.page);
  await labs.goto(lab.id);
  await ana.connection.connected();
  const [first, second] = concepts;
  if (!first || !second) throw new Error("there are more than two");
  ana.requests.forget();
  await labs.button("Accept", first.title).click();
  await expect(labs.concept(first.title)).toHaveCount(0);
  await expect(labs.section("Map")).toContainText("1");
  await expect.poll(() => ana.requests.count(/change_node$/)).toBe(1);
  await expect.poll(async () => (await lab.concepts("accepted")).length).toBe(1);
  expect(ana.requests.count(fetches.concepts)).toBeLessThanOrEqual(1);
  await labs.status("Accepted").click();
  const reopen = labs.button("Reopen", first.title);
  await expect(reopen).toBeVisible();
  // A press too soon after the last one is not taken.
  await expect(async () => {
    if (await reopen.isVisible()) {
      await reopen.click({ timeout: 1_000 });
    }
    await expect(labs.concepts).toHaveCount(0, { timeout: 500 });
  }).toPass();
  await expect.poll(async () => (await lab.concepts("accepted")).length).toBe(0);
});

test("two people reword a concept: nothing is overwritten unseen, nothing typed is lost", async ({
  signIn,
  api,
}) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Reworded");
  const [concept] = concepts;
  if (!concept) throw new Error("there are some");
  const ben = await signIn(accounts.members.ben);
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();
  await labs.button("Edit", concept.title).click();
  const title = ben.page.getByRole("textbox", { name: "Title" });
  await expect(title).toBeFocused();
  await title.fill("As Ben has it");
  await lab.change(concept.id, { title: "As Ana has it", summary: "Hers." });
  const conflict = ben.page.getByRole("region", { name: "Two versions of this concept" });
  await expect(conflict).toContainText("As Ana has it");
  await expect(conflict).toContainText("As Ben has it");
  await expect(title).toHaveValue("As Ben has it");

  // A reload finds it again, with both texts.
  await ben.page.reload();
  await expect(title).toHaveValue("As Ben has it");
  await expect(conflict).toContainText("As Ana has it");
  await conflict.getByRole("button", { name: "Keep mine" }).click();
  // That is saved, as by the button that says so.
  await expect(conflict).toHaveCount(0);
  await expect(title).toHaveCount(0);
  await expect(labs.concept("As Ben has it")).toBeVisible();
  await expect(labs.select("As Ben has it")).toBeFocused();
  await expect.poll(async () => (await lab.concepts())[0]?.title).toBe("As Ben has it");

  // Somebody decides while it is edited: it stays, and can still be saved.
  await labs.button("Edit", "As Ben has it").click();
  await title.fill("As Ben has it now");
  await lab.change(concept.id, { status: "accepted" });
  await expect(ben.page.getByText("Somebody has accepted this concept meanwhile.")).toBeVisible();
  await expect(title).toHaveValue("As Ben has it now");
  await title.press("Control+Enter");
  await expect.poll(async () => (await lab.concepts("accepted"))[0]?.title).toBe("As Ben has it now");
});

test("a concept is deleted after asking, once", async ({ signIn, api }) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Deleted");
  const [first, second] = concepts;
  if (!first || !second) throw new Error("there are more than two");
  const ben = await signIn(accounts.members.ben);
  ben.expectConsole(answered(404));
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();
  await labs.button("Delete", first.title).click();
  const question = labs.question(`Delete “${first.title}”?`);
  await question.getByRole("button", { name: "Keep it" }).click();
  await expect(labs.concept(first.title)).toBeVisible();
  await labs.button("Delete", first.title).click();
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(labs.concept(first.title)).toHaveCount(0);

  // What is gone before Ben has answered is what he wanted.
  await labs.button("Delete", second.title).click();
  await lab.delete(second.id);
  const refused = ben.page.waitForResponse(
    (response) => /delete_node$/.test(new URL(response.url()).pathname) && response.status() === 404,
  );
  await labs.question(`Delete “${second.title}”?`).getByRole("button", { name: "Delete" }).click();
  await expect(labs.concept(second.title)).toHaveCount(0);
  await (await refused).finished();
  expect(ben.requests.count(/delete_node$/)).toBe(2);
  await expect(labs.toast("is still there")).toHaveCount(0);
});

test("a key that is held decides once, and the focus goes on to what is left", async ({
  signIn,
  api,
}) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Held");
  const [first, second] = concepts;
  if (!first || !second) throw new Error("there are more than two");
  const ben = await signIn(accounts.members.ben);
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();

  // What is listed is found by its key from a box, too.
  await labs.select(first.title).focus();
  await ben.page.keyboard.press("?");
  const keys = ben.page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(keys).toContainText("Delete the item or concept");
  await ben.page.keyboard.press("Escape");
  await expect(labs.select(first.title)).toBeFocused();

  for (let repeat = 0; repeat < 5; repeat += 1) {
    await ben.page.keyboard.down("r");
    await ben.page.waitForTimeout(150);
  }
  await ben.page.keyboard.up("r");
  await expect(labs.select(second.title)).toBeFocused();
  await expect.poll(async () => (await lab.concepts("rejected")).length).toBe(1);
  await expect(labs.concepts).toHaveCount(concepts.length - 1);

  // Several at once, of which somebody else deletes one while that is on its way.
  const held = await hold(ben.page, /change_nodes/);
  await labs.select(second.title).check();
  await labs.select(concepts[2]?.title ?? "").check();
  await labs.bulk.getByRole("button", { name: "Accept" }).click();
  await held.arrived();
  await expect(labs.concept(second.title)).toHaveCount(0);
  await expect(labs.bulk).toContainText("2 selected");
  await expect(labs.bulk).not.toContainText("not on this page");
  await lab.delete(second.id);
  held.release();
  await expect(labs.toast("1 concept is accepted. 1 is not there any more.")).toBeVisible();
  await expect(labs.bulk).toBeHidden();
  await expect(labs.select(concepts[3]?.title ?? "")).toBeFocused();

  // The last ones of the list.
  await labs.selectPage.check();
  await labs.bulk.getByRole("button", { name: "Reject" }).click();
  await expect(ben.page.getByRole("heading", { name: "Everything is decided" })).toBeVisible();
  await expect(ben.page.getByRole("link", { name: "See the map" })).toBeFocused();
});

test("what nobody can decide any more is no success", async ({ signIn, api }) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "All gone");
  const [first, second] = concepts;
  if (!first || !second) throw new Error("there are more than two");
  const ben = await signIn(accounts.members.ben);
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();
  const held = await hold(ben.page, /change_nodes/);
  await labs.select(first.title).check();
  await labs.select(second.title).check();
  await labs.bulk.getByRole("button", { name: "Accept" }).click();
  await held.arrived();
  await lab.decide([first.id, second.id], "delete");
  held.release();
  const told = labs.toast("Nothing was changed. 2 are not there any more.");
  await expect(told).toHaveAttribute("data-kind", "error");
});
