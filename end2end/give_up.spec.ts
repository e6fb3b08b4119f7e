/** Ten attempts that fail end in a state that says so, and that a click leads out of. */
import { accounts, connectionLost, expect, fetches, test } from "./support/test.ts";

/** Longer than any wait between two attempts: 30 s, and a second of jitter. */
const ANY_WAIT_MS = 32_000;

test("after ten failed attempts the page asks, and a click recovers", async ({
  signIn,
  takeOrder,
  api,
  link,
}) => {
  test.slow();
  const { id } = await takeOrder("shipped");
  const visitor = await signIn(accounts.staff);
  const { page, order, connection, requests } = visitor;
  visitor.expectConsole(connectionLost);
  await page.clock.install();
  await order.goto(id);
  await connection.connected();
  requests.forget();

  // From here on no attempt comes of its own accord: only the test moves the clock.
  await page.clock.pauseAt(Date.now() + 2_000);
  await link.cut();
  for (let attempt = 1; attempt <= 10; attempt++) {
    await connection.waitsForAttempt(attempt);
    expect(requests.count(fetches.events), "attempts so far").toBe(attempt - 1);
    await page.clock.fastForward(ANY_WAIT_MS);
  }
  await expect(connection.retry).toBeVisible();
  await expect(connection.line).toHaveAttribute("data-state", "error");

  // It has given up: however long it waits, there is no eleventh.
  await page.clock.fastForward(10 * ANY_WAIT_MS);
  await expect(connection.retry).toBeVisible();
  expect(requests.count(fetches.events)).toBe(10);

  await (await api(accounts.staff)).patchOrder(id, { status: "delivered" });
  await link.restore();
  await connection.retry.click();
  await connection.connected();
  await expect(order.status).toHaveText("delivered");
  expect(requests.count(fetches.order)).toBe(0);
});
