import { paths } from "../../api/contract/common.ts";
import { whyResponse } from "../../api/contract/why.ts";
import { whyText } from "../format/why-text.ts";
import type { Command } from "../frame/command.ts";
import { ask } from "./client.ts";

export const why: Command = {
  name: "why",
  summary: "what it would do, what holds it with figures, who can act and how",
  usage: ["SERVICE"],
  details: [],
  options: {},
  takes: { least: 1, most: 1 },
  async run({ positionals }, context) {
    const query = { service: positionals[0] ?? "" };
    const response = await ask(context, { method: "GET", path: paths.why, query }, whyResponse);
    context.terminal.print(context.json ? JSON.stringify(response) : whyText(response, context.terminal.paint));
    return 0;
  },
};
