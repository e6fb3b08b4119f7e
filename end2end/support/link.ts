/**
 * The network between browsers and the server, which a test can cut and restore.
 *
 * Browsers talk to the link, and it to the server. Cutting it destroys every connection, open
 * streams too, and refuses new ones; a browser's own offline switch leaves open streams alone.
 * It looks at what it carries only where a test says that the server is of another build or version.
 */
import { connect, createServer, type Server, type Socket } from "node:net";
import { Transform } from "node:stream";
import { freePort } from "./port.ts";

export class Link {
  readonly port: number;
  readonly url: string;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #listener: Server | undefined;
  #build: string | undefined;
  /** What the server says, and what streams that are opened from now on say in its place. */
  #renamed: readonly [string, string] | undefined;

  private constructor(port: number, target: number) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#target = target;
  }

  /** A working link to the server on the given port. */
  static async to(target: number): Promise<Link> {
    const link = new Link(await freePort(), target);
    await link.restore();
    return link;
  }

  /** Destroys every connection and refuses new ones. */
  async cut(): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) {
      return;
    }
    this.#listener = undefined;
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await closed;
  }

  /** Accepts connections again, on the same port. */
  async restore(): Promise<void> {
    if (this.#listener !== undefined) {
      return;
    }
    const listener = createServer((client) => this.#carry(client));
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(this.port, "127.0.0.1", resolve);
    });
    this.#listener = listener;
  }

  /**
   * Has streams that are opened from now on name another build of the server than its own: one of
   * as many digits, so that no length changes; its own again without one.
   */
  nameBuild(build: string | undefined): void {
    this.#build = build;
  }

  /**
   * Has connections that are opened from now on call events of one type by another, as a server of a
   * newer version might; both have as many letters.
   */
  renameEvent(type: string, other: string): void {
    this.#renamed = [`"type":"${type}"`, `"type":"${other}"`];
  }

  #carry(client: Socket): void {
    const server = connect(this.#target, "127.0.0.1");
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      // One end that is gone takes the other with it, as on a direct connection.
      from.once("error", () => to.destroy());
      from.once("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    client.pipe(server);
    server.pipe(this.#renaming()).pipe(client);
  }

  /** What the server says, with the build and the type of events that a test wants it to name. */
  #renaming(): Transform {
    const build = this.#build;
    const renamed = this.#renamed;
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        if (build === undefined && renamed === undefined) {
          done(null, chunk);
          return;
        }
        let text = chunk.toString("latin1");
        if (build !== undefined) {
          text = text.replace(/(?<="build":")[0-9a-f]{16}/, build);
        }
        if (renamed !== undefined) {
          text = text.replaceAll(...renamed);
        }
        done(null, Buffer.from(text, "latin1"));
      },
    });
  }
}
