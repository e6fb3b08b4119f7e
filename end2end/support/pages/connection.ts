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

  /** Waits until it has been tried so often at least. By the real clock no attempt stays for long. */
  async lost(attempts = 1): Promise<void> {
    const tried = async () => Number(/attempt (\d+)/.exec((await this.line.textContent()) ?? "")?.[1] ?? 0);
    await expect.poll(tried, { message: "attempts to connect" }).toBeGreaterThanOrEqual(attempts);
  }

  /** Waits until the page waits for just this attempt to connect, where its clock stands still. */
  async waitsForAttempt(attempt: number): Promise<void> {
    await expect(this.line).toHaveText(`Reconnecting (attempt ${attempt})…`);
    await expect(this.line).toHaveAttribute("data-state", "reconnecting");
  }
}
