/** Sessions and API tokens on the account page, which a second tab follows. */
import { AccountPage } from "./support/pages/account.ts";
import { accounts, answered, expect, fetches, test } from "./support/test.ts";

test("the name in the frame leads to the account", async ({ signIn }) => {
  const { page, orders, account } = await signIn(accounts.staff);
  await orders.goto();
  await page.getByRole("link", { name: "Your account" }).click();
  await expect(page).toHaveURL("/account");
  await expect(account.heading).toBeVisible();
  await expect(account.role).toHaveText("staff");
});

test("a token is made, shown once, works, is followed by a second tab, and revoked", async ({
  signIn,
  link,
}) => {
  const visitor = await signIn(accounts.coach);
  const { account, context, connection, requests, page } = visitor;
  visitor.expectConsole(answered(422));
  const second = new AccountPage(await context.newPage());
  await second.goto();
  await account.goto();
  await connection.connected();
  requests.forget();

  await account.createToken.click();
  await expect(page.getByRole("alert")).toHaveText("Give the token a name.");
  await expect(account.tokenName).toBeFocused();
  const secret = await account.make("nightly export");
  expect(secret).toMatch(/^hw_[0-9a-f]{64}$/);
  await expect(account.tokenName).toHaveValue("");
  await expect(account.token("nightly export")).toContainText("never used");
  await expect(second.token("nightly export")).toContainText(secret.slice(0, 9));
  await expect(second.secret).toBeHidden();

  const as = (token: string) =>
    fetch(`${link.url}/api/v1/session`, { headers: { authorization: `Bearer ${token}` } });
  expect(await (await as(secret)).json()).toMatchObject({ email: accounts.coach });

  await account.confirm(
    account.token("nightly export").getByRole("button"),
    "Revoke “nightly export”",
  );
  await expect(account.token("nightly export")).toBeHidden();
  await expect(account.secret).toBeHidden();
  await expect(second.token("nightly export")).toBeHidden();
  await expect.poll(async () => (await as(secret)).status).toBe(401);
  expect(requests.count(fetches.tokens), "fetches of either tab").toBe(0);

  await account.goto();
  await expect(page.getByText("No program has a token of yours.")).toBeVisible();
});

test("other sessions are listed as they begin, and ended one by one and together", async ({
  signIn,
}) => {
  const visitor = await signIn(accounts.members.ben);
  const { account, connection, requests } = visitor;
  await account.goto();
  await connection.connected();
  const before = await account.sessions.count();
  requests.forget();

  const others = [];
  for (const _ of [1, 2, 3]) {
    const other = await signIn(accounts.members.ben);
    await other.page.goto("/");
    await other.connection.connected();
    others.push(other);
  }
  await expect(account.sessions).toHaveCount(before + 3);
  const own = account.sessions.filter({ hasText: "this session" });
  await expect(own).toHaveCount(1);
  await expect(own.getByRole("button")).toBeHidden();

  await account.confirm(account.sessions.first().getByRole("button"), "End session");
  await expect(account.sessions).toHaveCount(before + 2);
  await account.confirm(account.endOthers, "End all others");
  await expect(account.sessions).toHaveCount(1);
  await expect(account.endOthers).toBeHidden();
  for (const { page } of others) {
    await expect(page).toHaveURL("/login");
  }
  expect(requests.count(fetches.sessions)).toBe(0);
  await account.goto();
  await expect(account.sessions).toHaveCount(1);
});
