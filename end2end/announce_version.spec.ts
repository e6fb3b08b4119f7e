/** A server of another version than the page: the page says so, and leaves the moment to its reader. */
import { accounts, connectionLost, expect, test } from "./support/test.ts";

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

  // What a deployment looks like from here: the stream ends, and the next one is another server's.
  link.nameBuild("0123456789abcdef");
  await link.cut();
  await link.restore();
  await expect(notice).toBeVisible({ timeout: 15_000 });
  await expect(order.note).toHaveValue("In the middle of a sentence");

  // The reload brings the page of that version.
  link.nameBuild(undefined);
  const reloaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Reload" }).click();
  await reloaded;
  await connection.connected();
  await expect(notice).toBeHidden();
});
