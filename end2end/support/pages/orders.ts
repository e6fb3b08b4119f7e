/** The list of orders. */
import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";
import { number } from "./order.ts";

export class OrdersPage {
  readonly page: Page;
  readonly heading: Locator;
  readonly search: Locator;
  readonly statuses: Locator;
  /** One for each order that the list shows. */
  readonly rows: Locator;
  /** The link in each row. */
  readonly links: Locator;
  /** How many orders match, and which page this is. */
  readonly range: Locator;
  readonly previous: Locator;
  readonly next: Locator;
  /** The box that selects every order of the page. */
  readonly selectPage: Locator;
  /** What can be done with the selected orders; there while there are any. */
  readonly bulk: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { name: "Orders", level: 1 });
    this.search = page.getByRole("searchbox", { name: "Search orders" });
    this.statuses = page.getByRole("navigation", { name: "Status" });
    this.rows = page.getByRole("row").filter({ has: page.locator('a[href^="/orders/ord_"]') });
    this.links = this.rows.getByRole("link");
    const pages = page.getByRole("navigation", { name: "Pages" });
    this.range = pages.getByText(/ orders?\b/);
    this.previous = pages.getByRole("link", { name: "Previous" });
    this.next = pages.getByRole("link", { name: "Next" });
    this.selectPage = page.getByRole("checkbox", { name: "Select all orders on this page" });
    this.bulk = page.getByRole("region", { name: "Selected orders" });
  }

  /** Opens the list as a query string describes it, such as `?status=pending`. */
  async goto(query = ""): Promise<void> {
    await this.page.goto(`/orders${query}`);
    await hydrated(this.page);
  }

  row(id: string): Locator {
    return this.rows.filter({ has: this.page.locator(`a[href="/orders/${id}"]`) });
  }

  /** The word in the status column of an order. */
  status(id: string): Locator {
    return this.row(id).locator(".badge");
  }

  async open(id: string): Promise<void> {
    await this.row(id).getByRole("link").click();
  }

  /** The id of the order in the first row. */
  async first(): Promise<string> {
    return ((await this.links.first().getAttribute("href")) ?? "").replace("/orders/", "");
  }

  /** The box that selects an order. */
  select(id: string): Locator {
    return this.page.getByRole("checkbox", { name: `Select order ${number(id)}` });
  }

  /** The tab of a status, such as `Pending`, or `All`. */
  tab(status: string): Locator {
    return this.statuses.getByRole("link", { name: status, exact: true });
  }

  /** The head of a column. */
  column(name: string): Locator {
    return this.page.getByRole("columnheader", { name });
  }

  async sortBy(name: string): Promise<void> {
    await this.column(name).getByRole("link").click();
  }
}

/** What the link to an order says. */
export function name(id: string): string {
  return `Order ${number(id)}`;
}
