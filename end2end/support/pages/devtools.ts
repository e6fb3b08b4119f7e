/** The developer tools: what the connection went through, what each event did, and what is cached. */
import { expect, type Locator, type Page } from "@playwright/test";

export class DeveloperTools {
  readonly page: Page;
  readonly panel: Locator;
  readonly states: Locator;
  readonly events: Locator;
  readonly entries: Locator;

  constructor(page: Page) {
    this.page = page;
    this.panel = page.getByRole("region", { name: "Developer tools" });
    const rows = (name: string) =>
      this.panel.getByRole("table", { name, exact: true }).locator("tbody tr");
    this.states = rows("Connection");
    this.events = rows("Events");
    this.entries = rows("Cache");
  }

  /** The newest event of a type. */
  event(type: string): Locator {
    return this.events.filter({ hasText: type }).first();
  }

  /** The entries of a query. */
  entry(query: string): Locator {
    return this.entries.filter({
      has: this.page.locator("td:first-child").getByText(query, { exact: true }),
    });
  }

  async press(name: "Drop the stream" | "Go stale" | "Refetch" | "Close"): Promise<void> {
    await this.panel.getByRole("button", { name }).click();
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${path}?devtools`);
    await expect(this.panel).toBeVisible();
  }
}
