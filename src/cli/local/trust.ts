import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createTrust, type Requirement, type TrustedAddresses } from "../../wiring/trust.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { printable } from "../frame/terminal.ts";
import type { Command, ExitCode, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { lookOptions, lookGiven } from "./look-options.ts";

export const trust: Command = {
  name: "trust",
  summary: "run a command only if a name holds",
  usage: ["NAME [--require secure] -- COMMAND [ARGUMENT...]", "NAME [--require secure] [--json]"],
  details: [
    "Resolves the addresses of NAME with validation, from the root down. Bogus, or not known to be authentic: COMMAND is not",
    "run. COMMAND has this terminal as its own, and its exit code, or the signal that ended it, is passed on.",
    "Without a command it says whether the name holds: exit code 0 if so, 1 if not, 3 when nobody answers.",
    "COMMAND resolves the name again by itself: a program of yours is safer with the library, which connects to the very",
    "addresses that were validated.",
  ],
  options: {
    ...lookOptions,
    require: { placeholder: "WHAT", says: "secure, or not-bogus (when left out), which an insecure name is as well" },
  },
  takes: { least: 1, most: 1 },
  passesOn: true,
  async run(given, { terminal, json }) {
    const [host = ""] = given.positionals;
    const require = readRequirement(given);
    const trusted = await createTrust({ ...lookGiven(given), require });
    const found = await terminal.waiting(`Asking whether ${host} holds`, trusted.addresses(host));
    const [command, ...words] = given.passedOn;
    if (command !== undefined) return await passOn(command, words);
    terminal.print(
      json ? JSON.stringify({ v: 1, holds: true, name: host, require, ...found }) : holdsText(host, found),
    );
    return 0;
  },
};

function readRequirement(given: Given): Requirement {
  const text = given.value("require") ?? "not-bogus";
  if (text === "secure" || text === "not-bogus") return text;
  throw badUsage(`"${text}" is nothing that can be required.`, "Give --require secure or --require not-bogus.");
}

function holdsText(host: string, { verdict, addresses }: TrustedAddresses): string {
  const words = { secure: "is secure", insecure: "is insecure, and not bogus", literal: "needs no DNS" };
  return printable(`${host} ${words[verdict]}: ${addresses.map(({ address }) => address).join(", ")}`);
}

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/** Becomes the command as far as a process can: its streams, the signals that come to this one, and its end. */
async function passOn(command: string, words: readonly string[]): Promise<ExitCode> {
  const child = spawn(command, words, { stdio: "inherit" });
  // What is typed goes to the command as well, by the terminal itself: twice would be once too often.
  const typed = process.stdin.isTTY ? new Set<NodeJS.Signals>(["SIGINT", "SIGQUIT"]) : new Set<NodeJS.Signals>();
  const forward = (signal: NodeJS.Signals): void => {
    if (!typed.has(signal)) child.kill(signal);
  };
  for (const signal of passedOn) process.on(signal, forward);
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  child.once("error", (error) => reject(notRun(command, error)));
  child.once("exit", (code, signal) => resolve({ code, signal }));
  const { code, signal } = await promise.finally(() => {
    for (const each of passedOn) process.removeListener(each, forward);
  });
  if (signal === null) return code ?? 1;
  // Whoever waits for this process is to see the same end. Nobody here listens to the signal any more.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  return 128 + constants.signals[signal];
}

function notRun(command: string, error: Error): PointsmanError {
  const code = "code" in error ? String(error.code) : "unknown";
  return new PointsmanError({
    code: code === "ENOENT" ? "command-not-found" : "command-not-run",
    says: `The name holds, but ${command} cannot be run: ${code === "ENOENT" ? "there is no such command" : code}.`,
    figures: { command, error: code },
    mend: "Give a command that is in the PATH, behind --.",
  });
}
