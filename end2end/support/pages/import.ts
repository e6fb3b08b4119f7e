/** The page that imports files. */
import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";

/** The fields, by the file that each takes. */
const labels: Record<string, string> = {
  "customers.csv": "Customers",
  "products.csv": "Products",
  "orders.csv": "Orders",
  "order_details.csv": "Lines of orders",
};

export class ImportPage {
  readonly page: Page;
  readonly submit: Locator;
  /** Says that it is complete. */
  readonly done: Locator;
  /** One for each row that could not be used. */
  readonly badRows: Locator;

  constructor(page: Page) {
    this.page = page;
    this.submit = page.getByRole("button", { name: "Import" });
    this.done = page.getByText("The import is complete.");
    this.badRows = page
      .getByRole("region", { name: "Rows that could not be used" })
      .locator("tbody tr");
  }

  async goto(): Promise<void> {
    await this.page.goto("/orders/import");
    await hydrated(this.page);
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  /** A number of the report. */
  count(of: string): Locator {
    return this.page.locator(".fact").filter({ hasText: of }).locator("dd");
  }

  /** Chooses files, given by name. They are called something else on the reader's machine. */
  async choose(contents: Record<string, string>): Promise<void> {
    for (const [name, content] of Object.entries(contents)) {
      await this.field(labels[name] ?? name).setInputFiles({
        name: `my ${name}`,
        mimeType: "text/csv",
        buffer: Buffer.from(content),
      });
    }
  }
}

/** Four files with one customer, one product, and these orders (id, customer, date) and lines. */
export function files(rows: { orders: string[]; details: string[] }): Record<string, string> {
  const address = "Newcomer,1 New Street,Newtown,NULL,12345,Land";
  const orders = rows.orders.map((row) => `${row},NULL,${address}`);
  const orderColumns =
    "orderID,customerID,orderDate,shippedDate,shipName,shipAddress,shipCity,shipRegion,shipPostalCode,shipCountry";
  return {
    "customers.csv": "customerID,companyName\nNEWCO,Newcomer\n",
    "products.csv": "productID,productName,unitPrice\n1,Chai,18.00\n",
    "orders.csv": [orderColumns, ...orders, ""].join("\n"),
    "order_details.csv": ["orderID,productID,unitPrice,quantity,discount", ...rows.details, ""].join(
      "\n",
    ),
  };
}
