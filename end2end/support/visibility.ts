/** Whether a page is seen. Chromium without a window shows every page; a test says otherwise. */
import type { Page } from "@playwright/test";

/** Hides or shows a page, as switching tabs does. */
export async function setVisible(page: Page, visible: boolean): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, visible ? "visible" : "hidden");
}
