/** One's podcasts: the list, the form that makes one, and one of them. */
import { expect, type Locator, type Page } from "@playwright/test";
import { hydrated } from "./hydrated.ts";

export class PodcastsPage {
  readonly page: Page;
  readonly rows: Locator;
  readonly heading: Locator;
  readonly status: Locator;
  readonly script: Locator;
  readonly generate: Locator;
  readonly write: Locator;
  readonly speak: Locator;
  readonly audio: Locator;
  readonly segments: Locator;
  readonly edit: Locator;
  readonly turns: Locator;
  readonly save: Locator;
  readonly conflict: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rows = page.getByRole("main").locator("tbody tr");
    this.heading = page.getByRole("heading", { level: 1 });
    this.status = page.getByTestId("podcast-status");
    this.script = page.getByTestId("script");
    this.generate = page.getByRole("button", { name: "Generate podcast" });
    this.write = page.getByRole("button", { name: /^Write script/ });
    this.speak = page.getByRole("button", { name: /^Generate audio/ });
    this.audio = page.locator("audio");
    this.segments = page.getByRole("list", { name: "Segments" }).getByRole("button");
    this.edit = page.getByRole("button", { name: "Edit script" });
    this.turns = page.getByLabel(/^Host/);
    this.save = page.getByRole("button", { name: "Save script" });
    this.conflict = page.getByRole("region", { name: "Two versions of this script" });
  }

  async goto(path = ""): Promise<void> {
    await this.page.goto(`/podcasts${path}`);
    await hydrated(this.page);
  }

  row(title: string): Locator {
    return this.rows.filter({ hasText: title });
  }

  /** Makes a podcast of documents by their titles; its path. */
  async make(title: string, ...documents: (string | RegExp)[]): Promise<string> {
    await this.goto("/new");
    await this.page.getByLabel("Title").fill(title);
    for (const document of documents) {
      await this.page.getByRole("checkbox", { name: document }).check();
    }
    await this.page.getByRole("button", { name: "Make podcast" }).click();
    await expect(this.page).toHaveURL(/\/podcasts\/pod_[0-9a-f]{16}$/);
    return new URL(this.page.url()).pathname.replace("/podcasts", "");
  }

  /** What the browser makes of the audio: its length, and the sample rate that its first frame says. */
  async decoded(): Promise<{ seconds: number; channels: number; sampleRate: number }> {
    return this.audio.evaluate(async (element: HTMLAudioElement) => {
      const file = await (await fetch(element.src)).arrayBuffer();
      const [, version = 0, rate = 0] = new Uint8Array(file);
      const decoded = await new AudioContext().decodeAudioData(file);
      // MPEG 2 (two bits of the second byte), and its first rate (two bits of the third).
      const is22050 = ((version >> 3) & 3) === 2 && ((rate >> 2) & 3) === 0;
      return {
        seconds: decoded.duration,
        channels: decoded.numberOfChannels,
        sampleRate: is22050 ? 22_050 : 0,
      };
    });
  }
}
