/** The developer tools: what they tell is what happened, and what they do happens. */
import { accounts, expect, fetches, test } from "./support/test.ts";
import { DeveloperTools } from "./support/pages/devtools.ts";

// There are only so many orders that are not delivered yet.
test.use({ world: "orders of their own" });

test("the tools say what an event did to each query", async ({ signIn, takeOrder, api, axe }) => {
  const { id } = await takeOrder("packed");
  const { page, order, connection } = await signIn(accounts.staff);
  const tools = new DeveloperTools(page);
  await tools.open(`/orders/${id}`);
  await connection.connected();
  await expect(tools.states.filter({ hasText: "connected" })).toHaveCount(1);

  await (await api(accounts.staff)).patchOrder(id, { status: "shipped" });
  const told = tools.event("order.updated");
  await expect(told).toContainText("patched order");
  await expect(told).toContainText("stale order history");
  await expect(told).toContainText(/\d+ B\d+ ms/);
  await expect(order.status).toHaveText("shipped");

  const entry = tools.entry("order");
  await expect(entry).toContainText(id);
  await expect(entry).toContainText("shown");
  await axe(page);
});

test("the tools drop the stream, go stale and refetch", async ({ signIn, takeOrder }) => {
  const { id } = await takeOrder("delivered");
  const { page, connection, requests } = await signIn(accounts.staff);
  const tools = new DeveloperTools(page);
  await tools.open(`/orders/${id}`);
  await connection.connected();
  requests.forget();

  await tools.press("Drop the stream");
  await expect(tools.states.filter({ hasText: "dropped by the developer tools" }).first()).toBeVisible();
  await connection.connected();
  expect(requests.count(fetches.events)).toBe(1);
  expect(requests.count(fetches.order), "nothing was missed").toBe(0);

  const answered = () =>
    Promise.all([fetches.order, fetches.history].map(async (of) => (await page.waitForResponse(of)).finished()));
  const refetched = answered();
  await tools.press("Refetch");
  await refetched;
  // What goes stale during a fetch is satisfied by it; the panel tells of that a little later.
  await expect(tools.entries.filter({ hasText: "fetching" })).toHaveCount(0);
  expect(requests.count(fetches.order)).toBe(1);
  const again = answered();
  await tools.press("Go stale");
  await again;
  await expect(tools.entry("order")).not.toContainText("stale");
  expect(requests.count(fetches.order)).toBe(2);
  expect(requests.count(fetches.history)).toBe(2);
});

test("the tools stay open from page to page, until they are closed", async ({ signIn }) => {
  const { page, connection } = await signIn(accounts.staff);
  const tools = new DeveloperTools(page);
  await page.goto("/");
  await connection.connected();
  await expect(tools.panel).toBeHidden();
  await tools.open("/account");
  await page.goto("/");
  await expect(tools.panel).toBeVisible();
  await tools.press("Close");
  await expect(tools.panel).toBeHidden();
  await page.reload();
  await connection.connected();
  await expect(tools.panel).toBeHidden();
});

test("the console is told of the connection and of events where that is asked for", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("packed");
  const { page, order, connection } = await signIn(accounts.staff);
  const said: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "debug") {
      said.push(message.text());
    }
  });
  await page.goto(`/orders/${id}?debug=sse`);
  await connection.connected();
  await (await api(accounts.staff)).patchOrder(id, { status: "shipped" });
  await expect(order.status).toHaveText("shipped");
  await expect.poll(() => said.filter((line) => line.startsWith("[SSE] connected"))).not.toEqual([]);
  const event = /^\[SSE\] order\.updated \d+ B, \d+ ms patched order; stale order history$/;
  await expect.poll(() => said.filter((line) => event.test(line))).toHaveLength(1);

  await page.goto(`/orders/${id}`);
  said.length = 0;
  await connection.connected();
  await (await api(accounts.staff)).patchOrder(id, { status: "delivered" });
  await expect(order.status).toHaveText("delivered");
  expect(said).toEqual([]);
});
