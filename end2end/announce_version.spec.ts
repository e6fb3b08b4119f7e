/** A server of another version than the page: the page says so, and leaves the moment to its reader. */
import type { Link } from "./support/link.ts";
import { accounts, connectionLost, expect, fetches, test } from "./support/test.ts";

// There are only so many orders that are not delivered yet.
test.use({ world: "orders of their own" });

/** What a deployment looks like from here: the stream ends, and the next one is another server's. */
async function deploy(link: Link): Promise<void> {
  await link.cut();
  await link.restore();
}

test("a newer version is announced, and nothing typed is lost to it", async ({
  signIn,
  takeOrder,
  link,
}) => {
  const { id } = await takeOrder("pending");
  const visitor = await signIn(accounts.staff);
  const { page, order, connection } = visitor;
  visitor.expectConsole(connectionLost);
  await order.goto(id);
  await connection.connected();
  const notice = page.getByText("A new version is ready.");
  await expect(notice).toBeHidden();
  await order.note.fill("In the middle of a sentence");

  link.nameBuild("0123456789abcdef");
  await deploy(link);
  await expect(notice).toBeVisible({ timeout: 15_000 });
  await expect(order.note).toHaveValue("In the middle of a sentence");

  // The reload brings the page of that version, and what was typed.
  link.nameBuild(undefined);
  const reloaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Reload" }).click();
  await reloaded;
  await connection.connected();
  await expect(notice).toBeHidden();
  await expect(order.note).toHaveValue("In the middle of a sentence");
});

test("a reload is offered once for each version, also if it brings the same page", async ({
  signIn,
  link,
}) => {
  test.slow();
  const visitor = await signIn(accounts.staff);
  const { page, connection } = visitor;
  visitor.expectConsole(connectionLost);
  await page.goto("/account");
  await connection.connected();
  const notice = page.getByText("A new version is ready.");

  link.nameBuild("0123456789abcdef");
  await deploy(link);
  await expect(notice).toBeVisible({ timeout: 15_000 });
  const reloaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Reload" }).click();
  await reloaded;
  await connection.connected();
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
  await expect(notice).toBeHidden();

  link.nameBuild("fedcba9876543210");
  await deploy(link);
  await expect(notice).toBeVisible({ timeout: 15_000 });
  await page.getByRole("button", { name: "Not now" }).click();
  await expect(notice).toBeHidden();
  // Servers of both versions take turns.
  link.nameBuild("0123456789abcdef");
  await link.cut();
  await connection.lost();
  await link.restore();
  await connection.connected(15_000);
  await expect(notice).toBeHidden();
});

test("an event that nobody here can read has what is shown fetched once", async ({
  signIn,
  takeOrder,
  api,
  link,
}) => {
  const { id } = await takeOrder("packed");
  link.renameEvent("order.updated", "order.renamed");
  const { order, connection, requests } = await signIn(accounts.staff);
  await order.goto(id);
  await connection.connected();
  await order.note.fill("In the middle of a sentence");
  requests.forget();

  await (await api(accounts.staff)).patchOrder(id, { status: "shipped" });
  await expect(order.status).toHaveText("shipped");
  await expect(order.history.first()).toContainText("marked it as shipped");
  await expect(order.note).toHaveValue("In the middle of a sentence");
  expect(requests.count(fetches.order)).toBe(1);
  expect(requests.count(fetches.history)).toBe(1);
  await connection.connected();
});
