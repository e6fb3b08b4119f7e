/** One's account: profile, sessions, API tokens. */
import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";

export class AccountPage {
  readonly page: Page;
  readonly heading: Locator;
  readonly role: Locator;
  readonly sessions: Locator;
  readonly endOthers: Locator;
  readonly tokens: Locator;
  readonly tokenName: Locator;
  readonly createToken: Locator;
  /** The token that was just made, in full. */
  readonly secret: Locator;
  readonly copy: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { name: "Account", level: 1 });
    const region = (name: string) => page.getByRole("region", { name });
    this.role = region("Profile").locator(".fact").filter({ hasText: "Role" }).locator("dd");
    this.sessions = region("Sessions").getByRole("listitem");
    this.endOthers = region("Sessions").getByRole("button", { name: "End all others" });
    this.tokens = region("API tokens").getByRole("listitem");
    this.tokenName = page.getByRole("textbox", { name: "Name" });
    this.createToken = page.getByRole("button", { name: "Create token" });
    this.secret = page.getByRole("textbox", { name: "The token" });
    this.copy = page.getByRole("button", { name: /^Cop(y|ied)$/ });
  }

  async goto(): Promise<void> {
    await this.page.goto("/account");
    await hydrated(this.page);
  }

  token(name: string): Locator {
    return this.tokens.filter({ hasText: name });
  }

  /** Makes a token and tells it. */
  async make(name: string): Promise<string> {
    await this.tokenName.fill(name);
    await this.createToken.click();
    await this.page.getByText(`“${name}” is ready`).waitFor();
    return this.secret.inputValue();
  }

  /** Presses a button and then the one that says it again. */
  async confirm(button: Locator, action: string): Promise<void> {
    await button.click();
    await this.page.getByRole("dialog").getByRole("button", { name: action }).click();
  }
}
