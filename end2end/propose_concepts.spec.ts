/** From a text to a map that two people have in front of them, without a reload. */
import { readFile } from "node:fs/promises";
import { hold } from "./support/hold.ts";
import { LabsPage, Lab, prepared } from "./support/pages/labs.ts";
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

test("the button keeps its place while it stops what it began; what ends shows no bar", async ({
  signIn,
  api,
  shell,
}) => {
  const lab = await Lab.make(await api(accounts.members.ana), "In its place");
  await lab.add("one", "The only one.");
  const ana = await signIn(accounts.members.ana);
  const labs = new LabsPage(ana.page);
  await labs.goto(lab.id);
  await ana.connection.connected();
  const boxes = async () => {
    const remove = ana.page.getByRole("button", { name: "Delete", exact: true });
    return [await labs.propose.or(labs.stop).boundingBox(), await remove.boundingBox()];
  };
  const before = await boxes();
  await expect(labs.propose).not.toHaveAttribute("aria-disabled", "true");

  // Somebody elsewhere works on it, one stage after another.
  const [job, now] = ["job_00000000000000cd", Date.now()];
  const set = (what: string) => shell.type(`UPDATE jobs SET ${what} WHERE id = '${job}'`);
  await shell.type(
    `INSERT INTO jobs (id, kind, owner, project_id, target, title, payload, status, attempts,
         max_attempts, run_after, lease, lease_until, cancel_requested, created_at, started_at, version)
       SELECT '${job}', 'propose-concepts', user_id, project_id, 'project:' || project_id, 'By hand',
         '{}', 'running', 1, 3, 0, 'elsewhere', 9999999999999, false, ${now}, ${now - 600_000}, 1
       FROM labs_members WHERE project_id = '${lab.id}'`,
  );
  await expect(labs.stop).toBeVisible();
  expect(await boxes()).toEqual(before);
  const at = (seconds: number) => `progress_message = '', progress_updated_at = ${now + seconds * 1_000}`;
  await set(`progress_stage = 'reading', progress_current = 0, progress_total = 100, ${at(1)}`);
  await expect(labs.underWay).toContainText("Reading");
  await expect(labs.underWay).toContainText("0 %");
  await set(`progress_current = 50, ${at(11)}`);
  await expect(labs.underWay, "ten minutes went by before that").toContainText("50 % · about 10 s left");
  await set(`progress_stage = 'linking', progress_current = 0, progress_total = 7, ${at(12)}`);
  await expect(labs.underWay).toContainText("0 of 7");
  await expect(labs.underWay, "what another count took says nothing").not.toContainText("left");
  await set(`progress_stage = 'complete', progress_current = 7, ${at(13)}`);
  await expect(labs.bar).toHaveCount(0);

  // One way to go on, and nothing that stays in the way.
  await set("status = 'cancelled', lease = NULL, lease_until = NULL");
  await expect(labs.toast("Proposing was stopped before anything was found.")).toBeVisible();
  await expect(labs.propose).toBeVisible();
  await expect(ana.page.getByRole("button", { name: /^Propose/ })).toHaveCount(1);
  await expect(ana.page.getByText("Concepts are proposed from 1 source.")).toBeVisible();
  expect(await boxes()).toEqual(before);
});

test("that nothing new was found is said", async ({ signIn, api }) => {
  test.slow();
  const { lab, concepts } = await prepared(await api(accounts.members.ana), "Nothing new");
  const ana = await signIn(accounts.members.ana);
  const labs = new LabsPage(ana.page);
  await labs.goto(lab.id);
  await ana.connection.connected();
  await labs.propose.click();
  await expect(labs.toast("The sources are read. Nothing new was found.")).toBeVisible({ timeout: 30_000 });
  await lab.delete(concepts[0]?.id ?? "");
  await expect(labs.concepts).toHaveCount(concepts.length - 1);
  await labs.propose.click();
  await expect(labs.toast("What is new waits among the proposals.")).toBeVisible({ timeout: 30_000 });
});
