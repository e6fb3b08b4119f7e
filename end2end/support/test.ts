/**
 * The `test` that every browser test uses. It owns the fixtures: a server for each worker, a link
 * to it for each test, visitors with a browser each, REST clients, and the check for accessibility.
 * A test fails if a page of it said anything unexpected on its console.
 */
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type BrowserContextOptions, type Page } from "@playwright/test";
import { staff } from "./accounts.ts";
import { Api, type Order, type Status } from "./api.ts";
import { Link } from "./link.ts";
import { PostgresServer } from "./postgres.ts";
import { StudioServer } from "./server.ts";
import { Shell } from "./shell.ts";
import { Visitor } from "./visitor.ts";

export { expect } from "@playwright/test";
export * as accounts from "./accounts.ts";
export { answered, connectionLost } from "./console.ts";
export { fetches } from "./requests.ts";

/** What a visitor's browser is like; `javaScriptEnabled: false`, a `viewport`, and so on. */
export type Visit = Omit<BrowserContextOptions, "baseURL">;

interface TestFixtures {
  /** The server, running and reached by every visitor of this test through one link. */
  link: Link;
  /** Opens a browser for somebody who has not signed in. */
  visit: (visit?: Visit) => Promise<Visitor>;
  /** Opens a browser for somebody who has signed in, with an empty page. */
  signIn: (email: string, visit?: Visit) => Promise<Visitor>;
  /** Signs a program in. */
  api: (email: string) => Promise<Api>;
  /**
   * An order of a status that no other test has had, from the newest. Statuses only move onwards,
   * so that a test which changed one leaves none for the next.
   */
  takeOrder: (status: Status) => Promise<Order>;
  /** Asserts that a page has no fault that axe can find. */
  axe: (page: Page) => Promise<void>;
  /** Shows what the server printed during a test that failed. */
  serverLog: void;
}

interface WorkerFixtures {
  /**
   * What the tests of a file add to the server's data, such as `new orders`, if others count what
   * they find there: files of another world have another server.
   */
  world: string;
  /** What the server of a file's tests is told, such as `STUDIO_SESSION_LIFETIME`. */
  settings: Record<string, string>;
  /** Which database the server of a file's tests is on. */
  database: "sqlite" | "postgres";
  /** The server of PostgreSQL, where that is the database. */
  postgres: PostgresServer | undefined;
  server: StudioServer;
  /** The database's own shell, for somebody who knows nothing of the application. */
  shell: Shell;
  /** The orders that tests of this worker have had. */
  taken: Set<string>;
}

/** The statuses as an order goes through them, each reached from the one before. */
const onwards: readonly Status[] = ["pending", "confirmed", "packed", "shipped", "delivered"];

export const test = base.extend<TestFixtures, WorkerFixtures>({
  world: ["the demo", { scope: "worker", option: true }],

  settings: [{}, { scope: "worker", option: true }],

  database: ["sqlite", { scope: "worker", option: true }],

  postgres: [
    async ({ database }, use) => {
      const postgres = database === "postgres" ? await PostgresServer.start() : undefined;
      await use(postgres);
      await postgres?.dispose();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  server: [
    async ({ world: _, settings, postgres }, use) => {
      const on: Record<string, string> = postgres ? { DATABASE_URL: postgres.url } : {};
      const server = await StudioServer.create({ ...settings, ...on });
      await use(server);
      await server.dispose();
    },
    { scope: "worker", timeout: 90_000 },
  ],

  shell: [
    async ({ server, postgres }, use) => {
      await use(postgres ? Shell.psql(postgres.url) : Shell.sqlite3(server.dataDir));
    },
    { scope: "worker" },
  ],

  taken: [
    async ({}, use) => {
      await use(new Set());
    },
    { scope: "worker" },
  ],

  serverLog: [
    async ({ server }, use, testInfo) => {
      const before = server.log.length;
      await use();
      if (testInfo.status !== testInfo.expectedStatus) {
        console.log(`What the server printed during "${testInfo.title}":`);
        console.log(server.log.slice(before));
      }
    },
    { auto: true },
  ],

  link: async ({ server }, use) => {
    // A test before this one may have left it killed.
    if (!server.running) {
      await server.start();
    }
    const link = await Link.to(server.port);
    await use(link);
    await link.cut();
  },

  visit: async ({ browser, link }, use) => {
    const visitors: Visitor[] = [];
    await use(async (visit = {}) => {
      const name = `visitor ${visitors.length + 1}`;
      const visitor = await Visitor.arrive(browser, name, {
        // A server that is not optimised takes seconds to compress one that is not either.
        extraHTTPHeaders: { "accept-encoding": "identity" },
        ...visit,
        baseURL: link.url,
      });
      visitors.push(visitor);
      return visitor;
    });
    for (const visitor of visitors) {
      await visitor.context.close();
    }
    for (const visitor of visitors) {
      expect.soft(visitor.console.unexpected, `console of ${visitor.name}`).toEqual([]);
    }
  },

  signIn: async ({ visit }, use) => {
    await use(async (email, options) => {
      const visitor = await visit(options);
      await visitor.signIn(email);
      return visitor;
    });
  },

  // Depends on the link because that has a killed server started again.
  api: async ({ server, link: _ }, use) => {
    const clients: Api[] = [];
    await use(async (email) => {
      const client = await Api.signIn(server.url, email);
      clients.push(client);
      return client;
    });
    for (const client of clients) {
      client.dispose();
    }
  },

  takeOrder: async ({ api, taken }, use) => {
    await use(async (status) => {
      const rest = await api(staff);
      // When there is none left, an order that is not as far is moved on.
      const before = onwards.slice(0, onwards.indexOf(status) + 1);
      for (const from of before.toReversed()) {
        const { rows } = await rest.listOrders(`?status=${from}`);
        const free = rows.find(({ id }) => !taken.has(id));
        if (free === undefined) {
          continue;
        }
        taken.add(free.id);
        let order = free;
        for (const next of onwards.slice(onwards.indexOf(from) + 1, before.length)) {
          order = await rest.patchOrder(order.id, { status: next });
        }
        return order;
      }
      throw new Error(`every ${status} order has been taken`);
    });
  },

  axe: async ({}, use) => {
    await use(async (page) => {
      // What fades in has no contrast yet.
      await page.emulateMedia({ reducedMotion: "reduce" });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, help, nodes }) => ({
        id,
        help,
        at: nodes.map((node) => node.target.join(" ")),
      }));
      expect(found, "violations of accessibility").toEqual([]);
    });
  },
});
