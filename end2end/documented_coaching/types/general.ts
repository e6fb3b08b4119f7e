/** What the documented types stand on. The page shows no dates, so that they may stay as they came. */
export type Id = string;

export function transformEntityDates<T>(entity: T): T {
  return entity;
}
