/** One's infographics: the form and the pictures, one of them, and the one of a document. */
import type { Locator, Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";

export class InfographicsPage {
  readonly page: Page;
  readonly cards: Locator;
  readonly status: Locator;
  readonly document: Locator;
  readonly make: Locator;
  readonly again: Locator;
  readonly picture: Locator;
  readonly download: Locator;

  constructor(page: Page) {
    this.page = page;
    this.cards = page.getByRole("list", { name: "Your infographics" }).getByRole("listitem");
    this.status = page.getByTestId("infographic-status");
    this.document = page.getByLabel("Document", { exact: true });
    this.make = page.getByRole("button", { name: "Make infographic" });
    this.again = page.getByRole("button", { name: "Make again" });
    this.picture = page.getByRole("img", { name: /^Infographic of/ });
    this.download = page.getByRole("link", { name: "Download SVG" });
  }

  async goto(path = ""): Promise<void> {
    await this.page.goto(`/infographics${path}`);
    await hydrated(this.page);
  }

  card(title: string): Locator {
    return this.cards.filter({ hasText: title });
  }

  async delete(): Promise<void> {
    await this.page.getByRole("button", { name: "Delete" }).first().click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  }

  /** How wide the picture is that the browser drew; 0 if it could not. */
  async drawn(): Promise<number> {
    return await this.picture.evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return image.naturalWidth;
    });
  }
}
