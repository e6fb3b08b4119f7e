/**
 * The studio's server as a process of its own: started on a free port with a fresh data
 * directory, killed without warning, and started again on the same port and data.
 *
 * It runs what script/test built and must not build anything.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./port.ts";

const checkout = resolve(import.meta.dirname, "../..");
const target = resolve(checkout, process.env["CARGO_TARGET_DIR"] ?? "target");
const binary = resolve(process.env["END2END_SERVER"] ?? join(target, "debug/studio"));
const site = resolve(process.env["END2END_SITE"] ?? join(target, "test-site"));

/** How long a server may take until it answers; the first start imports the demo data. */
const START_DEADLINE_MS = 60_000;

export class StudioServer {
  readonly port: number;
  readonly url: string;
  readonly dataDir: string;
  readonly #settings: Record<string, string>;
  #process: ChildProcess | undefined;
  #log = "";

  private constructor(port: number, dataDir: string, settings: Record<string, string>) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.dataDir = dataDir;
    this.#settings = settings;
  }

  /** Starts a server of its own. `settings` are variables such as `STUDIO_HEARTBEAT_SECONDS`. */
  static async create(settings: Record<string, string> = {}): Promise<StudioServer> {
    for (const path of [binary, site]) {
      if (!existsSync(path)) {
        throw new Error(`${path} does not exist; script/test browser builds it`);
      }
    }
    const dataDir = await mkdtemp(join(tmpdir(), "studio-"));
    const server = new StudioServer(await freePort(), dataDir, settings);
    try {
      await server.start();
    } catch (cause) {
      await server.dispose();
      throw cause;
    }
    return server;
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** All that the server has printed, over all its starts. */
  get log(): string {
    return this.#log;
  }

  /** Starts the server again, and waits until it answers. */
  async start(): Promise<void> {
    if (this.#process !== undefined) {
      throw new Error("the server is running already");
    }
    const child = spawn(binary, ["serve", "--demo"], {
      cwd: checkout,
      env: this.#environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    const collect = (chunk: string) => {
      this.#log += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.once("error", (cause) => {
      collect(`cannot start ${binary}: ${cause.message}\n`);
      this.#process = undefined;
    });
    child.once("close", (code, signal) => {
      collect(`(the server ended: ${signal ?? code})\n`);
      this.#process = undefined;
    });
    await this.#answers();
  }

  /** Runs a command beside the server, on its database; what it printed. */
  async run(...command: string[]): Promise<string> {
    const child = spawn(binary, command, {
      cwd: checkout,
      env: this.#environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    const collect = (chunk: string) => {
      printed += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    const [code] = await once(child, "close");
    if (code !== 0) {
      throw new Error(`studio ${command.join(" ")} ended with ${code}: ${printed}`);
    }
    return printed;
  }

  /** Ends the server with SIGKILL, as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined) {
      return;
    }
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
  }

  /** Ends the server for good and removes its data. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** The environment without what configures a server that the developer runs. */
  #environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(LEPTOS_|STUDIO_)|^DATABASE_URL$|^RUST_LOG$/.test(name),
    );
    return {
      ...Object.fromEntries(inherited),
      LEPTOS_SITE_ADDR: `127.0.0.1:${this.port}`,
      LEPTOS_SITE_ROOT: site,
      STUDIO_DATA_DIR: this.dataDir,
      // All visitors come from one address, and sign in as the same few people.
      STUDIO_SIGN_IN_ATTEMPTS: "100000",
      STUDIO_SIGN_IN_ATTEMPTS_PER_CLIENT: "100000",
      ...this.#settings,
    };
  }

  async #answers(): Promise<void> {
    const deadline = Date.now() + START_DEADLINE_MS;
    while (this.#process !== undefined && Date.now() < deadline) {
      try {
        const response = await fetch(`${this.url}/healthz`);
        await response.arrayBuffer();
        if (response.ok) {
          return;
        }
      } catch {
        // Nobody listens yet.
      }
      await delay(25);
    }
    const what = this.#process === undefined ? "ended at its start" : "does not answer";
    await this.kill();
    throw new Error(`the server ${what}; it printed:\n${this.#log}`);
  }
}
