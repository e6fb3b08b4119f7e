/** The reference for programs, reached from where their tokens are made. */
import { accounts, expect, test } from "./support/test.ts";

test("the reference lists the endpoints, and everything of it comes from here", async ({
  signIn,
  link,
}) => {
  const { page, account } = await signIn(accounts.staff);
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== link.url) elsewhere.push(request.url());
  });
  await account.goto();
  await page.getByRole("link", { name: "reference" }).click();
  await expect(page).toHaveURL("/reference/");
  await expect(page.getByRole("heading", { name: "Studio" })).toBeVisible();
  const operation = page.locator("#operations-orders-get_order");
  await operation.getByRole("button").first().click();
  await operation.getByPlaceholder("id").fill("ord_10248");
  await operation.getByRole("button", { name: "Execute" }).click();
  await expect(operation.locator(".live-responses-table")).toContainText('"customerId": "VINET"');
  expect(elsewhere).toEqual([]);
});
