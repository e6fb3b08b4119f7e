/** One order. */
import type { Locator, Page } from "@playwright/test";
import type { Status } from "../api.ts";
import { hydrated } from "./hydrated.ts";

/** What the button says that moves an order to a status; nothing moves one to `pending`. */
const moves: Record<Exclude<Status, "pending">, string> = {
  confirmed: "Mark as confirmed",
  packed: "Mark as packed",
  shipped: "Mark as shipped",
  delivered: "Mark as delivered",
  cancelled: "Cancel order",
};

export class OrderPage {
  readonly page: Page;
  readonly status: Locator;
  readonly note: Locator;
  /** What is said below the note. */
  readonly noteHint: Locator;
  readonly saveNote: Locator;
  /** What happened to it, newest first. */
  readonly history: Locator;
  /** Both versions of a note that somebody else has changed meanwhile. */
  readonly conflict: Locator;
  /** When the order last changed. */
  readonly changed: Locator;

  constructor(page: Page) {
    this.page = page;
    this.status = page.getByTestId("order-status");
    this.note = page.getByRole("textbox", { name: "Note" });
    this.noteHint = page.locator("#note-hint");
    this.saveNote = page.getByRole("button", { name: "Save note" });
    this.history = page.getByRole("region", { name: "History" }).getByRole("listitem");
    this.conflict = page.getByRole("region", { name: "Two versions of this note" });
    const facts = page.getByRole("complementary", { name: "About this order" });
    this.changed = facts.locator(".fact").filter({ hasText: "Changed" }).locator("time");
  }

  async goto(id: string): Promise<void> {
    await this.page.goto(`/orders/${id}`);
    await hydrated(this.page);
  }

  /** The heading of the order with this id. */
  heading(id: string): Locator {
    return this.page.getByRole("heading", { name: `Order ${number(id)}`, level: 1 });
  }

  /** The button that moves the order to a status; there is one for each allowed move. */
  move(status: keyof typeof moves): Locator {
    return this.page.getByRole("button", { name: moves[status], exact: true });
  }

  /** One of the two versions: `Theirs` or `Yours`. */
  version(whose: "Theirs" | "Yours"): Locator {
    return this.conflict.getByRole("figure").filter({ hasText: whose }).locator("blockquote");
  }

  /** What there is to do about two versions. */
  choice(name: "Keep mine" | "Take theirs" | "Merge by hand"): Locator {
    return this.conflict.getByRole("button", { name });
  }

  /** What asks before an order is cancelled. */
  cancelDialog(id: string): Locator {
    return this.page.getByRole("dialog", { name: `Cancel order ${number(id)}?` });
  }

  /** A message that came up and says this. */
  toast(text: string | RegExp): Locator {
    return this.page.locator(".toast").filter({ hasText: text });
  }

  async write(note: string): Promise<void> {
    await this.note.fill(note);
    await this.saveNote.click();
  }
}

/** What people call an order. */
export function number(id: string): string {
  return id.replace(/^ord_/, "");
}
