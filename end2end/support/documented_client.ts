/**
 * A client that is not ours: the hook and the handlers that the content events' documentation shows,
 * unchanged (`documented_client/use-sse.ts`, `sse-handlers.ts`), in a React page of the server's
 * origin. The server knows nothing of the page; the browser is given it on the way.
 */
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { build } from "esbuild";

const directory = resolve(import.meta.dirname, "../documented_client");

/** Opens the page on one kind of content; `id` opens one thing of it as well. */
export async function openDocumentedClient(
  page: Page,
  kind: "documents" | "podcasts",
  id = "",
): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(directory, "page.tsx")],
    bundle: true,
    write: false,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    alias: {
      "@/env": join(directory, "env.ts"),
      "@/clients/api-client": join(directory, "api-client.ts"),
    },
  });
  const script = outputFiles[0]?.text ?? "";
  await page.route("**/documented-client*", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang="en"><title>Documented client</title><link rel="icon" href="data:,">
        <body><script type="module" src="/documented-client.js"></script></body></html>`,
    }),
  );
  await page.route("**/documented-client.js", (route) =>
    route.fulfill({ contentType: "text/javascript", body: script }),
  );
  await page.goto(`/documented-client?kind=${kind}${id && `#${id}`}`);
}
