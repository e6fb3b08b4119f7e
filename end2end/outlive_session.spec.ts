/** What an open page does when its session expires by itself. */
import { hold } from "./support/hold.ts";
import { accounts, answered, connectionLost, expect, fetches, test } from "./support/test.ts";

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

test("what was being typed, and what was being sent, is there after signing in again", async ({
  visit,
  takeOrder,
}) => {
  test.slow();
  const [typed, sent] = [await takeOrder("packed"), await takeOrder("packed")];
  const visitor = await visit();
  const { page, context, login, order, connection } = visitor;
  visitor.expectConsole(answered(401));
  await page.goto(`/orders/${typed.id}`);
  await login.signIn(accounts.staff);
  await connection.connected();
  await order.note.fill("Half a sentence");
  const other = await context.newPage();
  // Its request is on its way when the session ends, and is never answered.
  const held = await hold(other, fetches.update);
  await other.goto(`/orders/${sent.id}`);
  const note = other.getByRole("textbox", { name: "Note" });
  await note.fill("A whole sentence");
  await other.getByRole("button", { name: "Save note" }).click();
  await held.arrived();

  await expect(page).toHaveURL(/\/login\?next=/, { timeout: 40_000 });
  await expect(other).toHaveURL(/\/login\?next=/);
  await login.signIn(accounts.staff);
  await expect(page).toHaveURL(`/orders/${typed.id}`);
  await expect(order.note).toHaveValue("Half a sentence");
  await other.reload();
  await expect(other).toHaveURL(`/orders/${sent.id}`);
  await expect(note).toHaveValue("A whole sentence");
});

test("a fetch that is refused leads to the login, though the stream could not tell", async ({
  signIn,
  server,
}) => {
  const visitor = await signIn(accounts.coach);
  const { page } = visitor;
  visitor.expectConsole(answered(401), connectionLost, /net::ERR_FAILED/);
  await page.route(/\/api\/events/, (route) => route.abort());
  await page.goto("/");
  await visitor.connection.lost();
  await server.run("user", "sign-out", accounts.coach);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Jobs" }).click();
  await expect(page).toHaveURL("/login?next=%2Fjobs");
  await visitor.login.signIn(accounts.coach);
  await expect(page).toHaveURL("/jobs");
});
