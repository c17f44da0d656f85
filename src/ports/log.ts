import type { JsonObject } from "../values/json.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * Structured lines for operators, apart from what a command prints. No secret reaches it: what is logged is codes,
 * ids, counts and times (N11).
 */
export interface Log {
  /** `event` is a constant of the code, such as `journal-reopened`; what varies is in `fields`. Never throws. */
  write(level: LogLevel, event: string, fields?: JsonObject): void;
}
