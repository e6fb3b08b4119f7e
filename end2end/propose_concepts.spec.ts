/** From a text to a map that two people have in front of them, without a reload. */
import { readFile } from "node:fs/promises";
import { hold } from "./support/hold.ts";
import { LabsPage } from "./support/pages/labs.ts";
import { accounts, expect, fetches, test } from "./support/test.ts";

const paper = (name: string) =>
  readFile(new URL(`../demo/documents/${name}.txt`, import.meta.url), "utf8");

test("concepts are proposed from a pasted paper, and decided; a second member follows", async ({
  signIn,
}) => {
  test.slow();
  const ana = await signIn(accounts.members.ana);
  const ben = await signIn(accounts.members.ben);
  const [hers, his] = [new LabsPage(ana.page), new LabsPage(ben.page)];
  const id = await hers.make("The Union", "What the papers speak of.");
  await expect(hers.page.getByText("What the papers speak of.")).toBeVisible();
  await expect(hers.propose).toHaveAttribute("aria-disabled", "true");
  await expect(hers.page.getByRole("heading", { name: "Begin with a source" })).toBeVisible();

  await hers.open("Members");
  await hers.page.getByLabel("Email address").fill("nobody@example.com");
  ana.expectConsole(/the server responded with a status of 422 /);
  await hers.page.getByRole("button", { name: "Add member" }).click();
  await expect(hers.page.getByText("Nobody has an account with this address.")).toBeVisible();
  await hers.page.getByLabel("Email address").fill(accounts.members.ben);
  await hers.page.getByRole("button", { name: "Add member" }).click();
  await expect(hers.members).toHaveCount(2);
  await his.goto(id);
  await ben.connection.connected();
  await ana.connection.connected();

  await hers.open("Sources");
  await hers.paste("No. 10", await paper("federalist-10"));
  await expect(hers.source("No. 10").locator(".badge")).toHaveText("ready");
  await expect(his.propose).not.toHaveAttribute("aria-disabled", "true");

  // The bar may be gone before anybody could look for it, so the page itself is asked to look.
  await hers.open("Proposals");
  const seen = hers.page.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        const look = () => document.querySelector(".project-progress progress") !== null;
        new MutationObserver(() => look() && resolve(true)).observe(document.body, {
          childList: true,
          subtree: true,
        });
      }),
  );
  await hers.propose.click();
  expect(await seen).toBe(true);
  await expect(hers.toast("The sources are read.")).toBeVisible({ timeout: 60_000 });
  await expect(hers.concepts.first()).toBeVisible();
  const proposed = await hers.concepts.count();
  expect(proposed).toBeGreaterThan(5);
  await expect(his.concepts).toHaveCount(proposed);
  await expect(hers.underWay).toHaveCount(0);

  // Some are accepted at once; what the author's answer does not return is read once.
  ben.requests.forget();
  const titles = (await hers.concepts.locator(".concept-title").allTextContents()).slice(0, 4);
  await hers.select(titles[0] ?? "").check();
  await hers.select(titles[3] ?? "").click({ modifiers: ["Shift"] });
  await expect(hers.bulk).toContainText("4 selected");
  await hers.bulk.getByRole("button", { name: "Accept" }).click();
  await expect(hers.toast("4 concepts are accepted.")).toBeVisible();
  await expect(hers.bulk).toBeHidden();
  await expect(his.concepts).toHaveCount(proposed - 4);
  await expect(his.section("Map")).toContainText("4");
  expect(ben.requests.count(fetches.concepts), "a list for one transaction").toBeLessThanOrEqual(2);

  await his.open("Map");
  await expect(his.circles).toHaveCount(4);
  await hers.open("Map");
  await expect(hers.circles).toHaveCount(4);
  await hers.circles.first().focus();
  await expect(hers.page.getByRole("complementary", { name: "About the concept" })).toContainText("confidence");

  // Another one joins the map that both look at; the others keep their elements.
  const first = await his.circles.first().getAttribute("id");
  const kept = await his.circles.first().elementHandle();
  const editor = new LabsPage(await ana.context.newPage());
  await editor.goto(id);
  await editor.concepts.first().getByRole("button", { name: /^Accept/ }).click();
  await expect(hers.circles).toHaveCount(5);
  await expect(his.circles).toHaveCount(5);
  expect(await kept?.evaluate((node) => node.isConnected)).toBe(true);
  expect(await kept?.getAttribute("id")).toBe(first);

  // What was proposed is found again by its address, and what was decided is not proposed twice.
  await hers.page.goBack();
  await expect(hers.section("Proposals")).toHaveAttribute("aria-current", "page");
  await hers.status("Accepted").click();
  await expect(hers.page).toHaveURL(/status=accepted$/);
  await expect(hers.concepts).toHaveCount(5);
});

test("files are added several at once, and what is refused is said beside the field", async ({
  signIn,
}) => {
  const ana = await signIn(accounts.members.ana);
  const labs = new LabsPage(ana.page);
  const id = await labs.make("Papers in files");
  await labs.goto(id, "sources");
  await labs.page.getByRole("button", { name: "Add source" }).click();
  const dialog = labs.page.getByRole("dialog", { name: "Add sources" });
  const add = dialog.getByRole("button", { name: "Add", exact: true });
  await add.click();
  await expect(dialog.getByText("Choose files, or paste a text below.")).toBeVisible();
  await dialog.getByLabel("Text").fill("Words without a name.");
  await add.click();
  await expect(dialog.getByText("Write something here.")).toBeVisible();
  await expect(dialog.getByLabel("Name")).toBeFocused();

  // A reload loses nothing of it.
  await labs.page.reload();
  await labs.goto(id, "sources");
  await labs.page.getByRole("button", { name: "Add source" }).click();
  await expect(dialog.getByLabel("Text")).toHaveValue("Words without a name.");
  await dialog.getByLabel("Text").fill("");

  const file = (name: string, text: string | Buffer) => ({
    name,
    mimeType: "text/plain",
    buffer: Buffer.from(text),
  });
  ana.expectConsole(/the server responded with a status of 422 /);
  await dialog.getByLabel("Files").setInputFiles([
    file("one.txt", "The first of three."),
    file("large.txt", Buffer.alloc(2_000_001, "a")),
    file("picture.txt", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff])),
    file("two.md", "# The second\n\nOf three."),
  ]);
  await add.click();
  await expect(dialog.getByText("large.txt: A source has at most 2 MB.")).toBeVisible();
  await expect(dialog.getByText("picture.txt: This is not text in UTF-8.")).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(labs.sources).toHaveCount(2);
  await expect(labs.source("two.md").locator(".badge")).toHaveText("ready");

  await labs.button("Delete", "one.txt").click();
  await labs.question("Delete “one.txt”?").getByRole("button", { name: "Delete" }).click();
  await expect(labs.sources).toHaveCount(1);
  const again = await hold(labs.page, /reingest_source/);
  await labs.button("Read again", "two.md").click();
  await expect(labs.source("two.md").locator(".badge")).toHaveText("waiting");
  again.release();
  await expect(labs.source("two.md").locator(".badge")).toHaveText("ready");
});
