/** The list: its page, order, filter and search are its address. */
import { name } from "./support/pages/orders.ts";
import { accounts, expect, fetches, test } from "./support/test.ts";

test("pages turn, and back and forward turn them back", async ({ signIn }) => {
  const { page, orders, requests } = await signIn(accounts.staff);
  await orders.goto();
  await expect(orders.rows).toHaveCount(25);
  await expect(orders.range).toHaveText("830 orders · page 1 of 34");
  await expect(orders.previous).toBeDisabled();
  const first = await orders.links.first().innerText();
  expect(requests.count(fetches.list), "the first page came with the document").toBe(0);

  await orders.next.click();
  await expect(page).toHaveURL("/orders?page=2");
  await expect(orders.range).toHaveText("830 orders · page 2 of 34");
  await expect(orders.links.first()).not.toHaveText(first);
  expect(requests.count(fetches.list)).toBe(1);

  await page.goBack();
  await expect(page).toHaveURL("/orders");
  await expect(orders.links.first()).toHaveText(first);
  await page.goForward();
  await expect(orders.range).toHaveText("830 orders · page 2 of 34");
  await orders.previous.click();
  await expect(page).toHaveURL("/orders");
  await expect(orders.links.first()).toHaveText(first);
  // Pages that were here before are still known, and kept fresh by the stream.
  expect(requests.count(fetches.list)).toBe(1);
});

test("the last page has the rest", async ({ signIn }) => {
  const { orders } = await signIn(accounts.staff);
  await orders.goto("?page=34");
  await expect(orders.rows).toHaveCount(830 - 33 * 25);
  await expect(orders.next).toBeDisabled();
});

test("columns sort, and sort the other way round", async ({ signIn, api }) => {
  const { page, orders } = await signIn(accounts.staff);
  const rest = await api(accounts.staff);
  const truth = async (query: string) => {
    return (await rest.listOrders(query)).rows.map(({ id }) => name(id));
  };
  await orders.goto("?page=2");
  await expect(orders.column("Placed")).toHaveAttribute("aria-sort", "descending");

  await orders.sortBy("Total");
  await expect(page).toHaveURL("/orders?sort=total");
  await expect(orders.column("Total")).toHaveAttribute("aria-sort", "ascending");
  await expect(orders.column("Placed")).toHaveAttribute("aria-sort", "none");
  await expect(orders.links).toHaveText(await truth("?sort=total"));

  await orders.sortBy("Total");
  await expect(page).toHaveURL("/orders?sort=-total");
  await expect(orders.column("Total")).toHaveAttribute("aria-sort", "descending");
  await expect(orders.links).toHaveText(await truth("?sort=-total"));

  await orders.sortBy("Customer");
  await expect(page).toHaveURL("/orders?sort=customer");
  await expect(orders.links).toHaveText(await truth("?sort=customer"));
  await page.goBack();
  await expect(orders.links).toHaveText(await truth("?sort=-total"));
});

test("a status filters, and keeps the order and the search", async ({ signIn }) => {
  const { page, orders } = await signIn(accounts.staff);
  await orders.goto("?sort=total&page=3");
  await orders.tab("Shipped").click();
  await expect(page).toHaveURL("/orders?status=shipped&sort=total");
  await expect(orders.tab("Shipped")).toHaveAttribute("aria-current", "true");
  await expect(orders.tab("All")).not.toHaveAttribute("aria-current");
  await expect(orders.rows.locator(".badge").filter({ hasNotText: "shipped" })).toHaveCount(0);
  await expect(orders.rows.first()).toBeVisible();
  await orders.tab("All").click();
  await expect(page).toHaveURL("/orders?sort=total");
  await page.goBack();
  await expect(orders.tab("Shipped")).toHaveAttribute("aria-current", "true");
});

