import type { Command } from "../frame/command.ts";
import { validate as validateFiles } from "../local/validate.ts";
import { planActs } from "./acts/plan-acts.ts";
import { governed } from "./governed.ts";

const duty = planActs.find(({ name }) => name === "validate");
const words = duty && governed(duty);

/** Checks the files of an installation; with a failover it is the duty of that name. */
export const validate: Command = {
  ...validateFiles,
  usage: [...validateFiles.usage, ...(words?.usage ?? [])],
  details: [...validateFiles.details, ...(words?.details ?? [])],
  options: { ...words?.options, ...validateFiles.options },
  takes: { least: 0, most: 1 },
  run: async (given, context) =>
    await (given.positionals.length === 0 || words === undefined ? validateFiles : words).run(given, context),
};
