/** The documented React hook, unchanged, on our stream. */
import type { Api } from "./support/api.ts";
import { openDocumentedClient } from "./support/documented_client.ts";
import { accounts, connectionLost, expect, test } from "./support/test.ts";

test.use({ world: "other clients" });

const json = { "content-type": "application/json" };

/** Sends a change, and answers what it made. */
async function send(rest: Api, method: string, path: string, body: object): Promise<{ id: string }> {
  const response = await rest.request(path, { method, headers: json, body: JSON.stringify(body) });
  expect(response.status, await response.clone().text()).toBeLessThan(300);
  return (await response.json()) as { id: string };
}

test("the documented hook keeps a React page fresh", async ({ signIn, api, link }) => {
  const rest = await api(accounts.members.ana);
  const first = await send(rest, "POST", "/api/v1/documents", { title: "First", body: "One." });

  const visitor = await signIn(accounts.members.ana);
  const { page, requests } = visitor;
  const state = page.getByRole("status");
  await openDocumentedClient(page, "documents", first.id);
  await expect(state).toHaveText("connected");
  await expect(page.getByRole("listitem").filter({ hasText: "First" })).toBeVisible();
  requests.forget();

  // `entity_change`, `insert`: the list is read again, once, and the document is not.
  const second = await send(rest, "POST", "/api/v1/documents", { title: "Second", body: "Two." });
  await expect(page.getByRole("listitem").filter({ hasText: "Second" })).toBeVisible();
  expect(requests.made).toEqual(["GET /api/v1/documents"]);

  // `update`: the document is, and the list is not.
  requests.forget();
  await send(rest, "PATCH", `/api/v1/documents/${first.id}`, { title: "Renamed" });
  await expect(page.getByRole("heading")).toHaveText(/^Renamed: /);
  expect(requests.made).toEqual([`GET /api/v1/documents/${first.id}`]);

  // `delete`, and that of a connection which it opened itself after it had lost one.
  visitor.expectConsole(connectionLost);
  await link.cut();
  await expect(state).toHaveText("disconnected");
  await link.restore();
  await expect(state).toHaveText("connected", { timeout: 15_000 });
  const gone = await rest.request(`/api/v1/documents/${second.id}`, { method: "DELETE" });
  expect(gone.status).toBe(204);
  await expect(page.getByRole("listitem").filter({ hasText: "Second" })).toBeHidden();
});

test("the documented hook hears that a job has ended", async ({ signIn, api }) => {
  const rest = await api(accounts.members.ben);
  const text = "Rivers run to the sea. They carry sand and stones with them, and they shape the land.";
  const document = await send(rest, "POST", "/api/v1/documents", { title: "Rivers", body: text });
  const made = { title: "Of rivers", documentIds: [document.id] };
  const podcast = await send(rest, "POST", "/api/v1/podcasts", made);

  const { page, requests } = await signIn(accounts.members.ben);
  await openDocumentedClient(page, "podcasts", podcast.id);
  await expect(page.getByRole("status")).toHaveText("connected");
  await expect(page.getByRole("heading")).toHaveText("Of rivers: draft");
  requests.forget();
  const jobType = "generate-script";
  await send(rest, "POST", `/api/v1/podcasts/${podcast.id}/generate`, { jobType });
  await expect(page.getByRole("heading")).toHaveText("Of rivers: script_ready");
  // `job_completion` has the list read again; that the podcast changed when the job began has not.
  await expect.poll(() => requests.count(/\/api\/v1\/podcasts$/)).toBe(1);
});
