import { createInterface } from "node:readline/promises";
import { coloured, plain, printable } from "../../src/cli/frame/terminal.ts";

/** Where the demo tells its story: plain short lines, with the seconds since its start. */
export interface Screen {
  /** What happens now, in the words of the demo. */
  heading(text: string): void;
  /** One thing that was recorded: a label, and what it says. */
  line(label: string, text: string, tone?: Tone): void;
  /** Under the last line. */
  more(text: string): void;
  /** False unless the answer is yes, and where nobody is there to answer. */
  confirm(question: string, signal: AbortSignal): Promise<boolean>;
}

type Tone = "good" | "bad" | "warn" | "bold";

const labelColumns = 11;
const timeColumns = 9;

/** Colour only where somebody looks: see https://no-color.org. */
export function createScreen(stream: NodeJS.WriteStream): Screen {
  const startedAt = performance.now();
  const paint = isPainted(stream) ? coloured : plain;
  const write = (text: string) => void stream.write(`${text}\n`);
  return {
    heading: (text) => write(`\n${paint.bold(printable(text))}`),
    line(label, text, tone = "bold") {
      const seconds = `${((performance.now() - startedAt) / 1000).toFixed(2)} s`.padStart(timeColumns - 1);
      write(`${paint.dim(seconds)} ${paint[tone](label.padEnd(labelColumns))}${printable(text)}`);
    },
    more: (text) => write(`${" ".repeat(timeColumns + labelColumns)}${paint.dim(printable(text))}`),
    confirm: (question, signal) => confirm(question, stream, signal),
  };
}

function isPainted(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR: off, TERM: term } = process.env;
  return stream.isTTY && (off === undefined || off === "") && term !== "dumb";
}

async function confirm(question: string, output: NodeJS.WriteStream, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output });
  // A terminal that is being read gives Ctrl-C to its reader.
  lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  // The end of the input is no yes.
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([lines.question(`\n${question} [y/N] `, { signal }), ended]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
