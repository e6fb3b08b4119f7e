/** The line about the connection, which says nothing while all is well. */
import { expect, type Locator, type Page } from "@playwright/test";

export class ConnectionLine {
  readonly page: Page;
  readonly line: Locator;
  readonly retry: Locator;

  constructor(page: Page) {
    this.page = page;
    this.line = page.locator("p.connection");
    this.retry = page.getByRole("button", { name: "Connection lost. Click to retry" });
  }

  /** Waits until the page hears what happens. */
  async connected(timeout = 10_000): Promise<void> {
    await expect(this.line).toHaveAttribute("data-state", "connected", { timeout });
    await expect(this.line).toBeEmpty();
  }

  /** Waits until the page waits for an attempt to connect, the first if none is named. */
  async waitsForAttempt(attempt = 1): Promise<void> {
    await expect(this.line).toHaveText(`Reconnecting (attempt ${attempt})…`);
    await expect(this.line).toHaveAttribute("data-state", "reconnecting");
  }
}
