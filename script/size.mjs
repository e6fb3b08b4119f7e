// Prints what each page of a release build makes a browser load, in bytes as they are sent (brotli),
// without the page itself: node script/size.mjs [SERVER [SITE]]
//
// It starts the server with demo data of its own, so both must be built, and the site compressed:
// script/server does that.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { brotliDecompressSync } from "node:zlib";

const [server = "target/release/studio", site = "target/release-site"] = process.argv.slice(2);
const PAGES = ["/login", "/", "/orders", "/orders/ord_10248"];

/** One GET as a browser sends it; bytes are what came over the line. */
async function get(path, cookie = "") {
  const headers = { cookie, "accept-encoding": "br", accept: "*/*" };
  const sent = request({ host: "127.0.0.1", port, path, headers });
  sent.end();
  const [response] = await once(sent, "response");
  const chunks = await response.toArray();
  const bytes = Buffer.concat(chunks);
  const encoding = response.headers["content-encoding"];
  const text = () => (encoding === "br" ? brotliDecompressSync(bytes) : bytes).toString();
  return { status: response.statusCode, encoding, size: bytes.length, text };
}

/** A page's files: what its head names, and what its modules import. */
async function filesOf(path, cookie) {
  const page = await get(path, cookie);
  if (page.status !== 200) throw new Error(`${path} answered ${page.status}`);
  const links = page.text().match(/<link\b[^>]*>/g) ?? [];
  const named = links.map((link) => /href="([^"]*)"/.exec(link)?.[1]).filter(Boolean);
  const files = new Map();
  for (const file of named) await add(new URL(file, "http://page/").pathname, files);
  return files;
}
async function add(file, files) {
  if (files.has(file)) return;
  const answer = await get(file);
  if (answer.status !== 200) throw new Error(`${file} answered ${answer.status}`);
  files.set(file, answer);
  if (!file.endsWith(".js")) return;
  for (const [, imported] of answer.text().matchAll(/(?:^|;)import[^"';]*["'](\.[^"']+)["']/gm)) {
    await add(new URL(imported, `http://page${file}`).pathname, files);
  }
}

const probe = createServer().listen(0, "127.0.0.1");
await once(probe, "listening");
const { port } = probe.address();
probe.close();
const data = mkdtempSync(join(tmpdir(), "studio-size-"));
const origin = `http://127.0.0.1:${port}`;
const child = spawn(server, ["serve", "--demo"], {
  env: {
    ...process.env,
    LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
    LEPTOS_SITE_ROOT: site,
    STUDIO_DATA_DIR: data,
  },
  stdio: "ignore",
});
let ended = false;
child.once("exit", () => (ended = true));
try {
  for (let up = false; !up; up = await get("/healthz").then((answer) => answer.status === 200, () => false)) {
    if (ended) throw new Error(`${server} ended at its start`);
    await delay(100);
  }
  const answer = await fetch(`${origin}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ email: "ops@example.com", password: "demo-password" }),
  });
  if (!answer.ok) throw new Error(`the sign-in answered ${answer.status}`);
  const cookie = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
  for (const path of PAGES) {
    const files = [...(await filesOf(path, path === "/login" ? "" : cookie))];
    const code = files.filter(([file]) => /\.(js|wasm)$/.test(file));
    const sum = (files) => files.reduce((sum, [, { size }]) => sum + size, 0);
    console.log(`${path}: ${sum(code)} bytes of WebAssembly and JavaScript, ${sum(files)} with the rest`);
    for (const [file, { size, encoding }] of files) {
      console.log(`  ${String(size).padStart(7)}  ${file}${encoding === "br" ? "" : " (not compressed)"}`);
    }
  }
} finally {
  if (!ended) {
    const gone = once(child, "exit");
    child.kill();
    await gone;
  }
  rmSync(data, { recursive: true, force: true });
}
