// Prints how long a change takes from its event to the screen of an open page, first with nothing
// else to do, then while eight jobs run: node script/screen.mjs [SERVER [SITE [CHANGES]]]
//
// The page shows an order whose note is changed over REST, ten times a second. An event is dated
// before its transaction begins; the screen is what the page holds at the next frame. Both clocks are
// this machine's.
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { startStudio } from "./studio.mjs";

const [server = "target/release/studio", site = "target/release-site", changes = "200"] =
  process.argv.slice(2);
const ORDER = "ord_11077";
const JOBS = 8;

const studio = await startStudio(server, site, { STUDIO_JOBS: String(JOBS) });
const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium"].find((path) => path && existsSync(path));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

/** Asks the server for something of the API. */
async function ask(method, path, body) {
  const answer = await fetch(`${studio.origin}/api/v1${path}`, {
    method,
    headers: { cookie: studio.cookie, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Changes the note `count` times; what each took, in milliseconds, the fastest first. */
async function measure(page, name, count) {
  const took = [];
  for (let change = 0; change < count; change += 1) {
    const note = `${name} ${change}`;
    const shown = page.evaluate(
      (note) =>
        new Promise((resolve) => {
          const look = () =>
            document.querySelector("textarea").value === note ? resolve(Date.now()) : requestAnimationFrame(look);
          look();
        }),
      note,
    );
    const { updatedAt } = await ask("PATCH", `/orders/${ORDER}`, { note });
    took.push((await shown) - Date.parse(updatedAt));
    await delay(100);
  }
  return took.toSorted((a, b) => a - b);
}

function print(name, took) {
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
  console.log(`${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${took.at(-1)} ms, of ${took.length} changes`);
}

/** Keeps eight jobs under way until it is told to stop: podcasts of all papers. */
async function keepBusy(until) {
  const { rows } = await ask("GET", "/documents");
  const podcasts = [];
  for (let number = 1; number <= JOBS; number += 1) {
    const documentIds = rows.map(({ id }) => id);
    podcasts.push((await ask("POST", "/podcasts", { title: `Number ${number}`, documentIds })).id);
  }
  let begun = 0;
  while (!until.aborted) {
    const { running, queued } = await ask("GET", "/jobs");
    const busy = new Set([...running, ...queued].map(({ target }) => target));
    for (const id of podcasts.filter((id) => !busy.has(`podcast:${id}`))) {
      await ask("POST", `/podcasts/${id}/generate`);
      begun += 1;
    }
    await delay(250);
  }
  return begun;
}

try {
  const page = await browser.newPage();
  const [name, ...value] = studio.cookie.split("=");
  await page.context().addCookies([{ name, value: value.join("="), url: studio.origin }]);
  await page.goto(`${studio.origin}/orders/${ORDER}`);
  await page.locator("p.connection[data-state=connected]").waitFor({ state: "attached" });
  await measure(page, "warm", 20);
  print("with nothing else to do", await measure(page, "idle", Number(changes)));

  const done = new AbortController();
  const busy = keepBusy(done.signal);
  while ((await ask("GET", "/jobs")).running.length < JOBS) await delay(100);
  print(`while ${JOBS} jobs run`, await measure(page, "busy", Number(changes)));
  done.abort();
  console.log(`${await busy} jobs were begun meanwhile`);
} finally {
  await browser.close();
  await studio.stop();
}
