/** An admin signs somebody out, wherever they are. */
import { OrderPage } from "./support/pages/order.ts";
import { ConnectionLine } from "./support/pages/connection.ts";
import { PeoplePage } from "./support/pages/people.ts";
import { accounts, answered, connectionLost, expect, test } from "./support/test.ts";

// There are only so many orders that are not delivered yet.
test.use({ world: "orders of their own" });

const reason = "Lost <b>laptop</b> & phone";
const told = /\/login\?reason=forced_logout&message=Lost%20%3Cb%3Elaptop/;

test("three open tabs, one of them offline, learn of it, and what was typed is kept", async ({
  signIn,
  visit,
  takeOrder,
}) => {
  test.slow();
  const { id } = await takeOrder("packed");
  const admin = await signIn(accounts.admin);
  const people = new PeoplePage(admin.page);
  await people.goto();

  const staff = await signIn(accounts.staff);
  staff.expectConsole(answered(401));
  const { page, context, order, connection, login } = staff;
  await order.goto(id);
  await connection.connected();
  await order.note.fill("Half a sentence");
  const second = await context.newPage();
  await second.goto("/orders?status=packed");
  await new ConnectionLine(second).connected();
  // The same session in a browser of its own, which alone loses its network.
  const away = await visit({ storageState: await context.storageState() });
  away.expectConsole(answered(401), connectionLost, /net::ERR_INTERNET_DISCONNECTED/);
  await away.page.goto("/account");
  await away.connection.connected();
  await away.context.setOffline(true);
  await away.connection.lost();

  await people.signOut(accounts.staff, reason);
  await expect(people.toast("is signed out")).toBeVisible();
  for (const tab of [page, second]) {
    await expect(tab).toHaveURL(told);
    await expect(tab.getByText("An admin signed you out, and gave this reason:")).toBeVisible();
    await expect(tab.locator("blockquote")).toHaveText(reason);
  }
  expect((await context.request.get("/api/v1/session")).status()).toBe(401);
  await away.context.setOffline(false);
  await expect(away.page).toHaveURL(told);
  await expect(away.page).toHaveURL(/&next=%2Faccount$/);

  // Whoever signs in next in that tab finds nothing of it.
  await login.signIn(accounts.admin);
  await expect(page).toHaveURL(`/orders/${id}`);
  await connection.connected();
  await expect(order.note).not.toHaveValue("Half a sentence");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL("/login");
  // And the one who typed it finds it again.
  await login.signIn(accounts.staff);
  await expect(page).toHaveURL("/");
  await new OrderPage(page).goto(id);
  await expect(order.note).toHaveValue("Half a sentence");
});

test("a link that claims it is shown as a quotation", async ({ visit, axe }) => {
  const { page } = await visit({ viewport: { width: 390, height: 844 } });
  const message = encodeURIComponent("<img src=x onerror=alert(1)> Call 555 0100");
  await page.goto(`/login?reason=forced_logout&message=${message}`);
  await expect(page.getByText("The link that you followed says")).toBeVisible();
  await expect(page.locator("blockquote")).toHaveText("<img src=x onerror=alert(1)> Call 555 0100");
  await expect(page.locator("blockquote img, blockquote a")).toHaveCount(0);
  await axe(page);
});
