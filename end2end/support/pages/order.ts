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
  readonly saveNote: Locator;

  constructor(page: Page) {
    this.page = page;
    this.status = page.getByTestId("order-status");
    this.note = page.getByRole("textbox", { name: "Note" });
    this.saveNote = page.getByRole("button", { name: "Save note" });
  }

  async goto(id: string): Promise<void> {
    await this.page.goto(`/orders/${id}`);
    await hydrated(this.page);
  }

  /** The heading of the order with this id. */
  heading(id: string): Locator {
    const name = `Order ${id.replace(/^ord_/, "")}`;
    return this.page.getByRole("heading", { name, level: 1 });
  }

  /** The button that moves the order to a status; there is one for each allowed move. */
  move(status: keyof typeof moves): Locator {
    return this.page.getByRole("button", { name: moves[status] });
  }

  /** A message that came up and says this. */
  toast(text: string | RegExp): Locator {
    return this.page.getByRole("status").filter({ hasText: text });
  }

  async write(note: string): Promise<void> {
    await this.note.fill(note);
    await this.saveNote.click();
  }
}
