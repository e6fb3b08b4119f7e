/** The first paint comes from the server and is whole; links and forms do the rest. */
import { name } from "./support/pages/orders.ts";
import { accounts, answered, expect, test } from "./support/test.ts";

const withoutJavaScript = { javaScriptEnabled: false };

test("the list is whole, and its filters, columns, pages and search are links and a form", async ({
  signIn,
  api,
}) => {
  const rest = await api(accounts.staff);
  const { page, orders, order } = await signIn(accounts.staff, withoutJavaScript);
  await page.goto("/orders");
  const { rows } = await rest.listOrders();
  await expect(orders.links).toHaveText(rows.map(({ id }) => name(id)));
  await expect(orders.rows.first()).toContainText(rows[0]!.customerName);
  await expect(orders.range).toHaveText("830 orders · page 1 of 34");
  await expect(page.getByText("Loading")).toHaveCount(0);

  await orders.next.click();
  await expect(orders.range).toHaveText("830 orders · page 2 of 34");
  await orders.sortBy("Total");
  await expect(page).toHaveURL("/orders?sort=total");
  await orders.tab("Shipped").click();
  await expect(page).toHaveURL("/orders?status=shipped&sort=total");
  await expect(orders.tab("Shipped")).toHaveAttribute("aria-current", "true");

  await orders.tab("All").click();
  await orders.search.fill("around");
  await orders.search.press("Enter");
  await expect(orders.range).toHaveText("13 orders");
  await expect(orders.search).toHaveValue("around");
  await expect(orders.column("Total")).toHaveAttribute("aria-sort", "ascending");

  const id = await orders.first();
  await orders.open(id);
  await expect(order.heading(id)).toBeVisible();
});

test("the form of a new order is there", async ({ signIn }) => {
  const { page } = await signIn(accounts.staff, withoutJavaScript);
  await page.goto("/orders/new");
  await expect(page.getByLabel("Customer")).toBeVisible();
  // Chromium under test switches scripts off without showing what stands for them.
  const instead = await page.locator("noscript").textContent();
  expect(instead).toContain("Making an order needs JavaScript.");
});

test("a search without a match says so", async ({ signIn }) => {
  const { page } = await signIn(accounts.staff, withoutJavaScript);
  await page.goto("/orders?q=nobody-is-called-that");
  await expect(page.getByRole("heading", { name: "No order matches" })).toBeVisible();
});

test("the detail is whole", async ({ signIn }) => {
  const { page, order } = await signIn(accounts.staff, withoutJavaScript);
  await page.goto("/orders/ord_10250");
  await expect(page).toHaveTitle("Order 10250 · Highwater");
  await expect(order.heading("ord_10250")).toBeVisible();
  await expect(order.status).toHaveText("delivered");
  const lines = page.getByRole("table").getByRole("row");
  await expect(lines).toHaveCount(1 + 3 + 1);
  await expect(lines.last()).toContainText("$1,552.60");
  await expect(page.getByText("Hanari Carnes").first()).toBeVisible();
  await expect(page.locator("time").first()).toHaveText("8 Jul 1996");
  await expect(order.note).toBeVisible();
});

test("home, and what is not there", async ({ signIn }) => {
  const visitor = await signIn(accounts.staff, withoutJavaScript);
  const { page } = visitor;
  visitor.expectConsole(answered(404));
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Welcome, Olivia Ops" })).toBeVisible();
  await expect(page.getByTestId("orders")).toHaveText("830");
  await expect(page.getByRole("table", { name: "Orders per day" })).toBeAttached();
  for (const path of ["/nowhere", "/orders/ord_1", "/orders/nonsense"]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  }
});
