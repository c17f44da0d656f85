import type { ActResponse } from "../../api/contract/act.ts";
import type { FailoverView } from "../../api/contract/status.ts";
import { planText } from "../format/plan-text.ts";
import { approveCommand } from "../format/act-text.ts";
import type { Command, Context, ExitCode } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { reasonOption, sendAct, tell } from "./act.ts";
import { moveOf, moveOptions } from "./move-options.ts";
import { fetchPlan } from "./plan.ts";

export const move: Command = {
  name: "move",
  summary: "propose a move, and approve it when you say yes",
  usage: ["SERVICE --to|--drain|--add SITE --reason TEXT [--yes]"],
  details: [
    "Shows the plan and the gates, proposes it, and asks for a yes where it runs on a terminal.",
    "Elsewhere it prints the exact command that approves it. --yes approves at once.",
    "In a trial the approval is recorded under your user id, unsigned.",
  ],
  options: { ...moveOptions, ...reasonOption, yes: { says: "approve at once, without asking" } },
  takes: { least: 1, most: 1 },
  async run(given, context) {
    const service = given.positionals[0] ?? "";
    const asked = moveOf(given);
    const reason = given.value("reason");
    if (reason === undefined || reason.trim() === "") {
      throw badUsage("A move needs a reason.", 'Add: --reason "why it must move"');
    }
    if (!context.json)
      context.terminal.print(planText(await fetchPlan(context, service, asked), context.terminal.paint));
    const proposed = await sendAct(context, { kind: "move", service, move: asked, reason });
    const { failover } = proposed;
    if (failover === null || !waitsForWord(failover)) {
      tell(context, proposed, `Proposed ${failover?.id ?? service}.`);
      return 0;
    }
    return await approveOrSay(context, proposed, failover, given.flag("yes") ? "yes" : "ask");
  },
};

function waitsForWord(failover: FailoverView): boolean {
  return failover.status === "proposed" && failover.needs !== "nothing" && failover.approvals.length === 0;
}

async function approveOrSay(
  context: Context,
  proposed: ActResponse,
  failover: FailoverView,
  consent: "yes" | "ask",
): Promise<ExitCode> {
  const { terminal, json } = context;
  const asks = consent === "ask" && terminal.interactive && !json;
  const agreed = consent === "yes" || (asks && (await terminal.confirm(`Approve ${failover.id}?`)));
  if (agreed) {
    const approve = { kind: "approve", failover: failover.id, planHash: failover.planHash, reason: null } as const;
    tell(context, await sendAct(context, approve), `Approved ${failover.id}.`);
    return 0;
  }
  tell(context, proposed, `Proposed ${failover.id}. It waits for: ${approveCommand(failover)}`);
  return 0;
}
