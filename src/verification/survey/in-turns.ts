/** Does all of it with at most `width` at a time; results in the order of the list. */
export async function inTurns<From, To>(
  list: readonly From[],
  width: number,
  run: (one: From) => Promise<To>,
): Promise<readonly To[]> {
  const results: { readonly index: number; readonly result: To }[] = [];
  const waiting = list.entries();
  const turn = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what a turn is
    for (const [index, one] of waiting) results.push({ index, result: await run(one) });
  };
  await Promise.all(Array.from({ length: Math.min(width, list.length) }, turn));
  return results.toSorted((a, b) => a.index - b.index).map(({ result }) => result);
}
