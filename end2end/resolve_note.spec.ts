/** Two people write the same note: both versions are shown, and nothing typed is ever lost. */
import { hold } from "./support/hold.ts";
import { accounts, answered, connectionLost, expect, fetches, test } from "./support/test.ts";
import type { Visitor } from "./support/visitor.ts";

/** One of two visitors has typed, and the other has saved another note meanwhile. */
async function disagree(author: Visitor, other: Visitor, id: string): Promise<void> {
  await author.order.goto(id);
  await other.order.goto(id);
  await author.connection.connected();
  await author.order.note.pressSequentially("Half a sent");
  await expect(author.order.noteHint).toHaveText("Not saved yet. Ctrl+Enter saves.");
  await other.order.write("Somebody else's note.");
  await expect(author.order.conflict).toBeVisible();
}

test("typing goes on undisturbed, with both versions below", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("delivered");
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  await disagree(author, other, id);
  const { order } = author;

  await expect(order.noteHint).toContainText("Somebody changed this note meanwhile.");
  await expect(order.note).toHaveValue("Half a sent");
  await expect(order.note).toBeFocused();
  await order.note.pressSequentially("ence.");
  await expect(order.version("Theirs")).toHaveText("Somebody else's note.");
  await expect(order.version("Yours")).toHaveText("Half a sentence.");
  expect((await (await api(accounts.staff)).getOrder(id)).note).toBe("Somebody else's note.");
});

test("saving waits for a choice, and mine can be kept", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("delivered");
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  await disagree(author, other, id);
  const { order, requests } = author;
  requests.forget();

  await order.note.press("Control+Enter");
  await expect(order.conflict).toBeFocused();
  expect(requests.count(fetches.update), "nothing unseen is replaced").toBe(0);

  await order.choice("Keep mine").click();
  await expect(order.toast("Note saved.")).toBeVisible();
  await expect(order.conflict).toBeHidden();
  await expect(other.order.note).toHaveValue("Half a sent");
  expect((await (await api(accounts.staff)).getOrder(id)).note).toBe("Half a sent");
  expect(requests.count(fetches.order)).toBe(0);
});

test("theirs can be taken, and mine had back", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("delivered");
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  await disagree(author, other, id);
  const { order, requests } = author;
  requests.forget();

  await order.choice("Take theirs").click();
  await expect(order.note).toHaveValue("Somebody else's note.");
  await expect(order.note).toBeFocused();
  await expect(order.conflict).toBeHidden();

  const toast = order.toast("Your version of the note was put aside.");
  await toast.getByRole("button", { name: "Undo" }).click();
  await expect(order.note).toHaveValue("Half a sent");
  expect(requests.count(fetches.update)).toBe(0);
  expect((await (await api(accounts.staff)).getOrder(id)).note).toBe("Somebody else's note.");
});

test("editing goes on with theirs at hand", async ({ signIn, takeOrder }) => {
  const { id } = await takeOrder("delivered");
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  await disagree(author, other, id);
  const { order, page } = author;

  await order.choice("Merge by hand").click();
  await expect(order.conflict).toBeHidden();
  await expect(order.note).toBeFocused();
  const theirs = page.getByRole("group").filter({ hasText: "The version that yours will replace" });
  await expect(theirs.getByText("Somebody else's note.")).toBeVisible();
  await order.note.fill("Both: somebody else's, and mine.");
  await order.note.press("Control+Enter");
  await expect(order.toast("Note saved.")).toBeVisible();
  await expect(other.order.note).toHaveValue("Both: somebody else's, and mine.");
});

test("a note that the server refuses, because another came first, is still there", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("delivered");
  const rest = await api(accounts.staff);
  const author = await signIn(accounts.staff);
  author.expectConsole(answered(409));
  const { page, order, connection } = author;
  await order.goto(id);
  await connection.connected();
  const sent = await hold(page, fetches.update);
  await order.write("Mine.");
  await sent.arrived();
  await rest.patchOrder(id, { note: "Theirs." });
  sent.release();

  await expect(order.toast("was not saved")).toBeVisible();
  await expect(order.note).toHaveValue("Mine.");
  await expect(order.version("Theirs")).toHaveText("Theirs.");
  expect((await rest.getOrder(id)).note).toBe("Theirs.");
  await order.choice("Keep mine").click();
  await expect.poll(async () => (await rest.getOrder(id)).note).toBe("Mine.");
});

test("what is typed outlives a reload, also while nothing reaches the server", async ({
  signIn,
  takeOrder,
  link,
}) => {
  const { id } = await takeOrder("delivered");
  const visitor = await signIn(accounts.staff);
  visitor.expectConsole(connectionLost);
  const { page, order, connection } = visitor;
  await order.goto(id);
  await order.note.fill("Not to be lost.");
  await expect(order.noteHint).toHaveText("Not saved yet. Ctrl+Enter saves.");
  await page.reload();
  await expect(order.note).toHaveValue("Not to be lost.");
  await expect(order.saveNote).toBeEnabled();

  // Sent into the void, the text is kept until somebody says that it arrived.
  await connection.connected();
  await link.cut();
  await order.saveNote.click();
  await expect(order.note).toHaveValue("Not to be lost.");
  await link.restore();
  await page.reload();
  await expect(order.note).toHaveValue("Not to be lost.");
});

test("a saved note can be taken back", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("delivered");
  const rest = await api(accounts.staff);
  await rest.patchOrder(id, { note: "As it was." });
  const { order } = await signIn(accounts.staff);
  await order.goto(id);
  await order.write("A mistake.");
  await order.toast("Note saved.").getByRole("button", { name: "Undo" }).click();
  await expect(order.note).toHaveValue("As it was.");
  await expect.poll(async () => (await rest.getOrder(id)).note).toBe("As it was.");
});
