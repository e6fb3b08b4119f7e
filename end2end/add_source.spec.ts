/** Projects and sources are made in dialogs, from which nothing is lost and nothing is sent twice. */
import { hold } from "./support/hold.ts";
import { LabsPage, Lab } from "./support/pages/labs.ts";
import { accounts, answered, connectionLost, expect, test } from "./support/test.ts";

const file = (name: string, text: string | Buffer) => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(text),
});
const picture = file("picture.txt", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]));

test("a file that was added is not sent again with those that were not", async ({ signIn, api }) => {
  const lab = await Lab.make(await api(accounts.members.ana), "Files");
  const ana = await signIn(accounts.members.ana);
  ana.expectConsole(answered(422));
  const labs = new LabsPage(ana.page);
  await labs.goto(lab.id, "sources");
  await labs.page.getByRole("button", { name: "Add source" }).click();
  const dialog = labs.page.getByRole("dialog", { name: "Add sources" });
  const files = dialog.getByLabel("Files");
  const add = dialog.getByRole("button", { name: "Add", exact: true });
  const chosen = () => files.evaluate((input: HTMLInputElement) => [...(input.files ?? [])].map(({ name }) => name));
  await files.setInputFiles([file("one.txt", "The first."), picture, file("large.txt", Buffer.alloc(2_000_001, "a"))]);
  await add.click();
  const refused = dialog.getByText("1 file is added, 2 not.");
  await expect(refused).toBeVisible();
  expect((await refused.innerText()).trim().split("\n")).toEqual([
    "1 file is added, 2 not.",
    "picture.txt: This is not text in UTF-8. Choose plain text or Markdown.",
    "large.txt: A source has at most 2 MB.",
  ]);
  expect(await chosen()).toEqual(["picture.txt", "large.txt"]);
  await add.click();
  await expect(dialog.getByText("2 files are not added.")).toBeVisible();
  await expect(labs.sources).toHaveCount(1);

  // What was wrong is not said again to whoever comes back, and the focus is where it was of use.
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(labs.page.getByRole("button", { name: "Add source" })).toBeFocused();
  await labs.page.getByRole("button", { name: "Add source" }).click();
  await expect(dialog.getByText("not added")).toHaveCount(0);

  // Nor to a dialog that was closed meanwhile.
  const held = await hold(labs.page, /\/sources$/);
  await files.setInputFiles([picture]);
  await add.click();
  await held.arrived();
  await labs.page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  held.release();
  await expect(labs.toast("picture.txt: This is not text in UTF-8.")).toBeVisible();

  // The next one has the focus of one that is deleted, and in the end what adds another.
  await lab.add("two", "The second.");
  await labs.button("Delete", "one.txt").click();
  await labs.question("Delete “one.txt”?").getByRole("button", { name: "Delete" }).click();
  await expect(labs.button("Read again", "two")).toBeFocused();
  await labs.button("Delete", "two").click();
  await labs.question("Delete “two”?").getByRole("button", { name: "Delete" }).click();
  await expect(labs.page.getByRole("heading", { name: "No sources yet" })).toBeVisible();
  await expect(labs.page.getByRole("button", { name: "Add source" })).toBeFocused();
});

test("reading the only source again moves nothing", async ({ signIn, api }) => {
  const lab = await Lab.make(await api(accounts.members.ana), "Still");
  await lab.add("one", "The only one.");
  const ana = await signIn(accounts.members.ana);
  const labs = new LabsPage(ana.page);
  await labs.goto(lab.id, "sources");
  await ana.connection.connected();
  await expect(labs.page.getByText("Concepts are proposed from 1 source.")).toBeVisible();
  const top = () => labs.source("one").evaluate((row) => row.getBoundingClientRect().top);
  const before = await top();
  const held = await hold(labs.page, /reingest/);
  await labs.button("Read again", "one").click();
  await held.arrived();
  await expect(labs.page.getByText("1 source is being read.")).toBeVisible();
  await expect(labs.propose).toHaveAttribute("aria-disabled", "true");
  await expect(labs.propose).toHaveAccessibleDescription("1 source is being read.");
  expect(await top()).toBe(before);
  held.release();
  await expect(labs.page.getByText("Concepts are proposed from 1 source.")).toBeVisible();
  expect(await top()).toBe(before);
});

test("what is typed of a new project outlives a reload, and an outage is no field's fault", async ({
  signIn,
  api,
  link,
}) => {
  const ana = await signIn(accounts.members.ana);
  ana.expectConsole(connectionLost);
  const labs = new LabsPage(ana.page);
  await labs.goto();
  const open = labs.page.getByRole("button", { name: "New project" }).first();
  await open.click();
  const dialog = labs.page.getByRole("dialog", { name: "New project" });
  await dialog.getByLabel("Name").fill("Half a na");
  await dialog.getByLabel("What it is about").fill("And what it is about.");
  await labs.goto();
  await open.click();
  await expect(dialog.getByLabel("Name")).toHaveValue("Half a na");
  await expect(dialog.getByLabel("What it is about")).toHaveValue("And what it is about.");
  await dialog.getByLabel("Name").fill("A whole name");
  await dialog.getByRole("button", { name: "Make project" }).click();
  await expect(labs.heading).toHaveText("A whole name");
  await labs.goto();
  await open.click();
  await expect(dialog.getByLabel("Name")).toHaveValue("");

  const lab = await Lab.make(await api(accounts.members.ana), "Out of reach");
  await labs.goto(lab.id, "sources");
  await labs.page.getByRole("button", { name: "Add source" }).click();
  const sources = labs.page.getByRole("dialog", { name: "Add sources" });
  await sources.getByLabel("Name").fill("A name");
  await sources.getByLabel("Text").fill("A text.");
  await link.cut();
  await sources.getByRole("button", { name: "Add", exact: true }).click();
  await expect(sources.getByRole("status")).toContainText("could not be reached");
  await expect(sources.getByLabel("Text")).not.toHaveAttribute("aria-invalid", "true");
  await link.restore();
});
