/** A browser without a network for a minute, and one whose machine slept. */
import { accounts, connectionLost, expect, fetches, test } from "./support/test.ts";

// There are only so many orders that are not delivered yet.
test.use({ world: "orders of their own" });

const offline = /net::ERR_INTERNET_DISCONNECTED/;

test("a minute offline costs one stream and no fetch", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("packed");
  const rest = await api(accounts.staff);
  const visitor = await signIn(accounts.staff);
  const { page, context, order, connection, requests } = visitor;
  visitor.expectConsole(connectionLost, offline);
  await page.clock.install();
  await order.goto(id);
  await connection.connected();
  await order.note.fill("Half a sentence");
  // From here on no attempt comes of its own accord: only the test moves the clock.
  await page.clock.pauseAt(Date.now() + 2_000);

  // The browser knows at once; nothing waits for a stream to fall silent.
  await context.setOffline(true);
  await connection.waitsForAttempt(1);
  for (let attempt = 2; attempt <= 5; attempt++) {
    await page.clock.fastForward(17_000);
    await connection.waitsForAttempt(attempt);
  }
  await rest.patchOrder(id, { status: "shipped" });
  await rest.patchOrder(id, { status: "delivered" });
  await expect(order.status).toHaveText("packed");
  requests.forget();

  // Nor for the next attempt, which is up to 17 s away.
  await context.setOffline(false);
  await connection.connected();
  await expect(order.status).toHaveText("delivered");
  await expect(order.note).toHaveValue("Half a sentence");
  expect(requests.count(fetches.events)).toBe(1);
  expect(requests.count(fetches.order)).toBe(0);
});

test("a stream that was slept through is replaced when its reader comes back", async ({
  signIn,
  takeOrder,
  api,
}) => {
  const { id } = await takeOrder("packed");
  const { page, order, connection, requests } = await signIn(accounts.staff);
  await page.clock.install();
  await order.goto(id);
  await connection.connected();
  requests.forget();

  // The browser's own clock stands still while the machine sleeps; only the calendar has moved on.
  await page.clock.setSystemTime(Date.now() + 3_600_000);
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await expect.poll(() => requests.count(fetches.events)).toBe(1);
  await connection.connected();
  await (await api(accounts.staff)).patchOrder(id, { status: "shipped" });
  await expect(order.status).toHaveText("shipped");
  expect(requests.count(fetches.events)).toBe(1);
  expect(requests.count(fetches.order)).toBe(0);
});
