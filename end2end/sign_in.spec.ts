/** Signing in and out, with and without JavaScript. */
import { accounts, answered, expect, test } from "./support/test.ts";

test("whoever is not signed in is led to the login and back to where they wanted to go", async ({
  visit,
}) => {
  const { page, login, orders } = await visit();
  await page.goto("/orders?status=packed&sort=total");
  await expect(page).toHaveURL(/\/login\?next=/);

  await login.signIn(accounts.staff);
  await expect(page).toHaveURL("/orders?status=packed&sort=total");
  await expect(orders.heading).toBeVisible();
  await expect(orders.tab("Packed")).toHaveAttribute("aria-current", "true");
});

test("a wrong password keeps the address and says so, and the next attempt works", async ({
  visit,
}) => {
  const visitor = await visit();
  const { page, login } = visitor;
  visitor.expectConsole(answered(401));
  await page.goto("/login?next=%2Forders");

  await login.signIn(accounts.staff, "not-the-password");
  await expect(page.getByRole("alert")).toHaveText("The email or the password is wrong.");
  await expect(login.email).toHaveValue(accounts.staff);
  await expect(login.password).toHaveValue("");
  await expect(login.password).toBeFocused();

  await login.password.fill(accounts.password);
  await login.password.press("Enter");
  await expect(page).toHaveURL("/orders");
});

test("an address of another site is not gone to after signing in", async ({ visit }) => {
  const { page, login } = await visit();
  await page.goto("/login?next=%2F%2Fevil.example%2Forders");
  await login.signIn(accounts.staff);
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Welcome, Olivia Ops");
});

test("signing out ends the session", async ({ signIn }) => {
  const { page, context, orders } = await signIn(accounts.staff);
  await orders.goto();
  const cookies = await context.cookies();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/login");

  await page.goto("/orders");
  await expect(page).toHaveURL(/\/login\?next=/);
  // Neither does the cookie that this browser had.
  await context.addCookies(cookies);
  await page.goto("/orders");
  await expect(page).toHaveURL(/\/login\?next=/);
});

test("a session that ends meanwhile leads to the login and back", async ({ signIn }) => {
  const visitor = await signIn(accounts.staff);
  const { page, context, login, connection, orders } = visitor;
  visitor.expectConsole(answered(401));
  await orders.goto("?status=packed");
  await connection.connected();
  const ended = await context.request.delete("/api/v1/session");
  expect(ended.status()).toBe(204);
  await expect(page).toHaveURL(/\/login\?next=/);
  await login.signIn(accounts.staff);
  await expect(page).toHaveURL("/orders?status=packed");
});

test("the session's cookie is out of reach of scripts and of other sites", async ({ signIn }) => {
  const { context } = await signIn(accounts.staff);
  const cookies = await context.cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Lax" });
});

test.describe("without JavaScript", () => {
  test("signing in, failing at it, and signing out work", async ({ visit }) => {
    const visitor = await visit({ javaScriptEnabled: false });
    const { page, login, orders } = visitor;
    visitor.expectConsole(answered(401));
    await page.goto("/orders?status=shipped");
    await expect(page).toHaveURL(/\/login\?next=/);

    await login.signIn(accounts.staff, "not-the-password");
    await expect(page.getByRole("alert")).toHaveText("The email or the password is wrong.");
    await expect(login.email).toHaveValue(accounts.staff);

    await login.password.fill(accounts.password);
    await login.submit.click();
    await expect(page).toHaveURL("/orders?status=shipped");
    await expect(orders.rows.first()).toBeVisible();

    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL("/login");
  });
});
