/** What an open page does when its session expires by itself. */
import { accounts, answered, expect, test } from "./support/test.ts";

// Long enough to sign in and be where one wanted to be on a machine that is busy.
test.use({ settings: { STUDIO_SESSION_LIFETIME: "20s" } });

test("a session that expires with a page open leads to the login and back", async ({ visit }) => {
  test.slow();
  const visitor = await visit();
  const { page, login, connection, orders, requests } = visitor;
  visitor.expectConsole(answered(401));
  await page.goto("/orders?status=shipped&sort=total");
  await login.signIn(accounts.staff);
  await expect(page).toHaveURL("/orders?status=shipped&sort=total");
  await connection.connected();
  requests.forget();

  // Nobody touches the page: the server ends its stream, and refuses the next.
  await expect(page).toHaveURL(/\/login\?next=/, { timeout: 40_000 });
  const fetched = requests.made.filter((request) => request.includes("/api/fn/"));
  expect(fetched, "fetches of a page that was left alone").toEqual([]);

  await login.signIn(accounts.staff);
  await expect(page).toHaveURL("/orders?status=shipped&sort=total");
  await expect(orders.rows.first()).toBeVisible();
  await expect(orders.tab("Shipped")).toHaveAttribute("aria-current", "true");
  await connection.connected();
});
