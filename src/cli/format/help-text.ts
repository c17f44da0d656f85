import { sharedOptions } from "../frame/arguments.ts";
import type { Command, Option } from "../frame/command.ts";
import { table } from "./table.ts";

export function helpText(local: readonly Command[], remote: readonly Command[]): string {
  return [
    "Pointsman moves live traffic between sites by DNS, within bounds agreed beforehand, and proves it.",
    "",
    "Usage: pointsman COMMAND [OPTIONS]",
    "",
    "On this machine:",
    list(local),
    "",
    "Of a running controller:",
    list(remote),
    "",
    "pointsman COMMAND --help tells more. Every command takes --json.",
    "Exit codes: 0 fine, 1 refused or not healthy, 2 bad usage or configuration, 3 unreachable.",
  ].join("\n");
}

function list(commands: readonly Command[]): string {
  return table(
    commands.map(({ name, summary }) => [name, summary]),
    "  ",
  );
}

export function commandHelpText(command: Command): string {
  return [
    `${command.summary[0]?.toUpperCase() ?? ""}${command.summary.slice(1)}.`,
    "",
    ...command.usage.map((usage, index) =>
      `${index === 0 ? "Usage:" : "      "} pointsman ${command.name} ${usage}`.trimEnd(),
    ),
    ...(command.details.length === 0 ? [] : ["", ...command.details]),
    "",
    "Options:",
    table([...rows(command.options), ...rows(sharedOptions)], "  "),
  ].join("\n");
}

function rows(options: { readonly [name: string]: Option }): string[][] {
  return Object.entries(options).map(([name, { placeholder, says }]) => [
    `--${name}${placeholder === undefined ? "" : ` ${placeholder}`}`,
    says,
  ]);
}
