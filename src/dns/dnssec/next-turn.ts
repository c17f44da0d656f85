/** Resolves when the event loop has come round: what else is waiting, other questions among it, goes on before. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    // oxlint-disable-next-line eslint/no-restricted-globals -- a turn of the event loop, however long it takes; no time
    setImmediate(resolve);
  });
}
