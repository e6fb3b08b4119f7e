/** Importing files: what is sent, how far it has come, and what could not be used. */
import { ImportPage, files } from "./support/pages/import.ts";
import { accounts, expect, fetches, test } from "./support/test.ts";

test.use({ world: "imported orders" });

test("an import adds what it can, lists what it cannot, and is there after a reload", async ({
  signIn,
}) => {
  const author = await signIn(accounts.staff);
  const other = await signIn(accounts.admin);
  const { page, requests } = author;
  const importing = new ImportPage(page);
  await other.orders.goto("?q=newcomer&sort=-number");
  await other.connection.connected();
  await expect(other.orders.rows).toHaveCount(0);

  await importing.goto();
  await importing.choose(
    files({
      orders: ["20001,NEWCO,1999-01-04", "20002,NEWCO,1999-01-05", "20003,NOBODY,1999-01-05"],
      details: ["20001,1,10.00,2,0", "20002,1,10.00,many,0", "20002,1,10.00,3,0.1"],
    }),
  );
  await importing.submit.click();
  await expect(page).toHaveURL(/\/orders\/import\?id=imp_[0-9a-f]{16}$/);
  await expect(importing.done).toBeVisible();
  await expect(importing.count("Orders added")).toHaveText("2");
  await expect(importing.count("Rows that could not be used")).not.toHaveText("0");
  const bad = importing.badRows.filter({ hasText: "orders.csv" });
  await expect(bad.filter({ hasText: "NOBODY" })).toHaveCount(1);
  await expect(importing.badRows.filter({ hasText: "order_details.csv" })).toHaveCount(1);
  await expect(other.orders.row("ord_20001")).toBeVisible();

  requests.forget();
  await page.reload();
  await expect(importing.done).toBeVisible();
  await expect(importing.count("Orders added")).toHaveText("2");
  await author.connection.connected();
  expect(requests.count(fetches.import), "it came with the document").toBe(0);

  // It is found again from the empty form, too.
  await importing.goto();
  await page.getByRole("link", { name: "see how that went" }).click();
  await expect(importing.count("Orders added")).toHaveText("2");
});

test("a running import is found again after a reload", async ({ signIn }) => {
  test.slow();
  const { page } = await signIn(accounts.staff);
  const importing = new ImportPage(page);
  const numbers = Array.from({ length: 6000 }, (_, index) => 30_000 + index);
  await importing.goto();
  await importing.choose(
    files({
      orders: numbers.map((number) => `${number},NEWCO,1999-01-04`),
      details: numbers.map((number) => `${number},1,10.00,2,0`),
    }),
  );
  await importing.submit.click();
  await expect(page).toHaveURL(/\?id=imp_/);
  await expect(page.getByRole("progressbar")).toBeVisible();
  await page.reload();
  await expect(importing.done).toBeVisible({ timeout: 90_000 });
  await expect(importing.count("Orders added")).toHaveText("6000");
});

test("a file that is missing is said beside its field", async ({ signIn }) => {
  const { page, requests } = await signIn(accounts.staff);
  const importing = new ImportPage(page);
  await importing.goto();
  await importing.submit.click();
  await expect(page.getByText("Choose the file customers.csv.")).toBeVisible();
  await expect(importing.field("Customers")).toBeFocused();
  await importing.choose({ "customers.csv": "customerID,companyName\n" });
  await expect(page.getByText("Choose the file customers.csv.")).toBeHidden();
  await expect(page.getByText("Choose the file products.csv.")).toBeVisible();
  expect(requests.count(/\/api\/v1\/orders\/imports/)).toBe(0);
});

test("files that are none of these say so in words", async ({ signIn }) => {
  const { page } = await signIn(accounts.staff);
  const importing = new ImportPage(page);
  await importing.goto();
  await importing.choose({
    "customers.csv": "nothing\n",
    "products.csv": "nothing\n",
    "orders.csv": "nothing\n",
    "order_details.csv": "nothing\n",
  });
  await importing.submit.click();
  await expect(page.getByText("The import failed.")).toBeVisible();
  await expect(page.getByText("customers.csv").first()).toBeVisible();
});
