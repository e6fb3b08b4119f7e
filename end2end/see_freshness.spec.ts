/** Since when a page is current, for whoever looks for it. */
import { accounts, connectionLost, expect, test } from "./support/test.ts";

test("a mark says on hover and on focus since when the page is live", async ({
  signIn,
  link,
  axe,
}) => {
  const visitor = await signIn(accounts.staff);
  const { page, orders, connection } = visitor;
  visitor.expectConsole(connectionLost);
  await orders.goto();
  await connection.connected();
  const mark = page.getByRole("img", { name: /^Live as of \d\d:\d\d:\d\d$/ });
  const tip = page.locator(".connection-tip");
  await expect(tip).toBeHidden();
  await mark.hover();
  await expect(tip).toBeVisible();
  await expect(tip).toHaveText(/^Live as of \d\d:\d\d:\d\d$/);
  await axe(page);
  await page.mouse.move(640, 300);
  await expect(tip).toBeHidden();

  await page.getByRole("link", { name: "Your account" }).focus();
  await page.keyboard.press("Tab");
  await expect(mark).toBeFocused();
  await expect(tip).toBeVisible();

  await link.cut();
  await connection.lost();
  await expect(tip).toHaveText(/^Not live\. As of \d\d:\d\d:\d\d$/);
});

test("screen readers hear of an outage once, however many attempts it takes", async ({
  signIn,
  link,
}) => {
  const visitor = await signIn(accounts.staff);
  const { page, orders, connection } = visitor;
  visitor.expectConsole(connectionLost);
  await page.clock.install();
  await orders.goto();
  await connection.connected();
  const region = page.locator(".connection + [role=status]");
  await expect(region).toHaveText("");

  // From here on no attempt comes of its own accord: only the test moves the clock.
  await page.clock.pauseAt(Date.now() + 2_000);
  await link.cut();
  await connection.waitsForAttempt(1);
  await expect(region).toHaveText("");
  for (let attempt = 2; attempt <= 4; attempt++) {
    await page.clock.fastForward(32_000);
    await connection.waitsForAttempt(attempt);
    await expect(region).toHaveText("The connection was lost. Reconnecting.");
  }
  await link.restore();
  await page.clock.fastForward(32_000);
  await connection.connected();
  await expect(region).toHaveText("Live updates are back.");
});
