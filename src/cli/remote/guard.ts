import { paths } from "../../api/contract/common.ts";
import { guardResponse } from "../../api/contract/guard.ts";
import { guardText } from "../format/guard-text.ts";
import type { Command } from "../frame/command.ts";
import { ask } from "./client.ts";

export const guard: Command = {
  name: "guard",
  summary: "exit 1 while a record is moved or in flight; for CI, before another tool writes it",
  usage: ["NAME..."],
  details: [
    "NAME is a service, SERVICE/RECORD, a DNS name, or NAME/TYPE. One that nobody steers is refused: it may be mistyped.",
  ],
  options: {},
  takes: { least: 1, most: Infinity },
  async run({ positionals }, context) {
    const body = { names: positionals };
    const response = await ask(context, { method: "POST", path: paths.guard, body }, guardResponse);
    context.terminal.print(context.json ? JSON.stringify(response) : guardText(response, context.terminal.paint));
    return response.clear ? 0 : 1;
  },
};
