/** Making an order: what the form fills in, minds, keeps, and sends once. */
import { hold } from "./support/hold.ts";
import { NewOrderPage } from "./support/pages/new_order.ts";
import { accounts, connectionLost, expect, fetches, test } from "./support/test.ts";

test.use({ world: "new orders" });

test("an order is made and shown, and is on the other's list", async ({ signIn, api }) => {
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  const { page, requests } = author;
  const form = new NewOrderPage(page);
  await other.orders.goto("?q=around&sort=-number");
  await other.connection.connected();
  await form.goto();
  await form.customer.fill("Around the Horn");
  await expect(form.shipTo("Town")).toHaveValue("Colchester");
  await form.products.fill("Chai");
  await form.quantities.fill("3");
  await form.discounts.fill("10");
  await expect(form.total).toHaveText("$48.60");

  await form.add.click();
  await expect(form.products.nth(1)).toBeFocused();
  await page.keyboard.type("Tofu");
  await expect(form.total).toHaveText("$71.85");
  await page.keyboard.press("Enter");

  await expect(page).toHaveURL(/\/orders\/ord_\d+$/);
  await expect(author.order.status).toHaveText("pending");
  await expect(page.getByRole("table").getByRole("row").last()).toContainText("$71.85");
  const id = page.url().replace(/.*\//, "");
  await expect(other.orders.row(id)).toBeVisible();
  expect(requests.count(fetches.create)).toBe(1);
  expect(requests.count(fetches.order)).toBe(1);
  expect((await (await api(accounts.staff)).getOrder(id)).customerName).toBe("Around the Horn");
  await form.goto();
  await expect(form.restored).toHaveCount(0);
});

test("what is missing is said beside its field, and the first is focused", async ({ signIn }) => {
  const { page, requests } = await signIn(accounts.staff);
  const form = new NewOrderPage(page);
  await form.goto();
  await form.quantities.fill("none");
  await form.submit.click();
  await expect(form.customer).toBeFocused();
  await expect(form.error(form.customer)).toHaveText("Choose a customer.");
  await expect(form.error(form.products)).toHaveText("Choose a product.");
  await expect(form.error(form.quantities)).toContainText("whole number");
  expect(requests.count(fetches.create)).toBe(0);

  await form.customer.fill("Nobody at all");
  await expect(form.error(form.customer)).toContainText("There is no such customer.");
  await form.customer.fill("around the horn");
  await expect(form.error(form.customer)).toBeHidden();
});

test("an address that was typed is not replaced by another customer's", async ({ signIn }) => {
  const { page } = await signIn(accounts.staff);
  const form = new NewOrderPage(page);
  await form.goto();
  await form.customer.fill("Around the Horn");
  await expect(form.shipTo("Town")).toHaveValue("Colchester");
  await form.customer.fill("Bon app'");
  await expect(form.shipTo("Town")).toHaveValue("Marseille");
  await form.shipTo("Town").fill("Lyon");
  await form.customer.fill("Around the Horn");
  await expect(page.getByRole("button", { name: "Use the address" })).toBeVisible();
  await expect(form.shipTo("Town")).toHaveValue("Lyon");
  await page.getByRole("button", { name: "Use the address" }).click();
  await expect(form.shipTo("Town")).toHaveValue("Colchester");
});

test("a line that was removed can be had back", async ({ signIn }) => {
  const { page, order } = await signIn(accounts.staff);
  const form = new NewOrderPage(page);
  await form.goto();
  await form.fill("Around the Horn", "Chai");
  await page.getByRole("button", { name: "Remove line 1" }).press("Enter");
  await expect(form.products).toHaveCount(0);
  await expect(form.add).toBeFocused();
  await expect(form.total).toHaveText("$0.00");
  await order.toast("Line removed.").getByRole("button", { name: "Undo" }).click();
  await expect(form.products).toHaveValue("Chai");
  await expect(form.total).toHaveText("$18.00");
});

test("Escape asks before anything is lost, and a reload loses nothing", async ({ signIn }) => {
  const { page } = await signIn(accounts.staff);
  const form = new NewOrderPage(page);
  await form.goto();
  await form.fill("Around the Horn", "Chai");
  await form.quantities.press("Escape");
  await expect(form.discard).toBeVisible();
  await form.discard.getByRole("button", { name: "Keep editing" }).click();
  await expect(form.customer).toHaveValue("Around the Horn");

  await page.reload();
  await expect(form.restored).toBeVisible();
  await expect(form.products).toHaveValue("Chai");
  await expect(form.shipTo("Town")).toHaveValue("Colchester");
  await form.quantities.press("Escape");
  await form.discard.getByRole("button", { name: "Throw it away" }).click();
  await expect(page).toHaveURL("/orders");
  await form.goto();
  await expect(form.customer).toHaveValue("");
});

test("one order is made however often the button is pressed and the answer is lost", async ({
  signIn,
  api,
  link,
}) => {
  const rest = await api(accounts.staff);
  const before = (await rest.listOrders()).total;
  const visitor = await signIn(accounts.staff);
  visitor.expectConsole(connectionLost);
  const { page, requests, connection } = visitor;
  const form = new NewOrderPage(page);
  await form.goto();
  await connection.connected();
  await form.fill("Around the Horn", "Chai");
  // The order is made, and the answer is lost with the connection.
  await page.route(
    fetches.create,
    async (route) => {
      await route.fetch();
      await link.cut();
      await route.abort("connectionreset");
    },
    { times: 1 },
  );
  const sent = await hold(page, fetches.create);
  await form.submit.dblclick();
  await sent.arrived();
  await expect(form.submit).toHaveAttribute("aria-busy", "true");
  expect(requests.count(fetches.create), "a double click sends once").toBe(1);
  sent.release();
  await connection.lost();
  expect((await rest.listOrders()).total, "it is made").toBe(before + 1);
  await expect(form.products).toHaveValue("Chai");
  await link.restore();
  await expect(page).toHaveURL(/\/orders\/ord_\d+$/, { timeout: 20_000 });
  expect(requests.count(fetches.create), "it is sent again").toBeGreaterThan(1);
  expect((await rest.listOrders()).total).toBe(before + 1);
});
