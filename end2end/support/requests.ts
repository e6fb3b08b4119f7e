/** The requests that the pages of one browser made, so that a test can assert how many there were. */
import type { BrowserContext } from "@playwright/test";

/** Paths of the server functions, to be counted. */
export const fetches = {
  list: /\/api\/fn\/list_orders/,
  order: /\/api\/fn\/get_order/,
  history: /\/api\/fn\/order_history/,
  update: /\/api\/fn\/update_order/,
  bulk: /\/api\/fn\/change_orders/,
  create: /\/api\/fn\/create_order/,
  metrics: /\/api\/fn\/order_metrics/,
  import: /\/api\/fn\/get_import/,
  catalogue: /\/api\/fn\/order_catalogue/,
  tokens: /\/api\/fn\/list_tokens/,
  people: /\/api\/fn\/list_people/,
  sessions: /\/api\/fn\/list_sessions/,
  documents: /\/api\/fn\/list_documents/,
  document: /\/api\/fn\/get_document$/,
  podcasts: /\/api\/fn\/list_podcasts/,
  podcast: /\/api\/fn\/get_podcast/,
  voiceovers: /\/api\/fn\/list_voiceovers/,
  voiceover: /\/api\/fn\/get_voiceover$/,
  infographics: /\/api\/fn\/list_infographics/,
  infographic: /\/api\/fn\/get_infographic$/,
  activity: /\/api\/fn\/list_activity/,
  project: /\/api\/fn\/get_project$/,
  projects: /\/api\/fn\/list_projects/,
  sources: /\/api\/fn\/list_sources/,
  members: /\/api\/fn\/list_members/,
  generation: /\/api\/fn\/get_generation/,
  concepts: /\/api\/fn\/list_nodes/,
  map: /\/api\/fn\/get_map/,
  events: /\/api\/events/,
} as const;

export class RequestLog {
  #made: string[] = [];

  constructor(context: BrowserContext) {
    context.on("request", (request) => {
      this.#made.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
  }

  /** Every request since the last `forget`, as `METHOD /path`. */
  get made(): readonly string[] {
    return this.#made;
  }

  /** How many requests since the last `forget` match. */
  count(pattern: RegExp): number {
    return this.#made.filter((request) => pattern.test(request)).length;
  }

  /** Starts counting anew. */
  forget(): void {
    this.#made = [];
  }
}
