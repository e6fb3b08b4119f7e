/** Pages that the server renders while others write: none ends on an older state than the log's. */
import type { Api } from "./support/api.ts";
import { name } from "./support/pages/orders.ts";
import { accounts, expect, fetches, test } from "./support/test.ts";

/** How often each page is opened. */
const VISITS = 4;

/** How many changes there are at least, however quick the page is and however slow the machine. */
const CHANGES = 12;

/** Writes one change after another for as long as the work takes; says how many. */
async function whileWriting(
  rest: Api,
  ids: readonly string[],
  work: () => Promise<void>,
): Promise<number> {
  let done = false;
  const writing = (async () => {
    let written = 0;
    for (; !done || written < CHANGES; written++) {
      await rest.patchOrder(ids[written % ids.length]!, { note: `Change ${written}` });
    }
    return written;
  })();
  try {
    await work();
  } finally {
    done = true;
    await writing;
  }
  return writing;
}

test("a detail opened in the middle of changes ends at the last of them", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("delivered");
  const rest = await api(accounts.staff);
  const { order, connection, requests } = await signIn(accounts.staff);
  for (let visit = 0; visit < VISITS; visit++) {
    requests.forget();
    await whileWriting(rest, [id], async () => {
      await order.goto(id);
      await connection.connected();
    });
    await expect(order.note).toHaveValue((await rest.getOrder(id)).note);
    expect(requests.count(fetches.order), "every change is patched").toBe(0);
  }
});

test("a list opened in the middle of changes ends as the server has it", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const rest = await api(accounts.staff);
  const orders = [];
  for (let index = 0; index < 6; index++) {
    orders.push((await takeOrder("delivered")).id);
  }
  const visitor = await signIn(accounts.staff);
  // Each change moves a row to the top, which no patch covers.
  const query = "?sort=-updated";
  for (let visit = 0; visit < VISITS; visit++) {
    visitor.requests.forget();
    const written = await whileWriting(rest, orders, async () => {
      await visitor.orders.goto(query);
      await visitor.connection.connected();
    });
    const truth = (await rest.listOrders(query)).rows.map((row) => name(row.id));
    await expect(visitor.orders.links).toHaveText(truth);
    // One fetch at a time, each for all that changed during the one before.
    expect(visitor.requests.count(fetches.list)).toBeLessThanOrEqual(written / 2);
  }
});

test("a list that changes patch costs nothing while it is opened", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("shipped");
  const rest = await api(accounts.staff);
  const { orders, connection, requests } = await signIn(accounts.staff);
  await whileWriting(rest, [id], async () => {
    await orders.goto();
    await connection.connected();
    await rest.patchOrder(id, { status: "delivered" });
    await expect(orders.status(id)).toHaveText("delivered");
  });
  expect(requests.count(fetches.list)).toBe(0);
});
