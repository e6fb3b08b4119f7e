/** The labs: one's projects, and a project with its proposals, map, sources and members. */
import { readFile } from "node:fs/promises";
import { expect, type Locator, type Page } from "@playwright/test";
import type { Api } from "../api.ts";
import { members } from "../accounts.ts";
import { hydrated } from "./hydrated.ts";

export type Section = "" | "map" | "sources" | "members";

export class LabsPage {
  readonly page: Page;
  readonly heading: Locator;
  readonly projects: Locator;
  readonly sections: Locator;
  readonly propose: Locator;
  readonly stop: Locator;
  /** The real bar of what is being proposed. */
  readonly bar: Locator;
  readonly underWay: Locator;
  /** One for each concept that the list shows. */
  readonly concepts: Locator;
  readonly statuses: Locator;
  readonly bulk: Locator;
  readonly selectPage: Locator;
  readonly sources: Locator;
  readonly members: Locator;
  /** One for each concept of the map. */
  readonly circles: Locator;
  /** The fields of the concept that is edited. */
  readonly title: Locator;
  readonly summary: Locator;
  readonly notYours: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole("heading", { level: 1 });
    this.projects = page.locator(".project-table tbody tr");
    this.sections = page.getByRole("navigation", { name: "Sections of the project" });
    this.propose = page.getByRole("button", { name: "Propose concepts" });
    this.stop = page.getByRole("button", { name: "Stop" });
    this.underWay = page.getByRole("group", { name: "Proposing concepts" });
    this.bar = this.underWay.locator("progress");
    this.concepts = page.locator(".concept-table tbody tr");
    this.statuses = page.getByRole("navigation", { name: "Status" });
    this.bulk = page.getByRole("region", { name: "Selected concepts" });
    this.selectPage = page.getByRole("checkbox", { name: "Select all concepts on this page" });
    this.sources = page.locator(".source-table tbody tr");
    this.members = page.locator(".member-table tbody tr");
    this.circles = page.locator(".map-node");
    this.title = page.getByRole("textbox", { name: "Title" });
    this.summary = page.getByRole("textbox", { name: "Summary" });
    this.notYours = page.getByRole("heading", { name: "You do not take part in this project" });
  }

  async goto(project = "", section: Section | string = ""): Promise<void> {
    const path = ["/labs", project, section].filter((part) => part !== "").join("/");
    await this.page.goto(path.replace("/?", "?"));
    await hydrated(this.page);
  }

  /** Makes a project in its dialog; its id. */
  async make(name: string, about = ""): Promise<string> {
    await this.goto();
    await this.page.getByRole("button", { name: "New project" }).first().click();
    const dialog = this.page.getByRole("dialog", { name: "New project" });
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("What it is about").fill(about);
    await dialog.getByRole("button", { name: "Make project" }).click();
    await expect(this.page).toHaveURL(/\/labs\/prj_[0-9a-f]{16}$/);
    await expect(this.heading).toHaveText(name);
    return new URL(this.page.url()).pathname.replace("/labs/", "");
  }

  /** Goes to a section by its link. */
  async open(section: "Proposals" | "Map" | "Sources" | "Members"): Promise<void> {
    await this.section(section).click();
    await expect(this.section(section)).toHaveAttribute("aria-current", "page");
  }

  section(name: string): Locator {
    return this.sections.getByRole("link", { name });
  }

  /** Pastes a text as a source, in the section of the sources. */
  async paste(name: string, text: string): Promise<void> {
    await this.page.getByRole("button", { name: "Add source" }).click();
    const dialog = this.page.getByRole("dialog", { name: "Add sources" });
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("Text").fill(text);
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  source(name: string): Locator {
    return this.sources.filter({ hasText: name });
  }

  concept(title: string): Locator {
    return this.concepts.filter({ has: this.page.getByText(title, { exact: true }) });
  }

  select(title: string): Locator {
    return this.page.getByRole("checkbox", { name: `Select “${title}”` });
  }

  /** The button of a concept that does something with it. */
  button(verb: string, title: string): Locator {
    return this.page.getByRole("button", { name: `${verb} “${title}”` });
  }

  /** The tab of a status. */
  status(name: "Waiting" | "Accepted" | "Rejected"): Locator {
    return this.statuses.getByRole("link", { name });
  }

  toast(text: string | RegExp): Locator {
    return this.page.locator(".toast").filter({ hasText: text });
  }

  /** The dialog that asks before something final. */
  question(title: string | RegExp): Locator {
    return this.page.getByRole("dialog", { name: title });
  }
}

export interface Concept {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly status: string;
  readonly version: number;
}

/** A project as another program has it. */
export class Lab {
  readonly id: string;
  readonly #api: Api;

  private constructor(id: string, api: Api) {
    this.id = id;
    this.#api = api;
  }

  /** Makes a project, in which these people take part as well. */
  static async make(api: Api, name: string, ...emails: readonly string[]): Promise<Lab> {
    const { id } = await ask<{ id: string }>(api, "POST", "/api/projects", { name });
    for (const email of emails) {
      await ask(api, "POST", `/api/projects/${id}/members`, { email });
    }
    return new Lab(id, api);
  }

  /** Adds a source and waits until it is ready. */
  async add(sourceName: string, text: string): Promise<string> {
    const { id } = await this.#ask<{ id: string }>("POST", "sources", { sourceName, text });
    await this.#until(async () => {
      const sources = await this.#ask<{ id: string; status: string }[]>("GET", "sources");
      return sources.find((source) => source.id === id)?.status === "completed";
    });
    return id;
  }

  /** Has concepts proposed; the job. */
  async generate(): Promise<string> {
    return (await this.#ask<{ id: string }>("POST", "jobs", {})).id;
  }

  /** Has concepts proposed and waits for them. */
  async propose(): Promise<readonly Concept[]> {
    const id = await this.generate();
    await this.#until(async () => {
      const jobs = await this.#ask<{ id: string; status: string }[]>("GET", "jobs");
      return jobs.find((job) => job.id === id)?.status === "completed";
    });
    return this.concepts();
  }

  /** The first page of the concepts of a status. */
  async concepts(status = "proposed"): Promise<readonly Concept[]> {
    return (await this.#ask<{ rows: Concept[] }>("GET", `proposals?status=${status}`)).rows;
  }

  async change(id: string, change: object): Promise<void> {
    await this.#ask("PATCH", `proposals/${id}`, change);
  }

  async decide(ids: readonly string[], action: string): Promise<void> {
    await this.#ask("POST", "proposals", { ids, action });
  }

  async delete(id: string): Promise<void> {
    await this.#ask("DELETE", `proposals/${id}`);
  }

  #ask<T>(method: string, path: string, body?: object): Promise<T> {
    return ask<T>(this.#api, method, `/api/projects/${this.id}/${path}`, body);
  }

  async #until(done: () => Promise<boolean>): Promise<void> {
    await expect.poll(done, { timeout: 30_000 }).toBe(true);
  }
}

/** A project of Ana's with proposals of a paper, in which Ben takes part; a few of them. */
export async function prepared(
  ana: Api,
  name: string,
): Promise<{ lab: Lab; concepts: readonly Concept[] }> {
  const lab = await Lab.make(ana, name, members.ben);
  const paper = new URL("../../../demo/documents/federalist-51.txt", import.meta.url);
  await lab.add("No. 51", await readFile(paper, "utf8"));
  const concepts = await lab.propose();
  expect(concepts.length).toBeGreaterThan(6);
  return { lab, concepts };
}

async function ask<T>(api: Api, method: string, path: string, body?: object): Promise<T> {
  const answer = await api.request(path, {
    method,
    ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  }
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
