import { PointsmanError, type Refusal } from "../../values/refusal.ts";
import type { ExitCode } from "./command.ts";

/** What is thrown when the command was typed wrongly. */
export function badUsage(says: string, mend: string): PointsmanError {
  return new PointsmanError({ code: "bad-usage", says, figures: {}, mend });
}

const exitCodes: ReadonlyMap<string, ExitCode> = new Map<string, ExitCode>([
  ["bad-usage", 2],
  ["bad-request", 2],
  ["bad-configuration", 2],
  ["anchor-file-unreadable", 2],
  ["anchor-unreadable", 2],
  ["resolver-not-found", 3],
  ["trust-not-a-name", 2],
  ["trust-indeterminate", 3],
  // As a shell says it.
  ["command-not-run", 126],
  ["command-not-found", 127],
  ["unreachable", 3],
]);

/** Everything that is not the caller's mistake and was not let through is refused. */
export function exitCodeOf(refusal: Refusal): ExitCode {
  return exitCodes.get(refusal.code) ?? 1;
}

/**
 * What a user may see of an error: its own sentence if it is ours, otherwise one sentence without a stack trace, path or
 * value of this program.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof PointsmanError) return error.refusal;
  const what = error instanceof Error ? error.name : "unknown";
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : what;
  return {
    code: "internal",
    says: `Pointsman made a mistake of its own (${code})${broken(error)}.`,
    figures: {},
    mend: "Nothing was decided by it. Please report it with the command that you typed.",
  };
}

/** An invariant's promise is our own text; the message of any other error may hold anything. */
function broken(error: unknown): string {
  return error instanceof Error && error.name === "InvariantError" ? `: ${error.message}` : "";
}
