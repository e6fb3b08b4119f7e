/** The list of orders. */
import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";

export class OrdersPage {
  readonly page: Page;
  readonly heading: Locator;
  readonly search: Locator;
  readonly statuses: Locator;
  /** One for each order that the list shows. */
  readonly rows: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { name: "Orders", level: 1 });
    this.search = page.getByRole("searchbox", { name: "Search orders" });
    this.statuses = page.getByRole("navigation", { name: "Status" });
    this.rows = page.getByRole("row").filter({ hasText: /ord_\d+/ });
  }

  /** Opens the list as a query string describes it, such as `?status=pending`. */
  async goto(query = ""): Promise<void> {
    await this.page.goto(`/orders${query}`);
    await hydrated(this.page);
  }

  row(id: string): Locator {
    return this.rows.filter({ hasText: id });
  }

  async open(id: string): Promise<void> {
    await this.row(id).locator(`a[href="/orders/${id}"]`).first().click();
  }

  async filter(status: string): Promise<void> {
    await this.statuses.getByRole("link", { name: status }).click();
  }
}
