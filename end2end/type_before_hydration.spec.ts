/** On a slow line the fields are there before the page's own code: what is typed then is kept. */
import type { Page } from "@playwright/test";
import { hold } from "./support/hold.ts";
import { hydrated } from "./support/pages/hydrated.ts";
import { NewOrderPage } from "./support/pages/new_order.ts";
import { accounts, expect, test } from "./support/test.ts";

/** Opens a page whose code comes when it is called for. */
async function openSlowly(page: Page, path: string): Promise<() => Promise<void>> {
  const code = await hold(page, /\.wasm$/);
  await page.goto(path, { waitUntil: "commit" });
  await code.arrived();
  return async () => {
    await expect(page.locator("html[data-hydrated]")).not.toBeAttached();
    code.release();
    await hydrated(page);
  };
}

test("the login keeps what is typed", async ({ visit }) => {
  const { page, login } = await visit();
  const comeAlive = await openSlowly(page, "/login?next=%2Forders");
  await login.email.pressSequentially(accounts.staff);
  await login.password.pressSequentially(accounts.password);
  await comeAlive();
  await expect(login.email).toHaveValue(accounts.staff);
  await expect(login.password).toHaveValue(accounts.password);
  await expect(login.password).toBeFocused();
  await login.password.press("Enter");
  await expect(page).toHaveURL("/orders");
});

test("a search that is typed is made", async ({ signIn }) => {
  const { page, orders } = await signIn(accounts.staff);
  let comeAlive = await openSlowly(page, "/orders?sort=total");
  await orders.search.pressSequentially("chop-suey");
  await comeAlive();
  await expect(page).toHaveURL("/orders?q=chop-suey&sort=total");
  await expect(orders.search).toHaveValue("chop-suey");
  await expect(orders.search).toBeFocused();

  // Also when its author has gone on meanwhile.
  await page.unrouteAll({ behavior: "ignoreErrors" });
  comeAlive = await openSlowly(page, "/orders");
  await orders.search.pressSequentially("10248");
  await orders.tab("All").focus();
  await comeAlive();
  await expect(page).toHaveURL("/orders?q=10248");
  await expect(orders.search).toHaveValue("10248");
  await expect(orders.row("ord_10248")).toBeVisible();
});

test("a note that is typed is there to be saved", async ({ signIn, takeOrder, api }) => {
  const { id } = await takeOrder("delivered");
  await (await api(accounts.staff)).patchOrder(id, { note: "As it was." });
  const { page, order } = await signIn(accounts.staff);
  const comeAlive = await openSlowly(page, `/orders/${id}`);
  await order.note.press("End");
  await order.note.pressSequentially(" And more.");
  await comeAlive();
  await expect(order.note).toHaveValue("As it was. And more.");
  await expect(order.noteHint).toHaveText("Not saved yet. Ctrl+Enter saves.");
  await order.saveNote.click();
  await expect(order.toast("Note saved.")).toBeVisible();
  await expect(order.note).toHaveValue("As it was. And more.");
});

test("a new order keeps what is typed into it", async ({ signIn }) => {
  const { page } = await signIn(accounts.staff);
  const form = new NewOrderPage(page);
  const comeAlive = await openSlowly(page, "/orders/new");
  await form.customer.pressSequentially("Alfreds Futterkiste");
  await form.quantities.first().fill("12");
  await comeAlive();
  await expect(form.customer).toHaveValue("Alfreds Futterkiste");
  await expect(form.quantities.first()).toHaveValue("12");
  await expect(form.shipTo("Town"), "as if it had been chosen a moment later").toHaveValue("Berlin");
  // It is as safe as what is typed later.
  await page.reload();
  await expect(form.restored).toBeVisible();
  await expect(form.customer).toHaveValue("Alfreds Futterkiste");
});
