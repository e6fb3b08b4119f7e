// Writes FILE.br and FILE.gz beside each script, stylesheet and WebAssembly file of a directory,
// so that the server sends them as they are: node script/precompress.mjs DIRECTORY
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const directory = process.argv[2];
let [plain, compressed] = [0, 0];
for (const name of readdirSync(directory).filter((name) => /\.(css|js|wasm)$/.test(name))) {
  const content = readFileSync(join(directory, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const brotli = brotliCompressSync(content, { params });
  writeFileSync(join(directory, `${name}.br`), brotli);
  writeFileSync(join(directory, `${name}.gz`), gzipSync(content, { level: 9 }));
  plain += content.length;
  compressed += brotli.length;
}
console.log(`precompress: ${directory}: ${plain} bytes, ${compressed} as brotli`);
