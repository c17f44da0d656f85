import { parseArgs } from "node:util";
import type { Command, Given, Option } from "./command.ts";
import { badUsage } from "./failure.ts";

/** Options that every command takes. */
export const sharedOptions: { readonly [name: string]: Option } = {
  json: { says: "print JSON and nothing else" },
  socket: { placeholder: "PATH", says: "the controller's socket (or POINTSMAN_SOCKET)" },
  settings: {
    placeholder: "FILE",
    says: "the settings, which name the socket (or POINTSMAN_SETTINGS; ./pointsman.yaml)",
  },
  "no-color": { says: "no colour (or NO_COLOR)" },
  help: { says: "this text" },
};

/**
 * Reads what follows the command's name.
 * @throws PointsmanError `bad-usage` for an unknown option, a missing value, or too few or too many words.
 */
export function readArguments(command: Command, words: readonly string[]): Given {
  const options = { ...command.options, ...sharedOptions };
  const end = command.passesOn === true ? words.indexOf("--") : -1;
  const parsed = parse(command, end === -1 ? words : words.slice(0, end), options);
  const { positionals, values } = parsed;
  const help = values["help"] === true;
  if (!help && (positionals.length < command.takes.least || positionals.length > command.takes.most)) {
    throw badUsage(wordsSay(command, positionals.length), `Usage: pointsman ${command.name} ${command.usage[0] ?? ""}`);
  }
  return {
    positionals,
    value(option) {
      const found = values[option];
      return typeof found === "string" ? found : undefined;
    },
    values(option) {
      const found = values[option];
      return Array.isArray(found) ? found.filter((value) => typeof value === "string") : [];
    },
    flag: (option) => values[option] === true,
    passedOn: end === -1 ? [] : words.slice(end + 1),
  };
}

function parse(
  command: Command,
  words: readonly string[],
  options: { readonly [name: string]: Option },
): { readonly positionals: readonly string[]; readonly values: { readonly [name: string]: unknown } } {
  try {
    return parseArgs({
      args: [...words],
      options: Object.fromEntries(
        Object.entries(options).map(([name, option]) => [
          name,
          {
            type: option.placeholder === undefined ? "boolean" : "string",
            multiple: option.repeats === true,
            ...(name === "help" ? { short: "h" } : {}),
          },
        ]),
      ),
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const says = error instanceof Error ? (error.message.split(/[.\n]/)[0] ?? "") : "It cannot be read";
    throw badUsage(`${says}.`, `See: pointsman ${command.name} --help`);
  }
}

function wordsSay(command: Command, many: number): string {
  const { least, most } = command.takes;
  const takes = least === most ? String(least) : most === Infinity ? `${least} or more` : `${least} to ${most}`;
  return `pointsman ${command.name} takes ${takes === "0" ? "no" : takes} ${takes === "1" ? "word" : "words"}, not ${many}.`;
}
