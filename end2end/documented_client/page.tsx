/**
 * A page of another framework: React and TanStack Query, kept fresh by the documented hook. It shows
 * a list, and one thing of it with `#id`.
 */
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { apiClient } from "./api-client.ts";
import { useSSE } from "./use-sse.ts";

const kind = new URLSearchParams(location.search).get("kind") === "podcasts" ? "podcasts" : "documents";
const queries = apiClient[kind];

function List() {
  const { data } = useQuery(queries.list.queryOptions({ input: {} }));
  return (
    <ul>
      {data?.rows.map((row) => (
        <li key={row.id}>{row.title}</li>
      ))}
    </ul>
  );
}

function One({ id }: { id: string }) {
  const { data } = useQuery(queries.get.queryOptions({ input: { id } }));
  return data && <h1>{`${data.title}: ${data.status}`}</h1>;
}

function Page() {
  const { connectionState } = useSSE();
  const id = location.hash.slice(1);
  return (
    <>
      <output>{connectionState}</output>
      {id && <One id={id} />}
      <List />
    </>
  );
}

const client = new QueryClient({
  defaultOptions: { queries: { staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false } },
});
createRoot(document.body.appendChild(document.createElement("main"))).render(
  <QueryClientProvider client={client}>
    <Page />
  </QueryClientProvider>,
);
