/**
 * Somebody writes to the database with its own shell, and the pages follow. The same holds on each
 * database.
 */
import { LabsPage, Lab } from "./pages/labs.ts";
import { accounts, expect, fetches, test } from "./test.ts";

/** A test of the server's database, whichever it is. */
export function followTheShell(): void {
  test("the bar and a source's status move as the shell writes, and are not read again", async ({
    signIn,
    api,
    shell,
  }) => {
    const rest = await api(accounts.members.ana);
    const lab = await Lab.make(rest, "Written by a shell");
    const source = await lab.add("No. 10", "A faction is a number of citizens.");
    const ana = await signIn(accounts.members.ana);
    const labs = new LabsPage(ana.page);
    await labs.goto(lab.id, "sources");
    await ana.connection.connected();
    const badge = labs.source("No. 10").locator(".badge");
    await expect(badge).toHaveText("ready");
    ana.requests.forget();
    await shell.type(`UPDATE ingestion_sources SET status = 'processing' WHERE id = '${source}'`);
    await expect(badge).toHaveText("reading");
    await shell.type(`UPDATE ingestion_sources SET status = 'completed', words = 77 WHERE id = '${source}'`);
    await expect(badge).toHaveText("ready");
    await expect(labs.source("No. 10")).toContainText("77");
    expect(ana.requests.count(fetches.sources), "it is patched").toBe(0);

    // A job that somebody elsewhere works on.
    const [job, now] = ["job_00000000000000ab", Date.now()];
    await shell.type(
      `INSERT INTO jobs (id, kind, owner, project_id, target, title, payload, status, attempts,
           max_attempts, run_after, lease, lease_until, cancel_requested, created_at, started_at, version)
         SELECT '${job}', 'propose-concepts', user_id, project_id, 'project:' || project_id, 'By hand',
           '{}', 'running', 1, 3, 0, 'elsewhere', 9999999999999, false, ${now}, ${now}, 1
         FROM labs_members WHERE project_id = '${lab.id}'`,
    );
    await expect(labs.bar).toBeVisible();
    const progress = (current: number) =>
      shell.type(
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
    await shell.type(
      `INSERT INTO proposed_nodes (project_id, title, summary, confidence, mentions)
         VALUES ('${lab.id}', 'Faction', 'A number of citizens.', 0.8, 3)`,
    );
    await labs.open("Proposals");
    await expect(labs.concept("Faction")).toBeVisible();
    await shell.type(`UPDATE proposed_nodes SET title = 'A faction' WHERE project_id = '${lab.id}'`);
    await expect(labs.concept("A faction")).toBeVisible();
    await shell.type(
      `UPDATE jobs SET status = 'failed', lease = NULL, lease_until = NULL,
         error = 'The reader went home.' WHERE id = '${job}'`,
    );
    await expect(ana.page.getByText("No concepts were proposed. The reader went home.")).toBeVisible();
    await expect(labs.propose).toBeVisible();
  });
}
