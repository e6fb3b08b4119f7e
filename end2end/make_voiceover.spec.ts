/** Voiceovers: a text is spoken, other tabs follow, and what is typed is not lost. */
import { hold } from "./support/hold.ts";
import { ring } from "./support/pages/bell.ts";
import { VoiceoversPage } from "./support/pages/voiceovers.ts";
import { accounts, answered, connectionLost, expect, fetches, test } from "./support/test.ts";

const text = "Ambition must be made to counteract ambition.\n\nIf men were angels, we would need no law.";

test("a text is spoken, a second tab follows without a reload, and nobody else hears", async ({
  signIn,
  api,
  axe,
}) => {
  const author = await signIn(accounts.members.ana);
  const stranger = await signIn(accounts.members.ben);
  const voiceovers = new VoiceoversPage(author.page);
  const second = new VoiceoversPage(await author.context.newPage());
  const others = new VoiceoversPage(stranger.page);
  await voiceovers.goto();
  await second.goto();
  await others.goto();
  await author.connection.connected();
  await stranger.connection.connected();
  const known = await others.rows.count();
  stranger.requests.forget();

  // It shows before the server has answered.
  const answer = await hold(author.page, /create_voiceover/);
  await voiceovers.text.fill(text);
  await voiceovers.title.fill("Angels");
  await voiceovers.voice.selectOption({ label: "British English, man" });
  await voiceovers.make.click();
  await answer.arrived();
  await expect(voiceovers.row("Angels")).toContainText("in the making");
  answer.release();
  await expect(voiceovers.row("Angels")).toContainText("ready", { timeout: 30_000 });
  await expect(second.row("Angels")).toContainText("ready");
  await expect(second.row("Angels").locator("audio")).toBeVisible();
  await expect(voiceovers.text).toHaveValue("");
  await axe(author.page);

  const sound = await second.decoded(second.row("Angels").locator("audio"));
  expect(sound.seconds).toBeGreaterThan(3);
  expect(sound.seconds).toBeLessThan(20);
  expect(sound.channels).toBe(1);

  // Made again: shown at once; the answer is the whole voiceover, and its end is read of once by
  // each tab, and so is, by the other, that it began.
  await voiceovers.row("Angels").getByRole("link", { name: "Angels" }).click();
  await expect(voiceovers.heading).toHaveText("Angels");
  const path = new URL(author.page.url()).pathname.replace("/voiceovers", "");
  const elsewhere = await signIn(accounts.members.ana);
  const follower = new VoiceoversPage(elsewhere.page);
  await follower.goto(path);
  await elsewhere.connection.connected();
  await expect(voiceovers.audio).toBeVisible();
  const again = await hold(author.page, /generate_voiceover/);
  author.requests.forget();
  elsewhere.requests.forget();
  await voiceovers.again.click();
  await expect(voiceovers.status).toHaveText("in the making");
  await expect(voiceovers.again).toBeHidden();
  await again.arrived();
  expect(author.requests.count(fetches.voiceover), "nothing is read yet").toBe(0);
  again.release();
  await expect(voiceovers.status).toHaveText("ready", { timeout: 30_000 });
  await expect.poll(() => elsewhere.requests.count(fetches.voiceover)).toBeGreaterThan(0);
  await expect(follower.status).toHaveText("ready");
  expect(author.requests.count(fetches.voiceover)).toBe(1);
  await axe(author.page);

  await ring(stranger.page, await api(accounts.coach), "Ben");
  await expect(others.rows).toHaveCount(known);
  expect(stranger.requests.count(fetches.voiceovers)).toBe(0);
  stranger.expectConsole(answered(404));
  await others.goto(path);
  await expect(stranger.page.getByRole("heading", { name: "Page not found" })).toBeVisible();

  await voiceovers.rename("Men and angels");
  await expect(voiceovers.heading).toHaveText("Men and angels");
  await expect(second.row("Men and angels")).toBeVisible();
  await voiceovers.delete();
  await expect(author.page).toHaveURL("/voiceovers");
  await expect(voiceovers.row("Men and angels")).toBeHidden();
  await expect(second.row("Men and angels")).toBeHidden();
});

test("what is edited is spoken, and stays while it is refused, reloaded or changed elsewhere", async ({
  signIn,
  api,
}) => {
  const author = await signIn(accounts.coach);
  const { page, requests } = author;
  const rest = await api(accounts.coach);
  const voiceovers = new VoiceoversPage(page);
  await voiceovers.goto();
  await voiceovers.text.fill("The first text.");
  await page.reload();
  await expect(voiceovers.text).toHaveValue("The first text.");
  await voiceovers.make.click();
  await expect(voiceovers.row("The first text.")).toContainText("ready", { timeout: 30_000 });
  await voiceovers.row("The first text.").getByRole("link").click();
  await expect(voiceovers.save).toHaveAttribute("aria-disabled", "true");
  const path = new URL(page.url()).pathname;
  const before = await voiceovers.audio.getAttribute("src");

  await voiceovers.text.fill("The second text, which is longer.");
  await page.reload();
  await expect(voiceovers.text).toHaveValue("The second text, which is longer.");
  await rest.request(`/api/v1${path}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ title: "Named elsewhere" }),
  });
  await expect(voiceovers.heading).toHaveText("Named elsewhere");
  await expect(voiceovers.text).toHaveValue("The second text, which is longer.");
  author.expectConsole(answered(409));
  await voiceovers.save.click();
  await expect(page.getByText("has changed in the meantime").first()).toBeVisible();
  await expect(voiceovers.text).toHaveValue("The second text, which is longer.");
  requests.forget();
  await voiceovers.save.click();
  await expect(voiceovers.status).toHaveText("ready", { timeout: 30_000 });
  await expect(voiceovers.audio).not.toHaveAttribute("src", before ?? "");
  expect(requests.count(fetches.voiceover)).toBeLessThanOrEqual(2);
  await page.reload();
  await expect(voiceovers.text).toHaveValue("The second text, which is longer.");
  await expect(voiceovers.save).toHaveAttribute("aria-disabled", "true");
});

test("a text without words is refused beside its field, and a lost connection loses no text", async ({
  signIn,
  axe,
  link,
}) => {
  const visitor = await signIn(accounts.members.ben);
  const { page } = visitor;
  const voiceovers = new VoiceoversPage(page);
  await voiceovers.goto();
  await voiceovers.make.click();
  await expect(page.getByText("Write what is to be spoken.")).toBeVisible();
  await expect(voiceovers.text).toBeFocused();
  await axe(page);
  visitor.expectConsole(connectionLost);
  await visitor.connection.connected();
  await link.cut();
  await voiceovers.text.fill("Typed while nobody listens.");
  await voiceovers.make.click();
  await expect(voiceovers.row("Typed while nobody listens.")).toContainText("in the making");
  await expect(voiceovers.text).toHaveValue("Typed while nobody listens.");
});
