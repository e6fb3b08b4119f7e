/**
 * A page of another framework: React, SWR and Zustand, kept fresh by the documented hooks. It shows
 * the actions of a session, and the agreements and goals of a relationship.
 */
import { useEffect, useReducer } from "react";
import { createRoot } from "react-dom/client";
import useSWR, { SWRConfig } from "swr";
import { useSseConnectionStore } from "@/lib/providers/sse-connection-store-provider";
import { SseProvider } from "@/lib/providers/sse-provider";
import { siteConfig } from "@/site.config";

const base = siteConfig.env.backendServiceURL;
const asked = new URLSearchParams(location.search);
const session = asked.get("session") ?? "";
const relationship = asked.get("relationship") ?? "";

interface Row {
  readonly id: string;
  readonly body?: string;
  readonly title?: string;
}

/** The documented keys name no version of the endpoints. */
async function read(key: string): Promise<Row[]> {
  const response = await fetch(key.replace(`${base}/`, `${base}/v1/`));
  if (!response.ok) {
    throw new Error(`${key}: ${response.status}`);
  }
  return (await response.json()) as Row[];
}

function List({ name, path }: { name: string; path: string }) {
  const { data } = useSWR(`${base}${path}`, read);
  return (
    <ul aria-label={name}>
      {data?.map((row) => (
        <li key={row.id}>{row.body ?? row.title}</li>
      ))}
    </ul>
  );
}

function State({ changed }: { changed: () => void }) {
  const state = useSseConnectionStore((store) => store.state);
  useEffect(changed, [state]);
  return <output>{state}</output>;
}

function Page() {
  // The connection that the documented hook has is read while the provider renders: a page that
  // renders it again when the state changes hands the new one to the handlers.
  const [, render] = useReducer((count: number) => count + 1, 0);
  return (
    <SseProvider>
      <State changed={render} />
      <List name="Actions" path={`/actions?coaching_session_id=${session}`} />
      <List name="Agreements" path={`/agreements?coaching_relationship_id=${relationship}`} />
      <List name="Goals" path={`/overarching_goals?coaching_relationship_id=${relationship}`} />
    </SseProvider>
  );
}

const settings = { revalidateOnFocus: false, revalidateOnReconnect: false, provider: () => new Map() };
createRoot(document.body.appendChild(document.createElement("main"))).render(
  <SWRConfig value={settings}>
    <Page />
  </SWRConfig>,
);
