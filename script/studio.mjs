// A server of its own for what measures one: on a free port of loopback, with demo data that is
// thrown away.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Starts `server` on the files of `site`; `settings` are variables such as `STUDIO_JOBS`. */
export async function startStudio(server, site, settings = {}) {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  const data = mkdtempSync(join(tmpdir(), "studio-measured-"));
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(server, ["serve", "--demo"], {
    env: {
      ...process.env,
      LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
      LEPTOS_SITE_ROOT: site,
      STUDIO_DATA_DIR: data,
      ...settings,
    },
    stdio: "ignore",
  });
  let ended = false;
  child.once("exit", () => (ended = true));
  const stop = async () => {
    if (!ended) {
      const gone = once(child, "exit");
      child.kill();
      await gone;
    }
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const answers = () => fetch(`${origin}/healthz`).then(({ ok }) => ok, () => false);
    while (!(await answers())) {
      if (ended) throw new Error(`${server} ended at its start`);
      await delay(100);
    }
    const signedIn = await fetch(`${origin}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin },
      body: JSON.stringify({ email: "ops@example.com", password: "demo-password" }),
    });
    if (!signedIn.ok) throw new Error(`the sign-in answered ${signedIn.status}`);
    const cookie = signedIn.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
    return { origin, cookie, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
