/** What happened to an order, as it happens. */
import { accounts, expect, fetches, test } from "./support/test.ts";

test("a change joins the history at once, with its author, newest first", async ({
  signIn,
  takeOrder,
}) => {
  const { id } = await takeOrder("confirmed");
  const author = await signIn(accounts.staff);
  const reader = await signIn(accounts.admin);
  await author.order.goto(id);
  await reader.order.goto(id);
  await reader.connection.connected();
  const known = await reader.order.history.count();
  reader.requests.forget();

  await author.order.move("packed").click();
  await expect(reader.order.history.first()).toContainText("Olivia Ops marked it as packed");
  await author.order.write("Fragile.");
  await expect(reader.order.history.first()).toContainText("Olivia Ops wrote a note");
  await expect(reader.order.history.first()).toContainText("Fragile.");
  await expect(reader.order.history).toHaveCount(known + 2);
  const when = reader.order.history.first().locator("time");
  await expect(when).toHaveText("just now");
  await expect(when).toHaveAttribute("title", /^\d+ \w+ \d{4}, \d\d:\d\d UTC$/);
  expect(reader.requests.count(fetches.order), "the order itself is patched").toBe(0);
});

test("both versions of a note say who wrote the other, and when", async ({ signIn, takeOrder }) => {
  const { id } = await takeOrder("delivered");
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  await author.order.goto(id);
  await other.order.goto(id);
  await author.connection.connected();
  await author.order.note.fill("Mine.");
  await other.order.write("Theirs.");
  await expect(author.order.conflict).toContainText(/Theirs.* · just now/);
});
