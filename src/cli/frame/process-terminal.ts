import { createInterface } from "node:readline/promises";
import { setTimeout as elapse } from "node:timers/promises";
import { toHex } from "../../values/octets.ts";
import type { Instant } from "../../values/time.ts";
import { coloured, plain, type Terminal } from "./terminal.ts";

const spinner = ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"];
const spinnerMs = 100;
const columnsOfNoScreen = 100;
/** Longer than this and people wonder. */
const quietMs = 500;

export interface ProcessTerminalParts {
  readonly colour: "as-fits" | "never";
  readonly clock: { now(): Instant };
  readonly entropy: { octets(length: number): Uint8Array };
}

/** The terminal of this process. Colour and spinners only where somebody looks: see https://no-color.org. */
export function processTerminal({ colour, clock, entropy }: ProcessTerminalParts): Terminal {
  const interruption = new AbortController();
  process.once("SIGINT", () => {
    interruption.abort();
    // A second one ends the process at once, as if it had never been listened to.
  });
  const { stdin, stdout, stderr } = process;
  const interactive = stdin.isTTY && stdout.isTTY;
  return {
    paint: colour === "as-fits" && paints(stdout) ? coloured : plain,
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : columnsOfNoScreen,
    interactive,
    uid: process.getuid?.() ?? 0,
    interrupted: interruption.signal,
    print: (text) => void stdout.write(`${text}\n`),
    write: (text) => void stdout.write(text),
    note: (text) => void stderr.write(`${text}\n`),
    redraw: (text) => void stdout.write(stdout.isTTY ? `\u001B[H\u001B[2J${text}\n` : `${text}\n`),
    confirm: async (question) => await confirm(question, interruption.signal),
    waiting: async (says, work) => await (paints(stderr) ? spin(says, work) : work),
    pause: async (ms) => {
      await elapse(ms, undefined, { signal: interruption.signal }).catch(() => undefined);
    },
    now: () => clock.now(),
    newId: () => toHex(entropy.octets(16)),
  };
}

function paints(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR: off, TERM: term } = process.env;
  return stream.isTTY && (off === undefined || off === "") && term !== "dumb";
}

async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and the end of the input close it, and the question with it.
  const closed = new AbortController();
  lines.once("close", () => closed.abort());
  try {
    return /^y(?:es)?$/i.test(
      (await lines.question(`${question} [y/N] `, { signal: AbortSignal.any([signal, closed.signal]) })).trim(),
    );
  } catch {
    return false;
  } finally {
    lines.close();
  }
}

async function spin<Value>(says: string, work: Promise<Value>): Promise<Value> {
  const done = new AbortController();
  const drawing = draw(says, done.signal);
  try {
    return await work;
  } finally {
    done.abort();
    await drawing;
  }
}

async function draw(says: string, signal: AbortSignal): Promise<void> {
  let drawn = false;
  try {
    await elapse(quietMs, undefined, { signal });
    for (let frame = 0; ; frame += 1) {
      drawn = true;
      process.stderr.write(`\r${spinner[frame % spinner.length] ?? ""} ${says}`);
      // oxlint-disable-next-line no-await-in-loop -- one frame after the other
      await elapse(spinnerMs, undefined, { signal });
    }
  } catch {
    if (drawn) process.stderr.write("\r\u001B[2K");
  }
}
