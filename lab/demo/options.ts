import { parseArgs } from "node:util";

/** How the demo is run. */
export interface DemoOptions {
  /** `ask`: a person says yes or no to the way home. `yes`: nobody is asked. */
  readonly consent: "ask" | "yes";
  /** `json`: the last line of the output is one JSON object, and all that people read goes beside it. */
  readonly output: "text" | "json";
  /** `unattended`: it ends within a minute, whatever happens. */
  readonly pace: "unhurried" | "unattended";
  /** `keep`: the files stay for who wants to open them. */
  readonly folder: "keep" | "remove";
}

export const usage = `The main job of Pointsman on an embedded world: a site dies, the service moves, and comes home.

  npm run demo                     live, with one question
  npm run demo -- --yes            live, and nobody is asked
  npm run demo -- --once           unattended: implies --yes, and leaves no files behind
  npm run demo -- --once --json    the same, and the last line is one JSON object`;

/** `undefined` asks for the usage. @throws Error with one sentence for an option that there is none of. */
export function readOptions(words: readonly string[]): DemoOptions | undefined {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...words],
    options: { once: flag, yes: flag, json: flag, help: { ...flag, short: "h" } },
  });
  if (values.help) return undefined;
  return {
    consent: values.yes || values.once ? "yes" : "ask",
    output: values.json ? "json" : "text",
    pace: values.once ? "unattended" : "unhurried",
    folder: values.once ? "remove" : "keep",
  };
}
