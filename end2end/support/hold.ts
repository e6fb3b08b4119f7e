/** Requests of a page that a test holds back, to see what the page shows before their answers. */
import type { Page, Route } from "@playwright/test";

export interface Held {
  /** Waits until as many requests as given have been held back in all; one if not said. */
  arrived(count?: number): Promise<void>;
  /** Lets the oldest request through that is held back. */
  releaseOne(): void;
  /** Lets every request through, from now on too. */
  release(): void;
}

/** Holds every request of a page back whose path matches. */
export async function hold(page: Page, pattern: RegExp): Promise<Held> {
  const waiting: Route[] = [];
  let arrivals = 0;
  let open = false;
  let wake = () => {};
  // A page that was closed meanwhile no longer waits for its answers. What else a test has in store for
  // a request still happens to it.
  const pass = (route: Route) => route.fallback().catch(() => {});
  await page.route(pattern, async (route) => {
    arrivals += 1;
    wake();
    if (open) {
      await pass(route);
    } else {
      waiting.push(route);
    }
  });
  return {
    async arrived(count = 1) {
      while (arrivals < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    releaseOne() {
      const oldest = waiting.shift();
      if (oldest === undefined) {
        throw new Error("no request is held back");
      }
      void pass(oldest);
    },
    release() {
      open = true;
      for (const route of waiting.splice(0)) {
        void pass(route);
      }
    },
  };
}
