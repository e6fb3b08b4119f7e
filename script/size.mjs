// Prints what each page of a release build makes a browser load, in bytes as they are sent (brotli),
// without the page itself: node script/size.mjs [SERVER [SITE]]
//
// It starts the server with demo data of its own, so both must be built, and the site compressed:
// script/server does that.
import { once } from "node:events";
import { request } from "node:http";
import { brotliDecompressSync } from "node:zlib";
import { startStudio } from "./studio.mjs";

const [server = "target/release/studio", site = "target/release-site"] = process.argv.slice(2);
const PAGES = ["/login", "/", "/orders", "/orders/ord_10248"];

/** One GET as a browser sends it; bytes are what came over the line. */
async function get(path, cookie = "") {
  const headers = { cookie, "accept-encoding": "br", accept: "*/*" };
  const sent = request(new URL(path, studio.origin), { headers });
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

const studio = await startStudio(server, site);
try {
  for (const path of PAGES) {
    const files = [...(await filesOf(path, path === "/login" ? "" : studio.cookie))];
    const code = files.filter(([file]) => /\.(js|wasm)$/.test(file));
    const sum = (files) => files.reduce((sum, [, { size }]) => sum + size, 0);
    console.log(`${path}: ${sum(code)} bytes of WebAssembly and JavaScript, ${sum(files)} with the rest`);
    for (const [file, { size, encoding }] of files) {
      console.log(`  ${String(size).padStart(7)}  ${file}${encoding === "br" ? "" : " (not compressed)"}`);
    }
  }
} finally {
  await studio.stop();
}
