/** When a page that the server rendered has come alive. */
import { expect, type Page } from "@playwright/test";

/** Waits until the page's own code runs; before that, buttons do nothing. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
}