test("a search starts when the typing pauses, and is one step back", async ({ signIn }) => {
  const { page, orders, requests } = await signIn(accounts.staff);
  await page.clock.install();
  await orders.goto("?page=2");
  // No pause in the typing is over before the test says so.
  await page.clock.pauseAt(Date.now() + 2_000);
  await orders.search.pressSequentially("around");
  expect(requests.count(fetches.list)).toBe(0);
  await page.clock.runFor(250);
  await expect(page).toHaveURL("/orders?q=around");
  await expect(orders.range).toHaveText("13 orders");
  await expect(orders.rows).toHaveCount(13);
  await expect(orders.rows.filter({ hasNotText: "Around the Horn" })).toHaveCount(0);
  expect(requests.count(fetches.list), "one search for six keys").toBe(1);
  await page.clock.resume();

  await orders.search.press("End");
  await orders.search.pressSequentially(" the", { delay: 20 });
  await expect(page).toHaveURL("/orders?q=around%20the");
  await expect(orders.search).toHaveValue("around the");
  await orders.search.blur();

  await page.goBack();
  await expect(page).toHaveURL("/orders?page=2");
  await expect(orders.search).toHaveValue("");
  await expect(orders.rows).toHaveCount(25);
  await page.goForward();
  await expect(orders.search).toHaveValue("around the");
});

test("Enter searches at once, within the status", async ({ signIn, api }) => {
  const { page, orders } = await signIn(accounts.staff);
  const [order] = (await (await api(accounts.staff)).listOrders("?status=delivered")).rows;
  expect(order).toBeDefined();
  const { id } = order!;
  await page.clock.install();
  await orders.goto("?status=delivered");
  await page.clock.pauseAt(Date.now() + 60_000);
  // No pause in the typing is ever over: the clock stands still.
  await orders.search.fill(id.replace("ord_", ""));
  await orders.search.press("Enter");
  await expect(page).toHaveURL(`/orders?status=delivered&q=${id.replace("ord_", "")}`);
  await expect(orders.links).toHaveText([name(id)]);
});

test("the list as it is filtered can be taken along as a file", async ({ signIn }) => {
  const { page, orders, context } = await signIn(accounts.staff);
  await orders.goto("?status=shipped&q=a&page=1");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export these orders as CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^orders-\d{4}-\d\d-\d\d\.csv$/);
  const text = await (await context.request.get(file.url())).text();
  const rows = text.trim().split(/\r?\n/).slice(1);
  const total = Number((await orders.range.innerText()).split(" ")[0]);
  expect(rows).toHaveLength(total);
  expect(rows.every((row) => row.includes(",shipped,"))).toBe(true);
});

test("a search is cleared with one press, and goes on where it was", async ({ signIn }) => {
  const { page, orders } = await signIn(accounts.staff);
  await orders.goto("?status=delivered&q=around");
  await page.getByRole("link", { name: "Clear the search" }).click();
  await expect(page).toHaveURL("/orders?status=delivered");
  await expect(orders.search).toHaveValue("");
  await expect(orders.search).toBeFocused();
  await expect(page.getByRole("link", { name: "Clear the search" })).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole("link", { name: "Clear the search" })).toBeVisible();
});

test("a search without a match offers to clear it", async ({ signIn }) => {
  const { page, orders } = await signIn(accounts.staff);
  await orders.goto("?q=nobody-is-called-that");
  await expect(page.getByRole("heading", { name: "No order matches" })).toBeVisible();
  await expect(orders.rows).toHaveCount(0);
  await page.getByRole("link", { name: "Clear the filter" }).click();
  await expect(page).toHaveURL("/orders");
  await expect(orders.rows).toHaveCount(25);
  await expect(orders.search).toHaveValue("");
});

test("a page past the last one leads to the first", async ({ signIn }) => {
  const { page, orders } = await signIn(accounts.staff);
  await orders.goto("?page=99&sort=total");
  await expect(page.getByRole("heading", { name: "Past the last page" })).toBeVisible();
  await page.getByRole("link", { name: "Go to the first page" }).click();
  await expect(page).toHaveURL("/orders?sort=total");
  await expect(orders.rows).toHaveCount(25);
});

test("the way back from an order leads to the list that one came from", async ({ signIn }) => {
  const { page, orders, order } = await signIn(accounts.staff);
  await orders.goto("?status=shipped&sort=total");
  const id = await orders.first();
  await orders.open(id);
  await expect(order.heading(id)).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL("/orders?status=shipped&sort=total");
  await expect(orders.links.first()).toHaveText(name(id));
});

test("keys find the search and list themselves", async ({ signIn }) => {
  const { page, orders } = await signIn(accounts.staff);
  await orders.goto();
  const keys = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await page.keyboard.press("?");
  await expect(keys).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();

  await page.keyboard.press("/");
  await expect(orders.search).toBeFocused();
  await expect(orders.search).toHaveValue("");
  // In a text field they are letters.
  await page.keyboard.type("?/");
  await expect(orders.search).toHaveValue("?/");
  await expect(keys).toBeHidden();
});
