import type { AppendRefusal } from "../../ports/journal.ts";

/** What a failed statement says of the batch: refused when nothing can have been written, otherwise unknown. */
export type WriteFailure =
  | { readonly outcome: "refused"; readonly code: AppendRefusal }
  | { readonly outcome: "unknown"; readonly code: string };

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) after which a transaction is not committed. */
const refusals: ReadonlyMap<number, AppendRefusal> = new Map<number, AppendRefusal>([
  [5, "locked"], // SQLITE_BUSY
  [6, "locked"], // SQLITE_LOCKED
  [8, "read-only"], // SQLITE_READONLY
  [11, "corrupt"], // SQLITE_CORRUPT
  [13, "full"], // SQLITE_FULL
  [26, "corrupt"], // SQLITE_NOTADB
]);

/** SQLITE_IOERR_SHMSIZE: the WAL's index could not grow, which happens on a full disk and before anything is written. */
const ioErrorShmSize = 10 + 256 * 19;

export function failureOf(error: unknown): WriteFailure {
  const result = resultCodeOf(error);
  if (result === undefined) return { outcome: "unknown", code: "not-sqlite" };
  const code = result === ioErrorShmSize ? "full" : refusals.get(result % 256);
  return code === undefined ? { outcome: "unknown", code: `sqlite-${result}` } : { outcome: "refused", code };
}

/** The extended result code of an error that node:sqlite threw; `undefined` for any other error. */
function resultCodeOf(error: unknown): number | undefined {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code : undefined;
}

/** `ENOSPC` and the like of an error of the operating system. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}
