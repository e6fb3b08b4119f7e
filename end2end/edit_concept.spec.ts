/** A concept is edited while others decide about it: what is typed is lost by nobody. */
import { LabsPage, Lab, prepared } from "./support/pages/labs.ts";
import { accounts, answered, expect, test } from "./support/test.ts";

test("a text keeps its field and the focus when all else leaves the list", async ({
  signIn,
  api,
}) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Emptied");
  const [first] = concepts;
  if (!first) throw new Error("there are some");
  const ben = await signIn(accounts.members.ben);
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();
  await labs.button("Edit", first.title).click();
  await labs.title.fill("What Ben writes");
  await lab.decide(concepts.map(({ id }) => id), "accept");
  await expect(labs.status("Waiting")).toContainText("0");
  await expect(labs.concepts).toHaveCount(1);
  await expect(ben.page.getByText("Somebody has accepted this concept meanwhile.")).toBeVisible();
  await expect(labs.title).toHaveValue("What Ben writes");
  await expect(labs.title).toBeFocused();
  await ben.page.keyboard.type(", on and on");
  await labs.title.press("Control+Enter");
  await expect(ben.page.getByRole("heading", { name: "Everything is decided" })).toBeVisible();
  await expect(ben.page.getByRole("link", { name: "See the map" })).toBeFocused();
  await labs.status("Accepted").click();
  await expect(labs.concept("What Ben writes, on and on")).toBeVisible();
});

test("it keeps them on a page that is past the end by now", async ({ signIn, api, shell }) => {
  const lab = await Lab.make(await api(accounts.members.ana), "Two pages");
  await shell.type(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
       INSERT INTO proposed_nodes (project_id, title, summary, confidence, mentions)
       SELECT '${lab.id}', 'Concept ' || i, 'The one.', 1 - i / 100.0, 3 FROM n`,
  );
  const ana = await signIn(accounts.members.ana);
  const labs = new LabsPage(ana.page);
  await labs.goto(lab.id, "?page=2");
  await ana.connection.connected();
  await labs.button("Edit", "Concept 55").click();
  await labs.summary.fill("Half a sen");
  // Those of the first page, so that the second is no more.
  await shell.type(
    `UPDATE proposed_nodes SET status = 'accepted'
       WHERE project_id = '${lab.id}' AND confidence > 0.45`,
  );
  await expect(labs.section("Map")).toContainText("54");
  await expect(labs.concept("Concept 60")).toHaveCount(0);
  await expect(labs.summary).toBeFocused();
  await ana.page.keyboard.type("tence.");
  await shell.type(`UPDATE proposed_nodes SET status = 'accepted' WHERE project_id = '${lab.id}'`);
  await expect(labs.section("Map")).toContainText("60");
  await expect(labs.summary).toHaveValue("Half a sentence.");
  await expect(labs.summary).toBeFocused();
  await labs.summary.press("Control+Enter");
  await expect(labs.concepts).toHaveCount(0);
  const saved = () =>
    shell.type(`SELECT summary FROM proposed_nodes WHERE project_id = '${lab.id}' AND title = 'Concept 55'`);
  await expect.poll(saved).toBe("Half a sentence.");
});

test("what is refused stays in its row: the concept was deleted", async ({ signIn, api }) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Refused");
  const [first, second] = concepts;
  if (!first || !second) throw new Error("there are more than two");
  const ben = await signIn(accounts.members.ben);
  ben.expectConsole(answered(404), answered(409));
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();
  await labs.button("Edit", first.title).click();
  await labs.summary.fill("Nobody has this but Ben.");
  await lab.delete(first.id);
  await expect(ben.page.getByText("Somebody has deleted this concept meanwhile.")).toBeVisible();
  await labs.summary.press("Control+Enter");
  await expect(labs.toast("The concept was not saved.")).toBeVisible();
  await expect(labs.summary).toHaveValue("Nobody has this but Ben.");
  await labs.summary.press("Escape");
  await expect(labs.summary).toHaveCount(0);
  await expect(labs.select(second.title)).toBeFocused();

  // A field in which nothing is typed is not taken from its reader either; along to another list it is.
  await labs.button("Edit", second.title).click();
  await expect(labs.title).toBeFocused();
  await lab.change(second.id, { status: "accepted" });
  await expect(ben.page.getByText("Somebody has accepted this concept meanwhile.")).toBeVisible();
  await expect(labs.title).toBeFocused();
  await expect(labs.title).toHaveValue(second.title);
  await labs.status("Rejected").click();
  await expect(ben.page.getByRole("heading", { name: "Nothing is rejected" })).toBeVisible();
  await expect(labs.title).toHaveCount(0);
});

test("the focus is back in the row, and what was put aside can be had back from elsewhere", async ({
  signIn,
  api,
}) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Put aside");
  const [first] = concepts;
  if (!first) throw new Error("there are some");
  const ben = await signIn(accounts.members.ben);
  const labs = new LabsPage(ben.page);
  await labs.goto(lab.id);
  await ben.connection.connected();
  const box = labs.select(first.title);
  await box.focus();
  await ben.page.keyboard.press("e");
  await expect(labs.title).toBeFocused();
  await ben.page.keyboard.press("Escape");
  await expect(box).toBeFocused();
  await ben.page.keyboard.press("e");
  await labs.summary.fill("Put aside and had back.");
  await labs.summary.press("Escape");
  await expect(box).toBeFocused();

  // The row is gone when it is undone, and another is there for it.
  await labs.open("Map");
  const toast = labs.toast("Your changes to the concept were put aside.");
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(labs.toast("Your changes are back where they were typed.")).toBeVisible();
  await labs.open("Proposals");
  await expect(labs.summary).toHaveValue("Put aside and had back.");
  await labs.summary.press("Escape");
  await labs.open("Map");
  await labs.open("Proposals");
  await expect(box).toBeVisible();
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(labs.summary).toHaveValue("Put aside and had back.");
  await labs.summary.press("Control+Enter");
  await expect(box).toBeFocused();
  await expect(labs.concept(first.title)).toContainText("Put aside and had back.");

  // The project's own words have the button that was pressed.
  const edit = ben.page.getByRole("button", { name: "Edit name and description" });
  await edit.click();
  await expect(ben.page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await ben.page.keyboard.press("Escape");
  await expect(edit).toBeFocused();
});
