/** A broken promise of our own code. It is a bug, never a user's mistake, and it stops what was being done. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** Throws {@link InvariantError} unless `condition` holds; `promise` says what was relied on. */
export function invariant(condition: unknown, promise: string): asserts condition {
  if (!condition) throw new InvariantError(`broken promise: ${promise}`);
}

/** For the end of an exhaustive choice: it does not compile while a case is missing. */
export function unreachable(value: never, what: string): never {
  throw new InvariantError(`unexpected ${what}: ${String(value)}`);
}
