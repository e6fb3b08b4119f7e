/** The numbers of the first page: what they say, where they lead, and that they follow. */
import { accounts, connectionLost, expect, fetches, test } from "./support/test.ts";

test("the numbers follow a change, at the cost of one fetch, and lead to the orders", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("confirmed");
  const rest = await api(accounts.staff);
  const { page, requests, connection, orders } = await signIn(accounts.staff);
  const count = (status: string) => {
    return page.getByRole("link", { name: new RegExp(`^${status}`) }).locator(".status-count");
  };
  await page.goto("/");
  await connection.connected();
  const [confirmed, packed] = await Promise.all(
    ["confirmed", "packed"].map(async (status) => Number(await count(status).innerText())),
  );
  requests.forget();

  await rest.patchOrder(id, { status: "packed" });
  await expect(count("packed")).toHaveText(String(packed! + 1));
  await expect(count("confirmed")).toHaveText(String(confirmed! - 1));
  expect(requests.count(fetches.metrics)).toBe(1);

  await page.getByRole("link", { name: /^packed/ }).click();
  await expect(page).toHaveURL("/orders?status=packed");
  await expect(orders.row(id)).toBeVisible();
});

test("the chart is read bar by bar, by keys and by pointer", async ({ signIn }) => {
  const { page } = await signIn(accounts.staff);
  await page.goto("/");
  await page.locator("html[data-hydrated]").waitFor();
  const chart = page.getByRole("figure").filter({ hasText: "Orders per day" });
  const value = chart.locator("output");
  await expect(value).toContainText("days with orders");
  const rows = page.getByRole("table", { name: "Orders per day" }).getByRole("row");
  const day = await rows.last().getByRole("rowheader").innerText();
  const words = await rows.last().getByRole("cell").innerText();

  await chart.getByRole("group").focus();
  await page.keyboard.press("End");
  await expect(value).toHaveText(`${day}: ${words}`);
  await page.keyboard.press("ArrowLeft");
  await expect(value).not.toContainText(day);
  await page.keyboard.press("Escape");
  await expect(value).toContainText("days with orders");

  await chart.locator(".chart-bar").last().hover({ force: true });
  await expect(value).toHaveText(`${day}: ${words}`);
});

test("the numbers say how old they are while nothing is heard", async ({ signIn, link }) => {
  const visitor = await signIn(accounts.staff);
  visitor.expectConsole(connectionLost);
  const { page, connection } = visitor;
  // Nothing has ever been heard: the page is as old as it is.
  await page.route(/\/api\/events/, (route) => route.abort());
  visitor.expectConsole(/ERR_FAILED/);
  await page.goto("/");
  await connection.lost();
  await expect(page.getByText(/^You see these numbers as of \d\d:\d\d:\d\d\.$/)).toBeVisible();
  await page.unroute(/\/api\/events/);
  await connection.connected();
  await expect(page.getByText("You see these numbers as of")).toBeHidden();
  await link.cut();
  await expect(page.getByText("You see these numbers as of")).toBeVisible();
});
