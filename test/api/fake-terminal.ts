import { runCommandLine } from "../../src/cli/index.ts";
import { plain, type Terminal } from "../../src/cli/frame/terminal.ts";
import { now } from "./fake-operations.ts";
import { PointsmanError } from "../../src/values/refusal.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Circumstances {
  /** What the user answers where they are asked; left out: nobody can be asked. */
  readonly answers?: boolean;
  readonly interrupted?: AbortSignal;
  readonly onPrint?: (text: string) => void;
}

/** Runs a command line as the process would, with what it printed. */
export async function run(socket: string, words: readonly string[], how: Circumstances = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const print = (text: string): void => {
    out.push(text);
    how.onPrint?.(text);
  };
  let ids = 0;
  const terminal: Terminal = {
    paint: plain,
    columns: 100,
    interactive: how.answers !== undefined,
    uid: 1000,
    interrupted: how.interrupted ?? new AbortController().signal,
    print,
    write: print,
    note: (text) => void err.push(text),
    redraw: print,
    confirm: async () => await Promise.resolve(how.answers === true),
    waiting: async (_says, work) => await work,
    pause: async () => await new Promise((resolve) => setTimeout(resolve, 5)),
    now: () => now,
    newId: () => `test-command-${++ids}`,
  };
  const code = await runCommandLine(words, {
    terminal,
    environment: { POINTSMAN_SOCKET: socket },
    version: "0.1.0",
    socketOf: (file) => {
      throw new PointsmanError({ code: "bad-configuration", says: `No ${file}.`, figures: {}, mend: "Give one." });
    },
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}
