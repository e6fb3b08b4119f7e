/** Podcasts: a document becomes a script and its audio, which plays; other tabs follow. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { hold } from "./support/hold.ts";
import { ring } from "./support/pages/bell.ts";
import { DocumentsPage } from "./support/pages/documents.ts";
import { PodcastsPage } from "./support/pages/podcasts.ts";
import { accounts, answered, expect, fetches, test } from "./support/test.ts";

// Others count the documents that they find.
test.use({ world: "podcasts" });

const paper = () => readFile(new URL("../demo/documents/federalist-10.txt", import.meta.url), "utf8");

/** So little that it is spoken in a moment. */
const note = "Rivers run to the sea. They carry sand and stones with them, and they shape the land.";

/** Runs a check in both themes, wide and narrow. */
async function everywhere(page: Page, check: (page: Page) => Promise<void>): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      await check(page);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wider).toBeLessThanOrEqual(width);
    }
  }
}

test("a document becomes a podcast that plays, and another tab follows without a reload", async ({
  signIn,
  api,
  axe,
}) => {
  test.setTimeout(180_000);
  const author = await signIn(accounts.members.ana);
  const elsewhere = await signIn(accounts.members.ana);
  const stranger = await signIn(accounts.members.ben);
  const podcasts = new PodcastsPage(author.page);
  const second = new PodcastsPage(elsewhere.page);
  const documents = new DocumentsPage(author.page);
  await documents.upload("federalist-10.txt", await paper(), "The Tenth Paper");
  const path = await podcasts.make("On factions", "The Tenth Paper");
  await expect(podcasts.status).toHaveText("draft");
  await second.goto(path);
  await elsewhere.connection.connected();
  await stranger.page.goto("/podcasts");
  await stranger.connection.connected();
  for (const visitor of [author, elsewhere, stranger]) {
    visitor.requests.forget();
  }

  // Shown at once: the answer to the click is held back until both have been seen.
  const held = await hold(author.page, /generate_podcast/);
  await podcasts.generate.click();
  await expect(podcasts.status).toHaveText("drafting");
  await expect(second.status).toHaveText("draft");
  held.release();
  await expect(second.status).toHaveText("drafting");
  await expect(author.page.getByText("Speaking")).toBeVisible({ timeout: 60_000 });
  await axe(author.page);
  await expect(second.status).toHaveText("ready", { timeout: 120_000 });
  await expect(podcasts.status).toHaveText("ready");
  await expect(podcasts.script).toContainText("faction");
  await expect(second.script).toContainText("faction");
  // The answer was the whole podcast, so that its author reads it once, when the job has ended;
  // the other one reads that it began as well.
  expect(author.requests.count(fetches.podcast)).toBe(1);
  expect(elsewhere.requests.count(fetches.podcast)).toBe(2);

  const answer = await author.page.request.get(`/api/v1/podcasts${path}`);
  const { audio } = (await answer.json()) as { audio: { durationMs: number; startsMs: number[] } };
  const decoded = await podcasts.decoded();
  expect(decoded).toMatchObject({ sampleRate: 22_050, channels: 1 });
  expect(decoded.seconds).toBeGreaterThan(60);
  expect(Math.abs(decoded.seconds - audio.durationMs / 1_000)).toBeLessThan(0.2);

  // A segment is played by a click on it, and the next one is marked when it is reached.
  await expect(podcasts.segments).toHaveCount(audio.startsMs.length);
  const now = () => podcasts.audio.evaluate((element: HTMLAudioElement) => element.currentTime);
  const start = (audio.startsMs[1] ?? 0) / 1_000;
  await podcasts.segments.nth(1).click();
  await expect(podcasts.segments.nth(1)).toHaveAttribute("aria-current", "true");
  await expect.poll(now).toBeGreaterThan(start + 0.3);
  const spoken = podcasts.script.locator("[aria-current]").getByRole("heading");
  await expect(spoken).toHaveText((await podcasts.segments.nth(1).locator("span").last().textContent()) ?? "");
  const next = (audio.startsMs[2] ?? 0) / 1_000;
  await podcasts.audio.evaluate((element: HTMLAudioElement, at) => (element.currentTime = at), next - 0.4);
  await expect(podcasts.segments.nth(2)).toHaveAttribute("aria-current", "true");
  await everywhere(author.page, axe);

  // Nobody else sees or hears of it.
  await ring(stranger.page, await api(accounts.coach), "Ben");
  expect(stranger.requests.count(/list_podcasts|get_podcast/)).toBe(0);
  stranger.expectConsole(answered(404));
  await stranger.page.goto(`/podcasts${path}`);
  await expect(stranger.page.getByRole("heading", { name: "Page not found" })).toBeVisible();
  const unheard = await stranger.page.request.get(`/api/v1/podcasts${path}/audio`);
  expect(unheard.status()).toBe(404);

  await podcasts.page.getByRole("button", { name: "Delete" }).first().click();
  await podcasts.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(author.page).toHaveURL("/podcasts");
  await expect(podcasts.row("On factions")).toBeHidden();
  await expect(elsewhere.page.getByRole("heading", { name: "Page not found" })).toBeVisible();
});

