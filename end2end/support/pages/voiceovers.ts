/** One's voiceovers: the form and the list, and one of them. */
import { expect, type Locator, type Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";

export class VoiceoversPage {
  readonly page: Page;
  readonly rows: Locator;
  readonly heading: Locator;
  readonly status: Locator;
  readonly text: Locator;
  readonly title: Locator;
  readonly voice: Locator;
  readonly speed: Locator;
  readonly make: Locator;
  readonly save: Locator;
  readonly again: Locator;
  readonly audio: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rows = page.getByRole("region", { name: "Your voiceovers" }).getByRole("listitem");
    this.heading = page.getByRole("heading", { level: 1 });
    this.status = page.getByTestId("voiceover-status");
    this.text = page.getByLabel("Text", { exact: true });
    this.title = page.locator("#voiceover-title");
    this.voice = page.getByLabel("Voice", { exact: true });
    this.speed = page.getByLabel("Speed");
    this.make = page.getByRole("button", { name: "Make voiceover" });
    this.save = page.getByRole("button", { name: "Save and speak" });
    this.again = page.getByRole("button", { name: /^(Speak again|Try again|Speak it)/ });
    this.audio = page.getByRole("main").locator("audio");
  }

  async goto(path = ""): Promise<void> {
    await this.page.goto(`/voiceovers${path}`);
    await hydrated(this.page);
  }

  row(title: string): Locator {
    return this.rows.filter({ hasText: title });
  }

  async rename(to: string): Promise<void> {
    await this.page.getByRole("button", { name: "Rename" }).first().click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel("Title").fill(to);
    await dialog.getByRole("button", { name: "Rename" }).click();
    await expect(dialog).toBeHidden();
  }

  async delete(): Promise<void> {
    await this.page.getByRole("button", { name: "Delete" }).first().click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  }

  /** What a player's file is once it is decoded. */
  async decoded(player: Locator): Promise<{ seconds: number; channels: number }> {
    return await player.evaluate(async (element: HTMLAudioElement) => {
      const file = await (await fetch(element.src)).arrayBuffer();
      const sound = await new OfflineAudioContext(1, 1, 22_050).decodeAudioData(file);
      return { seconds: sound.duration, channels: sound.numberOfChannels };
    });
  }
}
