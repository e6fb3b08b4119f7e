/** The documented React hook, unchanged, on our stream. */
import { openDocumentedClient } from "./support/documented_client.ts";
import { accounts, connectionLost, expect, test } from "./support/test.ts";

test.use({ world: "other clients" });

const json = { "content-type": "application/json" };

test("the documented hook keeps a React page fresh", async ({ signIn, api, link }) => {
  const rest = await api(accounts.members.ana);
  const send = async (method: string, path: string, body: object) => {
    const response = await rest.request(path, { method, headers: json, body: JSON.stringify(body) });
    expect(response.status, await response.clone().text()).toBeLessThan(300);
    return (await response.json()) as { id: string };
  };
  const first = await send("POST", "/api/v1/documents", { title: "First", body: "One." });

  const visitor = await signIn(accounts.members.ana);
  const { page, requests } = visitor;
  const state = page.getByRole("status");
  await openDocumentedClient(page, "documents", first.id);
  await expect(state).toHaveText("connected");
  await expect(page.getByRole("listitem").filter({ hasText: "First" })).toBeVisible();
  requests.forget();

  // `entity_change`, `insert`: the list is read again, once, and the document is not.
  const second = await send("POST", "/api/v1/documents", { title: "Second", body: "Two." });
  await expect(page.getByRole("listitem").filter({ hasText: "Second" })).toBeVisible();
  expect(requests.made).toEqual(["GET /api/v1/documents"]);

  // `update`: the document is, and the list is not.
  requests.forget();
  await send("PATCH", `/api/v1/documents/${first.id}`, { title: "Renamed" });
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