test("two tabs that generate together begin one job", async ({ signIn }) => {
  const author = await signIn(accounts.coach);
  const first = new PodcastsPage(author.page);
  const second = new PodcastsPage(await author.context.newPage());
  author.expectConsole(answered(409));
  await new DocumentsPage(author.page).upload("rivers.txt", note, "Rivers");
  const path = await first.make("Together", "Rivers");
  await second.goto(path);
  // Neither hears of the other's before both have pressed.
  const held = [];
  for (const podcasts of [first, second]) {
    held.push(await hold(podcasts.page, /generate_podcast/));
    await podcasts.generate.click();
    await expect(podcasts.status).toHaveText("drafting");
  }
  held.forEach((answer) => answer.release());
  for (const podcasts of [first, second]) {
    await expect(podcasts.status).toHaveText("ready", { timeout: 60_000 });
    await expect(podcasts.script).toContainText("Rivers run to the sea.");
  }
  const jobs = (await (await author.page.request.get("/api/v1/jobs")).json()) as {
    finished: { kind: string; link: string }[];
  };
  const made = jobs.finished.filter(({ link }) => link === `/podcasts${path}`);
  expect(made.map(({ kind }) => kind)).toEqual(["generate-podcast"]);
});

test("a refusal takes back what was shown, and says why", async ({ signIn }) => {
  const author = await signIn(accounts.coach);
  const podcasts = new PodcastsPage(author.page);
  author.expectConsole(/ERR_FAILED/, answered(409));
  const documents = new DocumentsPage(author.page);
  const document = await documents.upload("gone.txt", note, "Soon gone");
  const path = await podcasts.make("Refused", "Soon gone");
  // This tab does not hear that the document is deleted.
  await author.page.route(/\/api\/events/, (route) => route.abort());
  await podcasts.goto(path);
  const deleted = await author.page.request.delete(`/api/v1/documents${document}`, {
    headers: { origin: new URL(author.page.url()).origin },
  });
  expect(deleted.status()).toBe(204);
  await podcasts.generate.click();
  await expect(author.page.getByText("All its documents have been deleted.")).toBeVisible();
  await expect(podcasts.status).toHaveText("draft");
});

test("a script is edited while another tab edits it too, and spoken again", async ({
  signIn,
  axe,
}) => {
  test.slow();
  const author = await signIn(accounts.coach);
  const mine = new PodcastsPage(author.page);
  const theirs = new PodcastsPage(await author.context.newPage());
  await new DocumentsPage(author.page).upload("rivers.txt", note, "Rivers again");
  const path = await mine.make("Edited", "Rivers again");
  await mine.generate.click();
  await expect(mine.status).toHaveText("ready", { timeout: 60_000 });
  const before = await mine.decoded();
  await theirs.goto(path);

  // What is typed stays through a reload and through what another tab saves.
  await mine.edit.click();
  await mine.turns.first().fill("This is what I would say instead.");
  await mine.page.reload();
  await expect(mine.turns.first()).toHaveValue("This is what I would say instead.");
  await theirs.edit.click();
  await theirs.turns.first().fill("This is what they would say.");
  author.requests.forget();
  await theirs.save.click();
  await expect(theirs.status).toHaveText("script ready");
  await expect(mine.conflict).toContainText("This is what they would say.");
  await expect(mine.conflict).toContainText("This is what I would say instead.");
  await expect(mine.turns.first()).toHaveValue("This is what I would say instead.");
  expect(author.requests.count(fetches.podcast), "by the tab that did not save").toBe(1);
  await everywhere(mine.page, axe);
  await mine.save.click();
  await expect(mine.conflict, "which has to be decided first").toBeFocused();

  await mine.conflict.getByRole("button", { name: "Keep mine" }).click();
  for (const podcasts of [mine, theirs]) {
    await expect(podcasts.script).toContainText("This is what I would say instead.");
    await expect(podcasts.audio).toBeHidden();
  }
  // So little is spoken in a moment: the answer waits until the status was seen.
  const answer = await hold(mine.page, /generate_podcast/);
  await mine.speak.click();
  await expect(mine.status).toHaveText("generating audio");
  answer.release();
  await expect(mine.status).toHaveText("ready", { timeout: 60_000 });
  expect((await mine.decoded()).seconds).not.toBeCloseTo(before.seconds, 1);
});

test("what cannot be made is said beside its field, and what was typed stays", async ({
  signIn,
  axe,
}) => {
  const { page, requests } = await signIn(accounts.members.ben);
  const podcasts = new PodcastsPage(page);
  await podcasts.goto("/new");
  const make = page.getByRole("button", { name: "Make podcast" });
  requests.forget();
  await make.click();
  await expect(page.getByText("Give it a title.")).toBeVisible();
  await expect(page.getByLabel("Title")).toBeFocused();
  await page.getByLabel("Title").fill("Typed");
  await make.click();
  await expect(page.getByText("Choose at least one document.")).toBeVisible();
  expect(requests.count(/create_podcast/)).toBe(0);
  await axe(page);
  await page.reload();
  await expect(page.getByLabel("Title")).toHaveValue("Typed");
});
