/** The people and their accounts, as an admin sees them. */
import { expect, type Locator, type Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";

export class PeoplePage {
  readonly page: Page;
  readonly heading: Locator;
  readonly rows: Locator;
  readonly add: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { name: "People", level: 1 });
    this.rows = page.locator("li.person");
    this.add = page.getByRole("button", { name: "Add a person" });
  }

  async goto(): Promise<void> {
    await this.page.goto("/admin/people");
    await hydrated(this.page);
  }

  /** The row of the person with this address. */
  person(email: string): Locator {
    return this.rows.filter({ hasText: email });
  }

  role(email: string): Locator {
    return this.person(email).getByRole("combobox");
  }

  /** Asks to sign somebody out. */
  async askToSignOut(email: string): Promise<Locator> {
    await this.person(email).getByRole("button", { name: /^Sign .* out$/ }).click();
    const dialog = this.page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    return dialog;
  }

  async signOut(email: string, reason: string): Promise<void> {
    const dialog = await this.askToSignOut(email);
    await dialog.getByLabel("Reason").fill(reason);
    await dialog.getByRole("button", { name: /^Sign .* out$/ }).click();
  }

  toast(text: string | RegExp): Locator {
    return this.page.locator(".toast").filter({ hasText: text });
  }
}
