// A Hono server whose streams are written as its documentation shows: one streamSSE loop for each
// client, and a broadcast that writes to all of them. It prints the port that it listens on.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";

const clients = new Set();
let lastId = 0;

async function broadcast(event) {
  const message = { id: String(++lastId), data: JSON.stringify(event) };
  await Promise.all([...clients].map((stream) => stream.writeSSE(message)));
}

const app = new Hono();

app.get("/events", (c) =>
  streamSSE(c, async (stream) => {
    clients.add(stream);
    stream.onAbort(() => clients.delete(stream));
    const data = JSON.stringify({ message: "Connected to event stream" });
    await stream.writeSSE({ id: String(lastId), event: "connected", data });
    while (!stream.aborted) {
      await stream.sleep(15000);
      await stream.writeSSE({ id: String(lastId), event: "ping", data: JSON.stringify({ ts: Date.now() }) });
    }
  }),
);

app.post("/publish", async (c) => {
  await broadcast(await c.req.json());
  return c.body(null, 204);
});

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => console.log(port));
