import { spawn } from "node:child_process";
import { version } from "../api/contract/common.ts";
import { entryView } from "../api/routes/views.ts";
import type { Log } from "../ports/log.ts";
import type { Operations, RecordedEntry } from "../ports/operations.ts";
import type { NonEmpty } from "../values/non-empty.ts";
import { second } from "../values/time.ts";

/** What everybody enrolled is told of at once, by entries' types. */
const told: ReadonlySet<string> = new Set([
  "break-glass-asked",
  "break-glass-signed",
  "break-glass-withdrawn",
  "break-glass-used",
  "recovery-asked",
  "recovery-signed",
  "recovery-objected",
  "recovery-ended",
  "log-disputed",
]);

const patienceMs = 10 * second;
/** Programs running at a time; what comes meanwhile waits, so many at most. */
const waitingMax = 100;

/**
 * Runs a program for each emergency that becomes durable, one after the other: the entry as JSON on its standard input, no
 * shell, nothing of this process's environment but PATH. What fails is logged, and holds up nothing. Gives its end.
 */
export function noticeProgram(operations: Operations, command: NonEmpty<string>, log: Log): () => Promise<void> {
  const waiting: RecordedEntry[] = [];
  let running: Promise<void> | null = null;
  const drain = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      // oxlint-disable-next-line no-await-in-loop -- one notice after the other, in the order of the journal
      const fault = await run(command, `${JSON.stringify({ v: version, notice: entryView(entry) })}\n`);
      const about = { sequence: entry.sequence, type: entry.type, program: command[0] };
      if (fault === null) log.write("info", "notice-sent", about);
      else log.write("error", "notice-failed", { ...about, fault });
    }
    running = null;
  };
  const end = operations.follow((entry) => {
    if (!told.has(entry.type)) return;
    if (waiting.length >= waitingMax) {
      log.write("error", "notice-failed", { sequence: entry.sequence, type: entry.type, fault: "too-many-waiting" });
      return;
    }
    waiting.push(entry);
    running ??= drain();
  });
  return async () => {
    end();
    await running;
  };
}

/** Null: it ended well. */
function run([program, ...args]: NonEmpty<string>, input: string): Promise<string | null> {
  return new Promise((resolve) => {
    const { PATH } = process.env;
    const env = PATH === undefined ? {} : { PATH };
    const child = spawn(program, args, {
      env,
      stdio: ["pipe", "ignore", "ignore"],
      timeout: patienceMs,
      killSignal: "SIGKILL",
    });
    child.once("error", (error) => resolve("code" in error ? String(error.code) : "not-started"));
    child.once("close", (status, signal) => {
      if (status === 0) resolve(null);
      else resolve(signal === null ? `exit-${status}` : signal);
    });
    // It may end without having read: its status tells.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
