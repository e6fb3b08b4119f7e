/**
 * A browser's own EventSource, which can send neither a header nor, elsewhere, a cookie, listens to a
 * project by a token in the address.
 */
import { readFile } from "node:fs/promises";
import { Lab } from "./support/pages/labs.ts";
import { accounts, expect, test } from "./support/test.ts";

const paper = new URL("../demo/documents/federalist-10.txt", import.meta.url);

interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

test("an EventSource with a token hears what is documented, and nothing after it was removed", async ({
  visit,
  api,
}) => {
  const ana = await api(accounts.members.ana);
  const lab = await Lab.make(ana, "Listened to", accounts.members.ben);
  const ben = await api(accounts.members.ben);
  const { token } = (await (
    await ben.request(`/api/projects/${lab.id}/stream-token`, { method: "POST" })
  ).json()) as { token: string };

  const visitor = await visit();
  const { page } = visitor;
  await page.goto("/login");
  await page.evaluate((address) => {
    const listener = window as unknown as { heard: unknown[]; source: EventSource };
    listener.heard = [];
    listener.source = new EventSource(address);
    listener.source.onmessage = ({ data }) => listener.heard.push(JSON.parse(String(data)));
  }, `/api/projects/${lab.id}/status?token=${token}`);
  const heard = (): Promise<Message[]> =>
    page.evaluate(() => (window as unknown as { heard: Message[] }).heard);

  await expect.poll(heard).toEqual([{ type: "connected", message: "Connected to status updates" }]);
  const source = await lab.add("No. 10", await readFile(paper, "utf8"));
  await expect
    .poll(async () => (await heard()).filter((message) => message.sourceId === source))
    .toContainEqual(
      expect.objectContaining({ type: "status_update", status: "completed", sourceName: "No. 10" }),
    );
  const concepts = await lab.propose();
  await expect
    .poll(async () => (await heard()).findLast(({ type }) => type === "progress_update")?.progress)
    .toMatchObject({ stage: "complete" });
  for (const { id, title } of concepts) {
    await expect
      .poll(heard)
      .toContainEqual(expect.objectContaining({ type: "new_proposal", proposalId: id, title }));
  }

  // Whoever is removed is cut off, and refused from then on.
  const { id: user } = (await (await ben.request("/api/v1/session")).json()) as { id: number };
  visitor.expectConsole(/the server responded with a status of 403 /);
  await ana.request(`/api/projects/${lab.id}/members/${user}`, { method: "DELETE" });
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { source: EventSource }).source.readyState))
    .toBe(2);
});
