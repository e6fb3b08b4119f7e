/** PostgreSQL stops as by a power cut while it is written to, and comes back. */
import { setTimeout as delay } from "node:timers/promises";
import type { Api } from "./support/api.ts";
import { LabsPage, Lab } from "./support/pages/labs.ts";
import { accounts, answered, connectionLost, expect, test } from "./support/test.ts";

test.use({ database: "postgres" });

/** How often it stops. */
const CRASHES = 2;

/** Between two attempts at a change that could not be made. */
const AGAIN_MS = 100;

/** Makes one change, and repeats it until it is acknowledged. */
async function surely(rest: Api, path: string, title: string): Promise<void> {
  const key = crypto.randomUUID().replaceAll("-", "");
  const change = {
    method: "PATCH",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ title }),
  };
  for (;;) {
    const answer = await rest.request(path, change);
    if (answer.ok) return;
    expect(answer.status, "what cannot be done now is 503").toBe(503);
    await delay(AGAIN_MS);
  }
}

test("what was acknowledged is there, and no page goes back to what it has shown before", async ({
  signIn,
  api,
  shell,
  postgres,
}) => {
  test.slow();
  const rest = await api(accounts.members.ana);
  const lab = await Lab.make(rest, "Written without a break");
  await shell.type(
    `INSERT INTO proposed_nodes (project_id, title, confidence) VALUES ('${lab.id}', 'Count 0', 0.5)`,
  );
  const [concept] = await lab.concepts();
  if (!concept || !postgres) throw new Error("there is one");
  const ana = await signIn(accounts.members.ana);
  ana.expectConsole(answered(503), connectionLost);
  const labs = new LabsPage(ana.page);
  await labs.goto(lab.id);
  await ana.connection.connected();
  await ana.page.evaluate(() => {
    const page = window as unknown as { shown: number[] };
    page.shown = [];
    const look = () => {
      const title = document.querySelector(".concept-title")?.textContent ?? "";
      const count = Number(/Count (\d+)/.exec(title)?.[1]);
      if (!Number.isNaN(count) && page.shown.at(-1) !== count) page.shown.push(count);
    };
    const options = { childList: true, subtree: true, characterData: true };
    new MutationObserver(look).observe(document.body, options);
  });

  let [count, over] = [0, false];
  const writing = (async () => {
    while (!over) {
      await surely(rest, `/api/projects/${lab.id}/proposals/${concept.id}`, `Count ${count + 1}`);
      count += 1;
    }
  })();
  for (let crash = 0; crash < CRASHES; crash++) {
    const before = count;
    await expect.poll(() => count, "it is written to").toBeGreaterThan(before + 5);
    await postgres.crash();
  }
  const before = count;
  await expect.poll(() => count, { timeout: 30_000 }).toBeGreaterThan(before + 5);
  over = true;
  await writing;

  expect((await lab.concepts())[0]?.title).toBe(`Count ${count}`);
  await expect(labs.concept(`Count ${count}`)).toBeVisible({ timeout: 40_000 });
  const shown = await ana.page.evaluate(() => (window as unknown as { shown: number[] }).shown);
  expect(shown.length).toBeGreaterThan(5);
  expect(shown, "it never goes back").toEqual(shown.toSorted((a, b) => a - b));
  // The versions say that each was done once.
  expect((await lab.concepts())[0]?.version).toBe(count + 1);
});
