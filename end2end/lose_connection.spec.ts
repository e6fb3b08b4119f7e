/** An outage, of the network or of the server, with changes meanwhile: caught up by replay. */
import { setTimeout as delay } from "node:timers/promises";
import type { Order } from "./support/api.ts";
import { accounts, connectionLost, expect, fetches, test } from "./support/test.ts";
import type { Visitor } from "./support/visitor.ts";

/** How long the network is gone: long enough for several attempts. */
const OUTAGE_MS = 5_000;

/** How long a page may take to notice the end of such an outage: its longest wait by then. */
const RETURN_MS = 15_000;

/** The same after an outage of any length: 30 s and jitter are its longest wait, then it connects. */
const RETURN_FROM_ANY_MS = 40_000;

/** Browsers on what will change in different ways, and one on what will not change. */
interface Readers {
  onChanged: Visitor;
  onFiltered: Visitor;
  onOther: Visitor;
}

async function settle({ onChanged, onFiltered, onOther }: Readers): Promise<void> {
  for (const { connection, requests } of [onChanged, onFiltered, onOther]) {
    await connection.connected();
    requests.forget();
  }
}

/** All have caught up, and only what a patch could not cover was fetched, once. */
async function caughtUp(
  readers: Readers,
  changed: Order,
  packed: number,
  returnMs = RETURN_MS,
): Promise<void> {
  const { onChanged, onFiltered, onOther } = readers;
  for (const { connection } of [onChanged, onFiltered, onOther]) {
    await connection.connected(returnMs);
  }
  await expect(onChanged.order.status).toHaveText(changed.status);
  await expect(onChanged.order.note).toHaveValue(changed.note);
  await expect(onFiltered.orders.row(changed.id)).toBeHidden();
  await expect(onFiltered.orders.rows).toHaveCount(packed - 1);
  await expect(onFiltered.page.getByText("You see the list as of")).toBeHidden();

  expect(onChanged.requests.count(fetches.order), "fetches of the changed order").toBe(0);
  expect(onFiltered.requests.count(fetches.list), "fetches of the filtered list").toBe(1);
  expect(onOther.requests.count(fetches.order), "fetches of another order").toBe(0);
}

test("the network is cut for five seconds", async ({ signIn, takeOrder, api, link }) => {
  const { id } = await takeOrder("packed");
  const other = await takeOrder("delivered");
  const rest = await api(accounts.staff);
  const readers: Readers = {
    onChanged: await signIn(accounts.staff),
    onFiltered: await signIn(accounts.admin),
    onOther: await signIn(accounts.staff),
  };
  const { onChanged, onFiltered, onOther } = readers;
  for (const visitor of [onChanged, onFiltered, onOther]) {
    visitor.expectConsole(connectionLost);
  }
  await onChanged.order.goto(id);
  await onFiltered.orders.goto("?status=packed");
  await onOther.order.goto(other.id);
  const packed = await onFiltered.orders.rows.count();
  await settle(readers);

  await link.cut();
  const outage = delay(OUTAGE_MS);
  await onChanged.connection.lost();
  await expect(onFiltered.page.getByText(/^You see the list as of \d\d:\d\d:\d\d\.$/)).toBeVisible();
  await rest.patchOrder(id, { status: "shipped" });
  await rest.patchOrder(id, { note: "Left while nobody looked" });
  const changed = await rest.patchOrder(id, { status: "delivered" });
  await onChanged.connection.lost(2);
  await expect(onChanged.order.status).toHaveText("packed");
  await expect(onFiltered.orders.row(id)).toBeVisible();
  await outage;
  await link.restore();

  await caughtUp(readers, changed, packed);
});

test("the server is killed and started again", async ({
  signIn,
  takeOrder,
  api,
  link,
  server,
}) => {
  test.slow();
  const { id } = await takeOrder("packed");
  const other = await takeOrder("delivered");
  const rest = await api(accounts.staff);
  const readers: Readers = {
    onChanged: await signIn(accounts.staff),
    onFiltered: await signIn(accounts.admin),
    onOther: await signIn(accounts.staff),
  };
  const { onChanged, onFiltered, onOther } = readers;
  for (const visitor of [onChanged, onFiltered, onOther]) {
    visitor.expectConsole(connectionLost);
  }
  await onChanged.order.goto(id);
  await onFiltered.orders.goto("?status=packed");
  await onOther.order.goto(other.id);
  const packed = await onFiltered.orders.rows.count();
  await settle(readers);

  // What changes after the start is not to be heard live: the browsers come back later.
  await rest.patchOrder(id, { note: "Written just before" });
  await link.cut();
  await server.kill();
  await onChanged.connection.lost();
  await server.start();
  const changed = await rest.patchOrder(id, { status: "shipped" });
  await link.restore();

  // A server takes as long to start as the machine lets it.
  await caughtUp(readers, changed, packed, RETURN_FROM_ANY_MS);

  // And live again.
  await rest.patchOrder(id, { status: "delivered" });
  await expect(onChanged.order.status).toHaveText("delivered");
});

test("a change that is made during the outage is sent after it", async ({
  signIn,
  takeOrder,
  api,
  link,
}) => {
  const { id, version } = await takeOrder("shipped");
  const rest = await api(accounts.staff);
  const visitor = await signIn(accounts.staff);
  const { order, connection } = visitor;
  visitor.expectConsole(connectionLost);
  await order.goto(id);
  await connection.connected();

  await link.cut();
  await connection.lost();
  await order.move("delivered").click();
  await expect(order.status).toHaveText("delivered");
  expect((await rest.getOrder(id)).status).toBe("shipped");
  await link.restore();

  await expect
    .poll(async () => (await rest.getOrder(id)).status, { timeout: RETURN_MS })
    .toBe("delivered");
  await expect(order.status).toHaveText("delivered");
  expect((await rest.getOrder(id)).version, "it happened once").toBe(version + 1);
});
