/** A list with at least one member. An RRset is one, so that "no data" cannot be written by an empty list (N3). */
export type NonEmpty<Value> = readonly [Value, ...Value[]];

export function isNonEmpty<Value>(list: readonly Value[]): list is NonEmpty<Value> {
  return list.length > 0;
}
