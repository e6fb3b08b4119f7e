/**
 * What the pages of one browser say on their consoles. Errors, warnings and uncaught exceptions fail a test, and so
 * does a hydration mismatch, which is one of them, unless the test said that it expects them.
 */
import type { BrowserContext } from "@playwright/test";

export class ConsoleGuard {
  readonly #said: string[] = [];
  readonly #expected: RegExp[] = [];

  constructor(context: BrowserContext) {
    context.on("console", (message) => {
      const type = message.type();
      const text = message.text();
      if (type === "error" || type === "warning" || /hydration/i.test(text)) {
        this.#said.push(`${type}: ${text} (${message.location().url})`);
      }
    });
    context.on("weberror", (webError) => {
      const error = webError.error();
      this.#said.push(`exception: ${error.stack ?? error.message}`);
    });
  }

  /** Allows messages that match; for what a test provokes, such as a cut connection. */
  expect(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  /** What was said and not expected. */
  get unexpected(): string[] {
    return this.#said.filter((said) => !this.#expected.some((pattern) => pattern.test(said)));
  }
}

/** What Chromium says of requests that found no server. */
export const connectionLost =
  /net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|SOCKET_NOT_CONNECTED)/;

/** What Chromium says of a request that the server answered with this status. */
export function answered(status: number): RegExp {
  return new RegExp(`the server responded with a status of ${status} `);
}
