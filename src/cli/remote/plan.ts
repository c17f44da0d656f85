import { paths } from "../../api/contract/common.ts";
import { planResponse, type MoveRequest, type PlanResponse } from "../../api/contract/plan.ts";
import { planText } from "../format/plan-text.ts";
import type { Command, Context } from "../frame/command.ts";
import { ask } from "./client.ts";
import { moveOf, moveOptions } from "./move-options.ts";

export const plan: Command = {
  name: "plan",
  summary: "what a move would change, what the gates say, whose word it needs; changes nothing",
  usage: ["SERVICE --to|--drain|--add SITE"],
  details: ["Exit code 1 when a gate refuses the move or it must wait."],
  options: moveOptions,
  takes: { least: 1, most: 1 },
  async run(given, context) {
    const response = await fetchPlan(context, given.positionals[0] ?? "", moveOf(given));
    context.terminal.print(context.json ? JSON.stringify(response) : planText(response, context.terminal.paint));
    return response.passes ? 0 : 1;
  },
};

export async function fetchPlan(context: Context, service: string, move: MoveRequest): Promise<PlanResponse> {
  return await ask(context, { method: "POST", path: paths.plan, body: { service, move } }, planResponse);
}
