/** One's documents: the list, the form that adds one, and one of them. */
import { expect, type Locator, type Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";

export class DocumentsPage {
  readonly page: Page;
  readonly rows: Locator;
  readonly heading: Locator;
  readonly status: Locator;
  readonly text: Locator;
  readonly outline: Locator;
  readonly add: Locator;
  readonly file: Locator;
  readonly title: Locator;
  readonly pasted: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rows = page.getByRole("main").locator("tbody tr");
    this.heading = page.getByRole("heading", { level: 1 });
    this.status = page.getByTestId("document-status");
    this.text = page.getByTestId("document-text");
    this.outline = page.getByRole("navigation", { name: "Outline" });
    this.add = page.getByRole("button", { name: "Add document" });
    this.file = page.getByLabel("File");
    this.title = page.locator("#document-title");
    this.pasted = page.getByLabel("Or the text itself");
  }

  async goto(path = ""): Promise<void> {
    await this.page.goto(`/documents${path}`);
    await hydrated(this.page);
  }

  row(title: string): Locator {
    return this.rows.filter({ hasText: title });
  }

  /** Uploads a file and waits until it was read; the path of its page. */
  async upload(name: string, content: string, title = ""): Promise<string> {
    await this.goto("/new");
    await this.title.fill(title);
    await this.file.setInputFiles({
      name,
      mimeType: "text/plain",
      buffer: Buffer.from(content),
    });
    await this.add.click();
    await expect(this.page).toHaveURL(/\/documents\/doc_[0-9a-f]{16}$/);
    await expect(this.status).toHaveText("ready");
    return new URL(this.page.url()).pathname.replace("/documents", "");
  }

  async rename(to: string): Promise<void> {
    await this.page.getByRole("button", { name: "Rename" }).first().click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel("Title").fill(to);
    await dialog.getByRole("button", { name: "Rename" }).click();
  }

  async delete(): Promise<void> {
    await this.page.getByRole("button", { name: "Delete" }).first().click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  }
}
