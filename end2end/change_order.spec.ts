/** Changing an order by hand, in one of two browsers: who sees it, when, and at what cost. */
import { hold } from "./support/hold.ts";
import { number } from "./support/pages/order.ts";
import { accounts, expect, fetches, test } from "./support/test.ts";

test("a change of status is seen on the other's page, without a fetch by either", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("packed");
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  await author.page.clock.install();
  for (const { order, connection, requests } of [author, other]) {
    await order.goto(id);
    await connection.connected();
    requests.forget();
  }

  await author.order.move("shipped").click();
  await expect(author.order.status).toHaveText("shipped");
  await expect(other.order.status).toHaveText("shipped");
  await expect(other.order.move("delivered")).toBeVisible();
  await expect(other.order.move("shipped")).toBeHidden();

  // Long after a page that missed its own change would have looked for it, and with one more
  // change seen by both, nobody has fetched anything.
  await author.page.clock.fastForward(5_000);
  await (await api(accounts.staff)).patchOrder(id, { note: "Gate 4" });
  await expect(author.order.note).toHaveValue("Gate 4");
  await expect(other.order.note).toHaveValue("Gate 4");
  expect(author.requests.count(fetches.update)).toBe(1);
  expect(author.requests.count(fetches.order), "fetches of the author").toBe(0);
  expect(other.requests.count(fetches.order), "fetches of the other").toBe(0);
  expect(author.requests.count(fetches.list) + other.requests.count(fetches.list)).toBe(0);
});

test("a change of status is seen on the other's list, without a fetch", async ({
  signIn,
  takeOrder,
}) => {
  const { id } = await takeOrder("packed");
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  await author.order.goto(id);
  await other.orders.goto("?sort=number&q=" + id);
  await expect(other.orders.status(id)).toHaveText("packed");
  await other.connection.connected();
  other.requests.forget();

  await author.order.move("shipped").click();
  await expect(other.orders.status(id)).toHaveText("shipped");
  await author.order.move("delivered").click();
  await expect(other.orders.status(id)).toHaveText("delivered");
  expect(other.requests.count(fetches.list), "fetches of the other").toBe(0);
});

test("an order that leaves the other's filtered list costs one fetch", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("packed");
  const next = await takeOrder("packed");
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  await author.order.goto(id);
  await other.orders.goto("?status=packed");
  await expect(other.orders.row(id)).toBeVisible();
  const before = await other.orders.rows.count();
  await other.connection.connected();
  other.requests.forget();

  await author.order.move("shipped").click();
  await expect(other.orders.row(id)).toBeHidden();
  await expect(other.orders.rows).toHaveCount(before - 1);
  await expect(other.orders.range).toHaveText(new RegExp(`^${before - 1} orders?$`));
  expect(other.requests.count(fetches.list), "fetches of the other").toBe(1);

  // Further changes have been heard, and there was no second fetch for the first.
  await author.order.write("No more packed");
  await expect(author.order.toast("Note saved.")).toBeVisible();
  await (await api(accounts.staff)).patchOrder(next.id, { status: "shipped" });
  await expect(other.orders.row(next.id)).toBeHidden();
  expect(other.requests.count(fetches.list), "and one for the next that leaves").toBe(2);
  await other.orders.tab("Shipped").click();
  await expect(other.orders.row(id)).toBeVisible();
  expect(other.requests.count(fetches.list), "and one for the other tab").toBe(3);
});

test("an order that joins the other's filtered list costs one fetch", async ({
  signIn,
  takeOrder,
}) => {
  const { id } = await takeOrder("packed");
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  await author.order.goto(id);
  await other.orders.goto(`?status=shipped`);
  await expect(other.orders.row(id)).toBeHidden();
  await other.connection.connected();
  other.requests.forget();

  await author.order.move("shipped").click();
  await expect(other.orders.row(id)).toBeVisible();
  expect(other.requests.count(fetches.list)).toBe(1);
});

test("a change shows at once on every page, before the server has heard of it", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("pending");
  const rest = await api(accounts.staff);
  const { page, order, orders, requests, connection } = await signIn(accounts.staff);
  await orders.goto(`?q=${id}`);
  await orders.open(id);
  await expect(order.status).toHaveText("pending");
  await connection.connected();
  const sent = await hold(page, fetches.update);

  await order.move("confirmed").click();
  await expect(order.status).toHaveText("confirmed");
  await expect(order.move("packed")).toBeVisible();
  await sent.arrived();
  await page.goBack();
  await expect(orders.status(id)).toHaveText("confirmed");
  expect((await rest.getOrder(id)).status).toBe("pending");

  sent.release();
  await expect.poll(async () => (await rest.getOrder(id)).status).toBe("confirmed");
  await expect(orders.status(id)).toHaveText("confirmed");
  await page.goForward();
  await expect(order.status).toHaveText("confirmed");
  expect(requests.count(fetches.order), "for opening it").toBe(1);
  expect(requests.count(fetches.list)).toBe(0);
});

test("a note is saved, by button and by key, and seen by the other", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("delivered");
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  await author.order.goto(id);
  await other.order.goto(id);
  await other.connection.connected();
  other.requests.forget();

  await author.order.write("Leave at the door.");
  await expect(author.order.toast("Note saved.")).toBeVisible();
  await expect(other.order.note).toHaveValue("Leave at the door.");

  await other.order.note.fill("Leave with the neighbour.");
  await other.order.note.press("Control+Enter");
  await expect(other.order.toast("Note saved.")).toBeVisible();
  await expect(author.order.note).toHaveValue("Leave with the neighbour.");
  expect(other.requests.count(fetches.order)).toBe(0);
  expect((await (await api(accounts.staff)).getOrder(id)).note).toBe("Leave with the neighbour.");
});

test("an order is cancelled only after a second thought", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("confirmed");
  const rest = await api(accounts.staff);
  const { page, order, requests } = await signIn(accounts.staff);
  await order.goto(id);
  const dialog = order.cancelDialog(id);

  await order.move("cancelled").click();
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "Keep the order" }).click();
  await expect(dialog).toBeHidden();
  await expect(order.move("cancelled")).toBeFocused();

  await order.move("cancelled").click();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(order.status).toHaveText("confirmed");
  expect(requests.count(fetches.update)).toBe(0);

  await order.move("cancelled").click();
  await dialog.getByRole("button", { name: `Cancel order ${number(id)}` }).click();
  await expect(order.status).toHaveText("cancelled");
  await expect(order.move("packed")).toBeHidden();
  await expect(order.move("cancelled")).toBeHidden();
  await expect.poll(async () => (await rest.getOrder(id)).status).toBe("cancelled");
});
