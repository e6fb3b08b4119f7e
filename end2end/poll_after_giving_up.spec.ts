/** What a page does after ten failed attempts: it polls, until a poll brings the stream back. */
import { accounts, connectionLost, expect, fetches, test } from "./support/test.ts";
import { setVisible } from "./support/visibility.ts";
import type { Link } from "./support/link.ts";
import type { Visitor } from "./support/visitor.ts";

// There are only so many orders that are not delivered yet.
test.use({ world: "orders of their own" });

/** Longer than any wait between two attempts: 30 s, and a second of jitter. */
const ANY_WAIT_MS = 32_000;

/** Longer than any wait between two polls: 30 s, and five of jitter. */
const ANY_POLL_MS = 36_000;

const session = /^GET \/api\/v1\/session$/;
const polls = "Live updates are off; checking every 30 s.";

/** Has a page on which nothing is to be fetched lose its server ten times. */
async function giveUp({ page, connection, requests }: Visitor, link: Link): Promise<void> {
  await connection.connected();
  // From here on no attempt and no poll comes of its own accord: only the test moves the clock.
  await page.clock.pauseAt(Date.now() + 2_000);
  await link.cut();
  for (let attempt = 1; attempt <= 10; attempt++) {
    await connection.waitsForAttempt(attempt);
    await page.clock.fastForward(ANY_WAIT_MS);
  }
  await expect(connection.line).toHaveAttribute("data-state", "error");
  await expect(connection.line).toContainText(polls);
  requests.forget();
}

test("polls keep a page fresh where streams do not get through, and bring the stream back", async ({
  signIn,
  takeOrder,
  api,
  link,
}) => {
  test.slow();
  const { id } = await takeOrder("packed");
  const rest = await api(accounts.staff);
  const visitor = await signIn(accounts.staff);
  const { page, context, order, connection, requests } = visitor;
  visitor.expectConsole(connectionLost, /net::ERR_FAILED/);
  await page.clock.install();
  await order.goto(id);
  await giveUp(visitor, link);

  // No server answers: no more than the one question is asked.
  await page.clock.fastForward(ANY_POLL_MS);
  await expect.poll(() => requests.count(session)).toBe(1);
  await expect(connection.line).toContainText(polls);
  expect(requests.made).toHaveLength(1);

  // A server answers, and streams get stuck on the way: one fetch of each, and one attempt.
  await context.route(/\/api\/events/, (route) => route.abort());
  await link.restore();
  await rest.patchOrder(id, { status: "shipped" });
  requests.forget();
  await page.clock.fastForward(ANY_POLL_MS);
  await expect(order.status).toHaveText("shipped");
  await expect.poll(() => requests.count(fetches.events)).toBe(1);
  await expect(connection.line).toHaveAttribute("data-state", "error");
  await expect(connection.retry).toBeVisible();
  expect(requests.count(fetches.order)).toBe(1);
  expect(requests.count(session)).toBe(1);

  // And the next poll, again.
  await rest.patchOrder(id, { note: "Seen by a poll" });
  requests.forget();
  await page.clock.fastForward(ANY_POLL_MS);
  await expect(order.note).toHaveValue("Seen by a poll");
  await expect.poll(() => requests.count(fetches.events)).toBe(1);
  await expect(connection.line).toHaveAttribute("data-state", "error");
  expect(requests.count(fetches.order)).toBe(1);

  // Streams get through again: one poll, one stream, nothing fetched twice.
  await context.unroute(/\/api\/events/);
  requests.forget();
  await page.clock.fastForward(ANY_POLL_MS);
  await connection.connected();
  expect(requests.count(fetches.events)).toBe(1);
  expect(requests.count(fetches.order)).toBe(1);
  await rest.patchOrder(id, { status: "delivered" });
  await expect(order.status).toHaveText("delivered");
  await page.clock.fastForward(ANY_POLL_MS);
  await connection.connected();
  expect(requests.count(session), "no more polls").toBe(1);
  expect(requests.count(fetches.order)).toBe(1);
});

test("a hidden page does not poll, and polls at once when it is seen again", async ({
  signIn,
  takeOrder,
  link,
}) => {
  test.slow();
  const { id } = await takeOrder("delivered");
  const visitor = await signIn(accounts.staff);
  const { page, order, connection, requests } = visitor;
  visitor.expectConsole(connectionLost);
  await page.clock.install();
  await order.goto(id);
  await giveUp(visitor, link);

  await setVisible(page, false);
  for (let poll = 0; poll < 3; poll++) {
    await page.clock.fastForward(ANY_POLL_MS);
  }
  expect(requests.made).toEqual([]);
  await link.restore();
  await setVisible(page, true);
  await connection.connected();
  expect(requests.count(session)).toBe(1);
  expect(requests.count(fetches.order)).toBe(1);
  expect(requests.count(fetches.events)).toBe(1);
});

test("a page whose session ended while it polled goes to the login", async ({
  signIn,
  server,
  link,
}) => {
  test.slow();
  const visitor = await signIn(accounts.members.ben);
  const { page } = visitor;
  visitor.expectConsole(connectionLost, /status of 401/);
  await page.clock.install();
  await page.goto("/account");
  await giveUp(visitor, link);
  await server.run("user", "sign-out", accounts.members.ben);
  await link.restore();
  await page.clock.fastForward(ANY_POLL_MS);
  await expect(page).toHaveURL("/login?next=%2Faccount");
});
