/** The feed of what happened. */
import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";

export class ActivityPage {
  readonly page: Page;
  readonly entries: Locator;
  readonly days: Locator;

  constructor(page: Page) {
    this.page = page;
    this.entries = page.getByRole("main").getByRole("listitem");
    this.days = page.getByRole("main").getByRole("heading", { level: 2 });
  }

  async goto(): Promise<void> {
    await this.page.goto("/activity");
    await hydrated(this.page);
  }

  entry(words: string): Locator {
    return this.entries.filter({ hasText: words });
  }
}
