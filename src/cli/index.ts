import { nearest } from "../core/policy/nearest.ts";
import { readArguments } from "./frame/arguments.ts";
import type { Command, Context, ExitCode, Given } from "./frame/command.ts";
import { badUsage, exitCodeOf, refusalOf } from "./frame/failure.ts";
import type { Terminal } from "./frame/terminal.ts";
import { commandHelpText, helpText } from "./format/help-text.ts";
import { refusalText } from "./format/refusal-text.ts";
import { controllerCommands, ownCommands } from "./signing/index.ts";

/** What the process gives to the command line. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly environment: { readonly [name: string]: string | undefined };
  readonly version: string;
  /** The socket that a settings file names. @throws PointsmanError when it cannot be read. */
  readonly socketOf: (settingsFile: string) => Promise<string>;
}

const commands = [...ownCommands, ...controllerCommands];

/** Runs one command line. Never rejects: whatever goes wrong is one sentence, or JSON, and an exit code. */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings;
  // Behind `--` stands a command line of its own.
  const json = words.slice(0, words.includes("--") ? words.indexOf("--") : words.length).includes("--json");
  try {
    return await run(words, surroundings, json);
  } catch (error) {
    const refusal = refusalOf(error);
    if (json) terminal.print(JSON.stringify({ v: 1, refusal }));
    else terminal.note(refusalText({ ...refusal, figures: { ...refusal.figures } }, terminal.paint));
    return exitCodeOf(refusal);
  }
}

async function run(words: readonly string[], surroundings: Surroundings, json: boolean): Promise<ExitCode> {
  const { terminal } = surroundings;
  const [name, ...rest] = words;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    const about = rest[0] === undefined ? undefined : commandOf(rest[0]);
    terminal.print(about === undefined ? helpText(ownCommands, controllerCommands) : commandHelpText(about));
    return name === undefined ? 2 : 0;
  }
  if (name === "--version") {
    terminal.print(surroundings.version);
    return 0;
  }
  const command = commandOf(name);
  const given = readArguments(command, rest);
  if (given.flag("help")) {
    terminal.print(commandHelpText(command));
    return 0;
  }
  return await command.run(given, contextOf(given, surroundings, json));
}

function commandOf(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    commands.map((command) => command.name),
  );
  throw badUsage(
    `There is no command ${name}.`,
    near === undefined ? "See: pointsman --help" : `Did you mean: pointsman ${near}?`,
  );
}

function contextOf(given: Given, { terminal, environment, socketOf, version }: Surroundings, json: boolean): Context {
  const settingsFile = given.value("settings") ?? set(environment["POINTSMAN_SETTINGS"]) ?? "pointsman.yaml";
  const socket = given.value("socket") ?? set(environment["POINTSMAN_SOCKET"]);
  return {
    terminal,
    json,
    settingsFile,
    environment,
    version,
    socketPath: async () => socket ?? (await socketOf(settingsFile)),
  };
}

function set(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
