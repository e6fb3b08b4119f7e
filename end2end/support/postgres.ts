/**
 * A private PostgreSQL server, which script/postgres starts on a free port and takes away.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface, type Interface } from "node:readline";

const script = resolve(import.meta.dirname, "../../script/postgres");

export class PostgresServer {
  readonly url: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;

  private constructor(url: string, child: ChildProcessWithoutNullStreams, lines: Interface) {
    this.url = url;
    this.#process = child;
    this.#lines = lines;
  }

  static async start(): Promise<PostgresServer> {
    // What was acknowledged survives a crash, as on a server that is installed.
    const child = spawn(script, ["--durable"]);
    let failed = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      failed += chunk;
    });
    const lines = createInterface(child.stdout);
    const said = once(lines, "line").then(([line]) => String(line));
    const ended = once(child, "close").then(() => {
      throw new Error(`script/postgres ended: ${failed}`);
    });
    const url = await Promise.race([said, ended]);
    // It ends when it is to.
    ended.catch(() => {});
    return new PostgresServer(url, child, lines);
  }

  /** Stops it as a power cut would, and starts it again on the same port and data. */
  async crash(): Promise<void> {
    for (const command of ["crash", "start"]) {
      const answered = once(this.#lines, "line");
      this.#process.stdin.write(`${command}\n`);
      await answered;
    }
  }

  /** Ends it for good. */
  async dispose(): Promise<void> {
    const closed = once(this.#process, "close");
    this.#process.stdin.end();
    await closed;
  }
}
