/**
 * The shell that comes with a database: `psql` or `sqlite3`. What is typed there knows nothing of the
 * application.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export class Shell {
  readonly #program: string;
  readonly #before: readonly string[];

  private constructor(program: string, before: readonly string[]) {
    this.#program = program;
    this.#before = before;
  }

  static psql(url: string): Shell {
    const quiet = ["--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"];
    return new Shell("psql", [url, ...quiet, "--command"]);
  }

  static sqlite3(dataDir: string): Shell {
    return new Shell("sqlite3", ["-cmd", ".timeout 20000", join(dataDir, "studio.db")]);
  }

  /** Runs a statement; what it answers, columns with `|` between them. */
  async type(sql: string): Promise<string> {
    const { stdout, stderr } = await run(this.#program, [...this.#before, sql]);
    if (stderr !== "") {
      throw new Error(`${this.#program}: ${stderr}`);
    }
    return stdout.trim();
  }
}
