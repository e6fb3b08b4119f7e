/** The form of a new order. */
import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";

export class NewOrderPage {
  readonly page: Page;
  readonly customer: Locator;
  /** One for each line. */
  readonly products: Locator;
  readonly quantities: Locator;
  readonly discounts: Locator;
  readonly total: Locator;
  readonly add: Locator;
  readonly submit: Locator;
  /** Says that an earlier visit's text is there again. */
  readonly restored: Locator;
  /** Asks before what was typed is thrown away. */
  readonly discard: Locator;

  constructor(page: Page) {
    this.page = page;
    this.customer = page.getByRole("combobox", { name: "Customer" });
    this.products = page.getByRole("combobox", { name: "Product" });
    this.quantities = page.getByRole("textbox", { name: "Quantity" });
    this.discounts = page.getByRole("textbox", { name: "Discount in percent" });
    this.total = page.getByTestId("total");
    this.add = page.getByRole("button", { name: "Add a product" });
    this.submit = page.getByRole("button", { name: "Make the order" });
    this.restored = page.getByText("This is what you typed before and did not send.");
    this.discard = page.getByRole("dialog", { name: "Throw this order away?" });
  }

  async goto(): Promise<void> {
    await this.page.goto("/orders/new");
    await hydrated(this.page);
  }

  /** A field of the address. */
  shipTo(label: string): Locator {
    return this.page.getByRole("group", { name: "Ship to" }).getByLabel(label);
  }

  /** What is said beside a field. */
  error(field: Locator): Locator {
    return this.page.locator(".field").filter({ has: field }).locator(".field-error");
  }

  /** Fills in all that has to be there. */
  async fill(customer: string, product: string): Promise<void> {
    await this.customer.fill(customer);
    await this.products.first().fill(product);
  }
}
