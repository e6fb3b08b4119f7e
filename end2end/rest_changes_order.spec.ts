/** A change by another program, which has no browser, and which both browsers see. */
import { accounts, expect, test } from "./support/test.ts";

test("a change by REST is seen by both, without a reload or a fetch of the order", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("packed");
  const rest = await api(accounts.staff);
  const onDetail = await signIn(accounts.staff);
  const onList = await signIn(accounts.admin);
  await onDetail.order.goto(id);
  await onList.orders.goto(`?q=${id}`);
  for (const { page, connection, requests } of [onDetail, onList]) {
    await connection.connected();
    requests.forget();
    // A reload would lose it.
    await page.evaluate(() => document.body.setAttribute("data-same-page", ""));
  }

  await rest.patchOrder(id, { status: "shipped", note: "By program" });
  await expect(onDetail.order.status).toHaveText("shipped");
  await expect(onDetail.order.note).toHaveValue("By program");
  await expect(onList.orders.status(id)).toHaveText("shipped");
  await expect(onDetail.order.history.first()).toContainText("shipped");

  await rest.patchOrder(id, { status: "delivered" });
  await expect(onDetail.order.status).toHaveText("delivered");
  await expect(onList.orders.status(id)).toHaveText("delivered");
  await expect(onDetail.order.history.first()).toContainText("delivered");
  for (const { page } of [onDetail, onList]) {
    await expect(page.locator("body[data-same-page]")).toBeAttached();
  }
  expect(onList.requests.made, "requests of the list").toEqual([]);
  // Who did it does not travel in events: the history is fetched, once for each change.
  const history = "POST /api/fn/order_history";
  expect(onDetail.requests.made, "requests of the order").toEqual([history, history]);
});

test("what changed is marked, and nothing else", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("packed");
  const { page, orders, connection } = await signIn(accounts.staff);
  await orders.goto("?status=packed");
  await connection.connected();
  const marks = page.locator(".live-mark[data-mark]");
  await expect(marks).toHaveCount(0);

  await orders.goto(`?q=${id}`);
  await connection.connected();
  await (await api(accounts.staff)).patchOrder(id, { status: "shipped" });
  await expect(orders.status(id)).toHaveText("shipped");
  await expect(marks).toHaveCount(1);
  await expect(marks).toHaveText("shipped");
});
