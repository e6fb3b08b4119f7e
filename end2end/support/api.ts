/**
 * The REST endpoints as another program uses them, with the session of one account.
 * It must not go through a browser, nor through the link that a test may cut.
 */
import { password as demoPassword } from "./accounts.ts";
import { EventStream } from "./events.ts";

export type Status =
  | "pending"
  | "confirmed"
  | "packed"
  | "shipped"
  | "delivered"
  | "cancelled";

export interface Order {
  readonly id: string;
  readonly status: Status;
  readonly customerName: string;
  readonly note: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface OrderList {
  readonly rows: readonly Order[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

export interface OrderChange {
  readonly status?: Status;
  readonly note?: string;
  readonly version?: number;
}

export class Api {
  readonly #base: string;
  readonly #cookie: string;
  readonly #streams = new Set<EventStream>();

  private constructor(base: string, cookie: string) {
    this.#base = base;
    this.#cookie = cookie;
  }

  /** Signs in at a server. The session outlives a restart of it. */
  static async signIn(base: string, email: string, password = demoPassword): Promise<Api> {
    const response = await fetch(`${base}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password }),
    });
    if (!response.ok) {
      throw new Error(`sign-in of ${email}: ${response.status} ${await response.text()}`);
    }
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
    return new Api(base, cookies.join("; "));
  }

  /** Any request with this session; the answer is for the test to judge. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("cookie", this.#cookie);
    return fetch(`${this.#base}${path}`, { ...init, headers });
  }

  /** A page of the list as a query string describes it, such as `?status=pending`. */
  async listOrders(query = ""): Promise<OrderList> {
    const response = await this.request(`/api/v1/orders${query}`);
    if (!response.ok) {
      throw new Error(`GET orders${query}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as OrderList;
  }

  getOrder(id: string): Promise<Order> {
    return this.#order(id, {});
  }

  patchOrder(id: string, change: OrderChange): Promise<Order> {
    return this.#order(id, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(change),
    });
  }

  /** Opens an event stream, after the event with the given id if there is one. */
  async stream(
    path = "/api/v1/stream/events",
    options: { lastEventId?: string } = {},
  ): Promise<EventStream> {
    const headers: Record<string, string> = { cookie: this.#cookie };
    if (options.lastEventId !== undefined) {
      headers["last-event-id"] = options.lastEventId;
    }
    const stream = await EventStream.open(`${this.#base}${path}`, headers);
    this.#streams.add(stream);
    return stream;
  }

  /** Closes the streams that it opened. */
  dispose(): void {
    for (const stream of this.#streams) {
      stream.close();
    }
  }

  async #order(id: string, init: RequestInit): Promise<Order> {
    const response = await this.request(`/api/v1/orders/${id}`, init);
    if (!response.ok) {
      const method = init.method ?? "GET";
      throw new Error(`${method} ${id}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as Order;
  }
}
