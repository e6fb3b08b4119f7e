/** The documented coaching hooks, unchanged, on our stream. */
import type { Api } from "./support/api.ts";
import { openDocumentedCoaching } from "./support/documented_client.ts";
import { accounts, answered, connectionLost, expect, test } from "./support/test.ts";

test.use({ world: "other clients" });

interface Relationship {
  readonly id: string;
  readonly member: { readonly name: string } | null;
}

/** Sends a request, and answers what it made. */
async function send<T = { id: string }>(
  rest: Api,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const init = { method, headers: { "content-type": "application/json" } };
  const request = body === undefined ? init : { ...init, body: JSON.stringify(body) };
  const response = await rest.request(`/api/v1/${path}`, request);
  const text = await response.text();
  expect(response.status, text).toBeLessThan(300);
  return (text === "" ? {} : JSON.parse(text)) as T;
}

/** A new session of the coach and this member, and their relationship. */
async function newSession(rest: Api, member: string): Promise<{ session: string; relationship: string }> {
  const all = await send<Relationship[]>(rest, "GET", "coaching_relationships");
  const relationship = all.find((one) => one.member?.name.startsWith(member))?.id ?? "";
  const session = await send(rest, "POST", "coaching_sessions", {
    coaching_relationship_id: relationship,
    title: "With another client",
    scheduled_at: "2026-01-01T09:00:00Z",
  });
  return { session: session.id, relationship };
}

test("the documented hooks keep a React page of a session fresh", async ({ signIn, api, link }) => {
  const rest = await api(accounts.coach);
  const { session, relationship } = await newSession(rest, "Ana");
  const visitor = await signIn(accounts.members.ana);
  const { page, requests } = visitor;
  const state = page.getByRole("status");
  const reads = ["actions", "agreements", "overarching_goals"].map((path) =>
    page.waitForResponse(new RegExp(`/api/v1/${path}\\?`)),
  );
  await openDocumentedCoaching(page, session, relationship);
  await expect(state).toHaveText("Connected");
  // It connects while it reads its lists for the first time.
  for (const read of await Promise.all(reads)) {
    await read.finished();
  }

  const kinds = [
    { list: "Actions", path: "actions", of: { coaching_session_id: session }, text: "body" },
    { list: "Agreements", path: "agreements", of: { coaching_relationship_id: relationship }, text: "body" },
    { list: "Goals", path: "overarching_goals", of: { coaching_relationship_id: relationship }, text: "title" },
  ];
  const shown = (list: string, text: string) =>
    page.getByRole("list", { name: list }).getByRole("listitem").filter({ hasText: text });

  for (const { list, path, of, text } of kinds) {
    // Each event has the lists of its kind read again, once, and no other.
    requests.forget();
    const made = await send(rest, "POST", path, { ...of, [text]: `New in ${list}` });
    await expect(shown(list, `New in ${list}`)).toBeVisible();
    expect(requests.made).toEqual([`GET /api/v1/${path}`]);

    requests.forget();
    await send(rest, "PATCH", `${path}/${made.id}`, { [text]: `Changed in ${list}` });
    await expect(shown(list, `Changed in ${list}`)).toBeVisible();
    expect(requests.made).toEqual([`GET /api/v1/${path}`]);

    requests.forget();
    await send(rest, "DELETE", `${path}/${made.id}`);
    await expect(shown(list, `Changed in ${list}`)).toBeHidden();
    expect(requests.made).toEqual([`GET /api/v1/${path}`]);
  }

  // On a connection that it opened itself after it had lost one.
  visitor.expectConsole(connectionLost, /\[SSE\] Connection error/);
  await link.cut();
  await expect(state).toHaveText("Reconnecting");
  await link.restore();
  await expect(state).toHaveText("Connected", { timeout: 15_000 });
  await send(rest, "POST", "actions", { coaching_session_id: session, body: "After the cut" });
  await expect(shown("Actions", "After the cut")).toBeVisible();
});

test("being signed out leads the documented page to its login, with the reason", async ({
  signIn,
  api,
  server,
}) => {
  const rest = await api(accounts.coach);
  const { session, relationship } = await newSession(rest, "Ben");
  const visitor = await signIn(accounts.members.ben);
  const { page } = visitor;
  await openDocumentedCoaching(page, session, relationship);
  await expect(page.getByRole("status")).toHaveText("Connected");
  // It says so itself, and its last request finds that nobody is signed in.
  visitor.expectConsole(/\[SSE\] (Force logout received|Connection error)/, answered(401));
  await server.run("user", "sign-out", accounts.members.ben, "--reason", "The day is over.");
  await expect(page).toHaveURL(/\/login\?reason=forced_logout&message=The%20day%20is%20over\./);
});
