/** The page of a coaching session, which two people work on at once. */
import { expect, type Locator, type Page } from "@playwright/test";
import type { Api } from "../api.ts";
import { hydrated } from "./hydrated.ts";

export type Kind = "note" | "action" | "agreement" | "goal";

/** A relationship and a session of it, as REST has them. */
export interface Place {
  readonly relationship: string;
  readonly session: string;
}

export class CoachingSessionPage {
  readonly page: Page;
  readonly heading: Locator;
  readonly status: Locator;
  readonly present: Locator;
  readonly notYours: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { level: 1 });
    this.status = page.getByTestId("session-status");
    this.present = page.getByRole("status", { name: "Who is here" });
    this.notYours = page.getByRole("heading", { name: "This coaching is between other people" });
  }

  async goto({ relationship, session }: Place): Promise<void> {
    await this.page.goto(`/coaching/${relationship}/sessions/${session}`);
    await hydrated(this.page);
  }

  /** The section of one kind of item. */
  section(kind: Kind): Locator {
    const name = `${kind[0]?.toUpperCase()}${kind.slice(1)}s`;
    return this.page.getByRole("region", { name, exact: true });
  }

  /** The item with this text. */
  item(kind: Kind, text: string): Locator {
    return this.section(kind).getByRole("listitem").filter({ hasText: text });
  }

  /** The field for something new. */
  composer(kind: Kind): Locator {
    return this.page.getByRole("textbox", { name: `New ${kind}` });
  }

  /** The field in which an item is edited. */
  editor(kind: Kind): Locator {
    return this.page.getByRole("textbox", { name: `Edit the ${kind}` });
  }

  /** Both versions of what two people have changed. */
  conflict(kind: Kind): Locator {
    return this.page.getByRole("region", { name: `Two versions of this ${kind}` });
  }

  /** Adds an item, and waits until the server has it. It is shown before. */
  async add(kind: Kind, text: string): Promise<void> {
    await this.composer(kind).fill(text);
    await this.composer(kind).press("Enter");
    await expect(this.item(kind, text)).toBeVisible();
    await expect(this.item(kind, text)).not.toHaveAttribute("data-new");
  }

  /** Opens an item for editing, by the keyboard. */
  async open(kind: Kind, text: string): Promise<void> {
    await this.item(kind, text).focus();
    await this.page.keyboard.press("Enter");
    await expect(this.editor(kind)).toBeFocused();
  }

  async reword(kind: Kind, from: string, to: string): Promise<void> {
    await this.open(kind, from);
    await this.editor(kind).fill(to);
    await this.editor(kind).press("Control+Enter");
    await expect(this.item(kind, to)).toBeVisible();
  }

  async remove(kind: Kind, text: string): Promise<void> {
    await this.item(kind, text).getByRole("button", { name: `Delete the ${kind}` }).click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(this.item(kind, text)).toHaveCount(0);
  }
}

/** The relationship in which a member is coached by whoever asks. */
export async function relationshipWith(coach: Api, member: string): Promise<string> {
  const answer = await coach.request("/api/v1/coaching_relationships");
  const all = (await answer.json()) as readonly { id: string; member: { name: string } | null }[];
  const found = all.find((one) => one.member?.name.startsWith(member));
  if (found === undefined) {
    throw new Error(`nobody coaches ${member}`);
  }
  return found.id;
}

/** Schedules a session that no other test has. */
export async function scheduleSession(coach: Api, member: string, title: string): Promise<Place> {
  const relationship = await relationshipWith(coach, member);
  const answer = await coach.request("/api/v1/coaching_sessions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      coaching_relationship_id: relationship,
      title,
      scheduled_at: "2027-01-15T09:00:00Z",
    }),
  });
  if (!answer.ok) {
    throw new Error(`POST coaching_sessions: ${answer.status} ${await answer.text()}`);
  }
  const { id } = (await answer.json()) as { id: string };
  return { relationship, session: id };
}
