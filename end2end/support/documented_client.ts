/**
 * Clients that are not ours: the hooks and handlers that the events' documentation shows, unchanged,
 * in React pages of the server's origin. The server knows nothing of the pages; the browser is given
 * them on the way.
 */
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { build } from "esbuild";

const content = resolve(import.meta.dirname, "../documented_client");
const coaching = resolve(import.meta.dirname, "../documented_coaching");

/**
 * Opens the page on one kind of content (`use-sse.ts`, `sse-handlers.ts`); `id` opens one thing of it
 * as well.
 */
export async function openDocumentedClient(
  page: Page,
  kind: "documents" | "podcasts",
  id = "",
): Promise<void> {
  await serve(page, content, {
    "@/env": join(content, "env.ts"),
    "@/clients/api-client": join(content, "api-client.ts"),
  });
  await page.goto(`/documented-client?kind=${kind}${id && `#${id}`}`);
}

/** Opens the page on a coaching session and its relationship (`lib/hooks`, `lib/providers`). */
export async function openDocumentedCoaching(
  page: Page,
  session: string,
  relationship: string,
): Promise<void> {
  await serve(page, coaching, {
    "@": coaching,
    "next/navigation": join(coaching, "navigation.ts"),
  });
  await page.goto(`/documented-client?session=${session}&relationship=${relationship}`);
}

async function serve(page: Page, directory: string, alias: Record<string, string>): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(directory, "page.tsx")],
    bundle: true,
    write: false,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"', "import.meta.env": '{"MODE":"production"}' },
    alias,
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
}
