/** Several orders at once: selecting them, and what becomes of each. */
import { accounts, expect, fetches, test } from "./support/test.ts";

// There are only so many orders that are not delivered yet.
test.use({ world: "orders changed at once" });

test("selected orders take a step together, and the other's list shows it", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const first = await takeOrder("packed");
  const second = await takeOrder("packed");
  const rest = await api(accounts.staff);
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  const { orders, page, requests } = author;
  await orders.goto("?status=packed");
  await other.orders.goto(`?sort=number&q=${first.id}`);
  await other.connection.connected();
  await author.connection.connected();
  other.requests.forget();
  requests.forget();

  await orders.select(first.id).check();
  await orders.select(second.id).check();
  await expect(orders.bulk).toContainText("2 selected");
  await orders.bulk.getByRole("button", { name: "Mark as shipped" }).click();
  await expect(page.locator(".toast")).toContainText("2 orders are now shipped.");
  await expect(orders.bulk).toBeHidden();
  await expect(other.orders.status(first.id)).toHaveText("shipped");
  for (const { id } of [first, second]) {
    expect((await rest.getOrder(id)).status).toBe("shipped");
  }
  await expect(orders.row(first.id)).toBeHidden();
  expect(requests.count(fetches.bulk)).toBe(1);
  expect(other.requests.count(fetches.list), "the other's list is patched").toBe(0);
});

test("what is refused is said with its reason, and stays selected", async ({
  signIn,
  takeOrder,
}) => {
  const packed = await takeOrder("packed");
  const delivered = await takeOrder("delivered");
  const { orders, page } = await signIn(accounts.staff);
  await orders.goto(`?q=${packed.id}`);
  await orders.select(packed.id).check();
  await orders.search.fill(delivered.id);
  await orders.search.press("Enter");
  await orders.select(delivered.id).check();
  await expect(orders.bulk).toContainText("2 selected, 1 not on this page");

  await orders.bulk.getByRole("button", { name: "Mark as shipped" }).click();
  const toast = page.locator(".toast");
  await expect(toast).toContainText("1 order is now shipped.");
  await expect(toast).toContainText("1 order was not changed.");
  await expect(toast).toContainText("An order that is delivered cannot become shipped.");
  await expect(orders.bulk).toContainText("1 selected");
  await expect(orders.select(delivered.id)).toBeChecked();
});

test("cancelling several asks first, and names how many", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("confirmed");
  const { orders, page, requests } = await signIn(accounts.staff);
  await orders.goto(`?q=${id}`);
  await orders.select(id).check();
  await orders.bulk.getByRole("button", { name: "Cancel orders" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel 1 order?" });
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(requests.count(fetches.bulk)).toBe(0);

  await orders.bulk.getByRole("button", { name: "Cancel orders" }).click();
  await dialog.getByRole("button", { name: "Cancel 1 order" }).click();
  await expect(orders.status(id)).toHaveText("cancelled");
  await expect
    .poll(async () => (await (await api(accounts.staff)).getOrder(id)).status)
    .toBe("cancelled");
});

test("a selection stays through live changes and other pages, and all of a page is one press", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("packed");
  const rest = await api(accounts.staff);
  const { orders, connection } = await signIn(accounts.staff);
  await orders.goto(`?sort=-number&q=${id}`);
  await connection.connected();
  await orders.select(id).check();
  await rest.patchOrder(id, { status: "shipped" });
  await expect(orders.status(id)).toHaveText("shipped");
  await expect(orders.select(id)).toBeChecked();
  // What can be done follows what they have become.
  await expect(orders.bulk.getByRole("button", { name: "Mark as delivered" })).toBeVisible();
  await expect(orders.bulk.getByRole("button", { name: "Mark as shipped" })).toHaveCount(0);

  await orders.search.fill("");
  await orders.search.press("Enter");
  await expect(orders.rows).toHaveCount(25);
  // The oldest, among which it is not.
  await orders.sortBy("Order");
  await expect(orders.row(id)).toBeHidden();
  await orders.selectPage.check();
  await expect(orders.bulk).toContainText("26 selected, 1 not on this page");
  await orders.bulk.getByRole("button", { name: "Clear" }).click();
  await expect(orders.bulk).toBeHidden();
  await expect(orders.selectPage).not.toBeChecked();
});
