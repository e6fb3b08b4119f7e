/** Orders are for staff: a member hears of none and can read none, whichever way. */
import { Api } from "./support/api.ts";
import { ring } from "./support/pages/bell.ts";
import { StudioServer } from "./support/server.ts";
import { accounts, answered, expect, fetches, test } from "./support/test.ts";

test("a member's stream carries no order event", async ({}) => {
  // A quick heartbeat says soon that a stream has carried all it had to.
  const server = await StudioServer.create({ STUDIO_HEARTBEAT_SECONDS: "1" });
  const clients: Api[] = [];
  try {
    const staff = await Api.signIn(server.url, accounts.staff);
    const member = await Api.signIn(server.url, accounts.members.ana);
    clients.push(staff, member);
    const ofStaff = await staff.stream("/api/events");
    const ofMember = await member.stream("/api/events");
    await ofMember.next(({ data }) => JSON.parse(data).type === "connected");

    await staff.patchOrder("ord_10248", { note: "Not for members" });
    const heard = await ofStaff.next(({ data }) => JSON.parse(data).type === "order.updated");
    expect(heard.data).toContain("Not for members");

    // The stream of the member is complete beyond the event, and carried only what is the member's.
    const beyond = position(heard.id);
    await ofMember.next(({ id, data }) => {
      return JSON.parse(data).type === "ping" && position(id) >= beyond;
    });
    const types = ofMember.arrived.map(({ data }) => JSON.parse(data).type);
    expect(types.filter((type) => /^(order|metric|catalogue)/.test(type))).toEqual([]);

    // Neither does a stream that resumes before the event.
    const { id } = ofMember.arrived[0]!;
    const resumed = await member.stream("/api/events", { lastEventId: id! });
    await resumed.next((event) => {
      return JSON.parse(event.data).type === "ping" && position(event.id) >= beyond;
    });
    expect(resumed.arrived.map(({ data }) => data).join()).not.toContain("order.");
  } finally {
    clients.forEach((client) => client.dispose());
    await server.dispose();
  }
});

test("a member is refused the orders by every endpoint", async ({ signIn, api }) => {
  const staff = await api(accounts.staff);
  const before = await staff.getOrder("ord_10248");
  const member = await api(accounts.members.ben);
  const change = { method: "PATCH", body: '{"note":"x"}' };
  const json = { headers: { "content-type": "application/json" } };
  for (const [path, init] of [
    ["/api/v1/orders", {}],
    ["/api/v1/orders/ord_10248", {}],
    ["/api/v1/orders/ord_10248", { ...change, ...json }],
    ["/api/v1/stream/events", {}],
  ] as const) {
    const response = await member.request(path, init);
    expect(response.status, path).toBe(403);
    expect(await response.text()).not.toContain("VINET");
  }

  const { context } = await signIn(accounts.members.ben);
  const mutation = "0".repeat(31) + "1";
  const filter = { status: null, q: "", sort: "-created", page: 1 };
  for (const [name, data] of [
    ["list_orders", { filter, min: null }],
    ["get_order", { id: "ord_10248", min: null }],
    ["update_order", { id: "ord_10248", change: { note: "x" }, mutation }],
  ] as const) {
    const response = await context.request.post(`/api/fn/${name}`, { data });
    const text = await response.text();
    expect(text, name).toContain('"code":"forbidden"');
    expect(text, name).not.toContain("VINET");
  }
  expect(await staff.getOrder("ord_10248")).toEqual(before);
});

test("a member's pages show no order and say why", async ({ signIn, api }) => {
  const visitor = await signIn(accounts.members.ana);
  const { page, connection, requests, orders } = visitor;
  visitor.expectConsole(answered(403));
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Your documents" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Orders" })).toHaveCount(0);
  await expect(page.getByText("Revenue")).toHaveCount(0);
  await connection.connected();

  for (const path of ["/orders", "/orders/ord_10248"]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(403);
    await expect(page.getByRole("heading", { name: "Orders are for staff" })).toBeVisible();
    await expect(orders.rows).toHaveCount(0);
    await expect(orders.search).toHaveCount(0);
    await expect(page.getByText("VINET")).toHaveCount(0);
  }

  // A change of what they asked for does not make the page ask again.
  await connection.connected();
  requests.forget();
  const staff = await api(accounts.staff);
  await staff.patchOrder("ord_10248", { note: `Not for members at ${Date.now()}` });
  await ring(page, await api(accounts.coach), "Ana");
  const asked = () => requests.count(fetches.order) + requests.count(fetches.list);
  expect(asked()).toBe(0);
  await page.getByRole("link", { name: "Home" }).click();
  await expect(page.getByRole("heading", { name: "Your documents" })).toBeVisible();
  expect(asked()).toBe(0);
});

test("without a session there is nothing at all", async ({ visit }) => {
  const { context } = await visit();
  for (const path of ["/api/v1/orders", "/api/v1/orders/ord_10248", "/api/events"]) {
    expect((await context.request.get(path)).status(), path).toBe(401);
  }
});

/** The position in the log that a cursor `epoch.major.minor` names. */
function position(cursor: string | undefined): number {
  return Number((cursor ?? "").split(".")[1]);
}
