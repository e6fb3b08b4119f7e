/** What open pages do when their session ends, or their reader's role changes. */
import { accounts, expect, fetches, test } from "./support/test.ts";
import { ConnectionLine } from "./support/pages/connection.ts";
import { OrdersPage } from "./support/pages/orders.ts";

test("signing out in one tab leads the other to the login at once", async ({ signIn }) => {
  const { page, context, login, requests, connection } = await signIn(accounts.staff);
  const other = await context.newPage();
  const orders = new OrdersPage(other);
  await other.clock.install();
  await orders.goto("?status=packed");
  await new ConnectionLine(other).connected();
  await page.goto("/");
  await connection.connected();
  // While no time passes, nothing that waits can be what leads the other page away.
  await other.clock.pauseAt(Date.now() + 2_000);
  requests.forget();

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/login");
  await expect(other).toHaveURL(/\/login\?next=/);
  expect(requests.count(fetches.events), "attempts to reconnect").toBe(0);
  await login.signIn(accounts.staff);
  await expect(page).toHaveURL("/");
  // Whoever is signed in is not asked to sign in.
  await other.reload();
  await expect(other).toHaveURL("/orders?status=packed");
});

test("a change of role takes an open order away and gives it back", async ({ signIn, server }) => {
  const { page, order, orders, connection, requests } = await signIn(accounts.admin);
  const customer = page.getByText("Vins et alcools Chevalier", { exact: true });
  const nav = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Orders" });
  await order.goto("ord_10248");
  await expect(customer).toBeVisible();
  await connection.connected();
  requests.forget();

  await server.run("user", "role", accounts.admin, "member");
  await expect(page.getByText("Only staff may see orders.")).toBeVisible();
  await expect(customer).toBeHidden();
  await expect(nav).toBeHidden();
  await expect(page.getByText("member", { exact: true })).toBeVisible();
  requests.forget();

  await server.run("user", "role", accounts.admin, "admin");
  await expect(customer).toBeVisible();
  await expect(nav).toBeVisible();
  expect(requests.count(fetches.order)).toBe(1);
  await nav.click();
  await expect(orders.rows.first()).toBeVisible();
});
