/**
 * An event stream as a program reads it: the events that arrived, and waiting for the next.
 * It reads what the server writes to other clients and must not know what events mean.
 */

export interface StreamEvent {
  readonly id: string | undefined;
  /** The event's name; `message` if it has none. */
  readonly event: string;
  readonly data: string;
}

export class EventStream {
  readonly #abort: AbortController;
  readonly #arrived: StreamEvent[] = [];
  #taken = 0;
  #ended: string | undefined;
  #wake: () => void = () => {};

  private constructor(abort: AbortController, body: ReadableStream<Uint8Array>) {
    this.#abort = abort;
    this.#read(body).then(
      () => this.#end("the server ended the stream"),
      (cause: unknown) => this.#end(String(cause)),
    );
  }

  /** Opens a stream; rejects unless the server answers with one. */
  static async open(url: string, headers: Record<string, string>): Promise<EventStream> {
    const abort = new AbortController();
    const response = await fetch(url, {
      headers: { accept: "text/event-stream", ...headers },
      signal: abort.signal,
    });
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok || response.body === null || !type.startsWith("text/event-stream")) {
      abort.abort();
      throw new Error(`${url} answered ${response.status} ${type}`);
    }
    return new EventStream(abort, response.body);
  }

  /** Everything that has arrived so far. */
  get arrived(): readonly StreamEvent[] {
    return this.#arrived;
  }

  /** The next event that `wanted` accepts; the ones before it are passed over. */
  async next(
    wanted: (event: StreamEvent) => boolean = () => true,
    timeoutMs = 10_000,
  ): Promise<StreamEvent> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      for (let event = this.#arrived[this.#taken]; event; event = this.#arrived[this.#taken]) {
        this.#taken += 1;
        if (wanted(event)) {
          return event;
        }
      }
      if (this.#ended !== undefined) {
        throw new Error(`no such event: ${this.#ended}; arrived: ${this.#summary()}`);
      }
      if (!(await this.#woken(deadline - Date.now()))) {
        throw new Error(`no such event in ${timeoutMs} ms; arrived: ${this.#summary()}`);
      }
    }
  }

  close(): void {
    this.#abort.abort();
  }

  #summary(): string {
    return JSON.stringify(this.#arrived);
  }

  #woken(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), Math.max(0, withinMs));
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  #end(reason: string): void {
    this.#ended = reason;
    this.#wake();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of body) {
      rest += decoder.decode(chunk, { stream: true }).replaceAll("\r\n", "\n");
      const blocks = rest.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parse(block);
        if (event !== undefined) {
          this.#arrived.push(event);
        }
      }
      this.#wake();
    }
  }
}

function parse(block: string): StreamEvent | undefined {
  let id: string | undefined;
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") {
      id = value;
    } else if (field === "event") {
      event = value;
    } else if (field === "data") {
      data.push(value);
    }
  }
  return data.length === 0 ? undefined : { id, event, data: data.join("\n") };
}
