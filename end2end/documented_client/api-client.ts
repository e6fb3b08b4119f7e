/** What the documented handlers know queries by, over the studio's REST endpoints. */

interface Options<T> {
  queryKey: readonly unknown[];
  queryFn: () => Promise<T>;
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly status: string;
}

async function read<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) {
    throw new Error(`${path}: ${response.status}`);
  }
  return (await response.json()) as T;
}

function collection(name: string) {
  return {
    list: {
      queryOptions: (_: { input: object }): Options<{ rows: Row[] }> => ({
        queryKey: [name, "list"],
        queryFn: () => read(`/api/v1/${name}`),
      }),
    },
    get: {
      queryOptions: ({ input }: { input: { id: string } }): Options<Row> => ({
        queryKey: [name, "get", input.id],
        queryFn: () => read(`/api/v1/${name}/${input.id}`),
      }),
    },
  };
}

export const apiClient = {
  documents: collection("documents"),
  podcasts: collection("podcasts"),
};
