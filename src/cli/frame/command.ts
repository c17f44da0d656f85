import type { Terminal } from "./terminal.ts";

/**
 * 0 fine, 1 refused or not healthy, 2 bad usage or configuration, 3 the controller, or every nameserver, cannot be
 * reached. Only what `pointsman trust` runs may end with another.
 */
export type ExitCode = number;

/** An option that takes a value has a placeholder; one without is a flag. */
export interface Option {
  readonly says: string;
  readonly placeholder?: string;
  /** It may be given more than once. */
  readonly repeats?: true;
}

/** What was typed, without the options that all commands share. */
export interface Given {
  readonly positionals: readonly string[];
  /** The value of an option. */
  value(option: string): string | undefined;
  /** All values of an option that repeats. */
  values(option: string): readonly string[];
  flag(option: string): boolean;
  /** What follows `--`, unread, for a command that passes it on. */
  readonly passedOn: readonly string[];
}

export interface Context {
  readonly terminal: Terminal;
  /** `--json`: print the contract's response and nothing else. */
  readonly json: boolean;
  /** Where the controller listens, by `--socket`, the environment or the settings. @throws PointsmanError when no file says so. */
  socketPath(): Promise<string>;
  /** By `--settings` or the environment; need not exist. */
  readonly settingsFile: string;
  readonly environment: { readonly [name: string]: string | undefined };
  readonly version: string;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows `pointsman NAME`: a line a way to call it. */
  readonly usage: readonly string[];
  /** What one must know before using it: whole sentences. */
  readonly details: readonly string[];
  readonly options: { readonly [name: string]: Option };
  /** How many positionals it takes. */
  readonly takes: { readonly least: number; readonly most: number };
  /** What follows `--` is a command line of its own; for the others it is more positionals. */
  readonly passesOn?: true;
  /** @throws PointsmanError for whatever is refused. */
  run(given: Given, context: Context): Promise<ExitCode>;
}
