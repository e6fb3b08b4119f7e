/** Documents: a text is uploaded, read by its job, followed by other tabs, renamed and deleted. */
import { readFile } from "node:fs/promises";
import { ring } from "./support/pages/bell.ts";
import { DocumentsPage } from "./support/pages/documents.ts";
import { accounts, expect, fetches, test } from "./support/test.ts";

const paper = () => readFile(new URL("../demo/documents/federalist-10.txt", import.meta.url), "utf8");

test("an uploaded document is read, and a second tab follows without a reload", async ({
  signIn,
  api,
  axe,
}) => {
  const author = await signIn(accounts.members.ana);
  const stranger = await signIn(accounts.members.ben);
  const documents = new DocumentsPage(author.page);
  const second = new DocumentsPage(await author.context.newPage());
  const others = new DocumentsPage(stranger.page);
  await second.goto();
  await others.goto();
  await stranger.connection.connected();
  const known = await others.rows.count();
  stranger.requests.forget();

  const path = await documents.upload("federalist-10.txt", await paper(), "The Tenth Paper");
  await expect(documents.heading).toHaveText("The Tenth Paper");
  await expect(documents.text).toContainText("AMONG the numerous advantages");
  await expect(second.row("The Tenth Paper")).toContainText("ready");
  await axe(author.page);

  // Renaming shows at once and is told to the other tab. The answer is the whole document, which
  // the author therefore never reads again, whether the event, which tells no title, is faster or not.
  author.requests.forget();
  const renamed = author.page.waitForResponse(/\/api\/fn\/rename_document$/);
  await documents.rename("Number Ten");
  await expect(documents.heading).toHaveText("Number Ten");
  await expect(second.row("Number Ten")).toBeVisible();
  await (await renamed).finished();
  expect(author.requests.count(fetches.document)).toBe(0);
  expect(author.requests.count(fetches.documents), "the other tab's list, once").toBe(1);

  // Nobody else sees or hears of it.
  await ring(stranger.page, await api(accounts.coach), "Ben");
  await expect(others.rows).toHaveCount(known);
  expect(stranger.requests.count(fetches.documents)).toBe(0);
  stranger.expectConsole(/the server responded with a status of 404 /);
  await others.goto(path);
  await expect(stranger.page.getByRole("heading", { name: "Page not found" })).toBeVisible();

  await documents.delete();
  await expect(author.page).toHaveURL("/documents");
  await expect(documents.row("Number Ten")).toBeHidden();
  await expect(second.row("Number Ten")).toBeHidden();
  await axe(author.page);
});

test("markup in a document is text, and its outline leads into it", async ({ signIn, axe }) => {
  const { page } = await signIn(accounts.members.ana);
  const documents = new DocumentsPage(page);
  const long = "A sentence that fills the page with words.\n\n".repeat(80);
  const text = `# First\n\n<img src=x onerror="window.hit = true"> ${long}\n\n## Second\n\nThe end.\n`;
  const path = await documents.upload("markup.md", text);
  await expect(documents.outline.getByRole("link")).toHaveText(["First", "Second"]);
  await documents.outline.getByRole("link", { name: "Second" }).click();
  await expect(page.getByRole("heading", { name: "Second" })).toBeInViewport();
  await expect(page).toHaveURL(`/documents${path}#h-1`);
  expect(await page.evaluate(() => "hit" in window)).toBe(false);
  await axe(page);
});

test("what cannot be sent is said beside its field, and what was typed stays", async ({
  signIn,
  axe,
}) => {
  const { page, requests } = await signIn(accounts.members.ana);
  const documents = new DocumentsPage(page);
  await documents.goto("/new");
  requests.forget();
  await documents.add.click();
  await expect(page.getByText("Choose a file, or paste the text below.")).toBeVisible();
  await expect(documents.file).toBeFocused();
  await documents.pasted.fill("Pasted words.");
  await documents.add.click();
  await expect(page.getByText("Give it a title.")).toBeVisible();
  expect(requests.count(/POST \/api\/v1\/documents/)).toBe(0);
  await axe(page);
  await page.reload();
  await expect(documents.pasted).toHaveValue("Pasted words.");
  await documents.title.fill("Pasted");
  await documents.add.click();
  await expect(documents.status).toHaveText("ready");
  await expect(documents.text).toHaveText("Pasted words.");
  await documents.goto("/new");
  await expect(documents.pasted).toHaveValue("");
});
