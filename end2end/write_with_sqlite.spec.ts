/** Somebody writes to the database with its shell, and the pages follow. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { LabsPage, Lab } from "./support/pages/labs.ts";
import { accounts, expect, fetches, test } from "./support/test.ts";

// Nobody here does the jobs, so that the shell alone says how far they have come.
test.use({ world: "jobs done elsewhere", settings: { STUDIO_JOBS: "0" } });

const run = promisify(execFile);

test("the bar and a source's status move as the shell writes, and are not read again", async ({
  signIn,
  api,
  server,
}) => {
  const shell = (statement: string) =>
    run("sqlite3", ["-cmd", ".timeout 5000", join(server.dataDir, "studio.db"), statement]);
  const rest = await api(accounts.members.ana);
  const lab = await Lab.make(rest, "Written by a shell");
  const added = await rest.request(`/api/projects/${lab.id}/sources`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sourceName: "No. 10", text: "A faction is a number of citizens." }),
  });
  const source = ((await added.json()) as { id: string }).id;
  const ana = await signIn(accounts.members.ana);
  const labs = new LabsPage(ana.page);
  await labs.goto(lab.id, "sources");
  await ana.connection.connected();
  const badge = labs.source("No. 10").locator(".badge");
  await expect(badge).toHaveText("waiting");
  ana.requests.forget();
  await shell(`UPDATE ingestion_sources SET status = 'processing' WHERE id = '${source}'`);
  await expect(badge).toHaveText("reading");
  await shell(`UPDATE ingestion_sources SET status = 'completed', words = 7 WHERE id = '${source}'`);
  await expect(badge).toHaveText("ready");
  await expect(labs.source("No. 10")).toContainText("7");
  expect(ana.requests.count(fetches.sources), "it is patched").toBe(0);

  const job = await lab.generate();
  await expect(labs.bar).toBeVisible();
  await shell(
    `UPDATE jobs SET status = 'running', lease = 'elsewhere', lease_until = 9999999999999,
       started_at = created_at WHERE id = '${job}'`,
  );
  const progress = (current: number) =>
    shell(
      `UPDATE jobs SET progress_stage = 'Reading by hand', progress_current = ${current},
         progress_total = 8, progress_message = '' WHERE id = '${job}'`,
    );
  await progress(2);
  await expect(labs.underWay).toContainText("Reading by hand");
  await expect(labs.underWay).toContainText("2 of 8");
  ana.requests.forget();
  for (const current of [3, 5, 6]) {
    await progress(current);
    await expect(labs.underWay).toContainText(`${current} of 8`);
    await expect(labs.bar).toHaveAttribute("value", String(current));
  }
  expect(ana.requests.count(fetches.generation), "it is patched").toBe(0);

  // What it came to is inserted by hand as well, and a reload finds the rest.
  await ana.page.reload();
  await expect(labs.bar).toHaveAttribute("value", "6");
  await shell(
    `INSERT INTO proposed_nodes (project_id, title, summary, confidence, mentions)
       VALUES ('${lab.id}', 'Faction', 'A number of citizens.', 0.8, 3)`,
  );
  await labs.open("Proposals");
  await expect(labs.concept("Faction")).toBeVisible();
  await shell(`UPDATE proposed_nodes SET title = 'A faction' WHERE project_id = '${lab.id}'`);
  await expect(labs.concept("A faction")).toBeVisible();
  await shell(
    `UPDATE jobs SET status = 'failed', lease = NULL, lease_until = NULL,
       error = 'The reader went home.' WHERE id = '${job}'`,
  );
  await expect(ana.page.getByText("No concepts were proposed. The reader went home.")).toBeVisible();
  await expect(ana.page.getByRole("button", { name: "Propose again" })).toBeVisible();
});
