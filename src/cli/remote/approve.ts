import type { FailoverView } from "../../api/contract/status.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { approvalText } from "../format/act-text.ts";
import type { Command, Context, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { actAndTell, reasonOf, reasonOption } from "./act.ts";
import { fetchStatus } from "./status.ts";

export const approve: Command = {
  name: "approve",
  summary: "say yes to exactly the plan that you saw",
  usage: ["FAILOVER [--plan HASH] [--yes]"],
  details: [
    "Binds the plan by its hash, of which --plan takes the first 8 digits or more: another plan is refused.",
    "Without --plan it shows the plan's effect and asks; --yes approves the plan that is open now.",
    "Recorded under your user id, unsigned.",
  ],
  options: {
    ...reasonOption,
    plan: { placeholder: "HASH", says: "the plan that you mean" },
    yes: { says: "approve without asking" },
  },
  takes: { least: 1, most: 1 },
  async run(given, context) {
    const failover = await openFailover(context, given.positionals[0] ?? "");
    await consent(given, context, failover);
    const act = {
      kind: "approve",
      failover: failover.id,
      planHash: failover.planHash,
      reason: reasonOf(given),
    } as const;
    return await actAndTell(context, act, `Approved ${failover.id}.`);
  },
};

async function openFailover(context: Context, id: string): Promise<FailoverView> {
  const { services } = await fetchStatus(context);
  const found = services.find(({ failover }) => failover?.id === id)?.failover;
  if (found !== undefined && found !== null) return found;
  throw new PointsmanError({
    code: "no-such-failover",
    says: `There is no open failover ${id}.`,
    figures: { failover: id },
    mend: "See the open ones with: pointsman status",
  });
}

/** @throws PointsmanError unless the plan named is the open one, or the user says yes to what is shown. */
async function consent(given: Given, { terminal, json }: Context, failover: FailoverView): Promise<void> {
  const plan = given.value("plan")?.toLowerCase();
  if (plan !== undefined) {
    if (!/^[0-9a-f]{8,64}$/.test(plan)) throw badUsage("--plan takes 8 to 64 hexadecimal digits.", hint(failover));
    if (failover.planHash.startsWith(plan)) return;
    throw new PointsmanError({
      code: "other-plan",
      says: `The open plan of ${failover.id} is ${failover.planHash.slice(0, 12)}, not ${plan.slice(0, 12)}.`,
      figures: { open: failover.planHash, asked: plan },
      mend: `Look at it with: pointsman why ${failover.id.replace(/-\d+$/, "")}, then approve it anew.`,
    });
  }
  if (given.flag("yes")) return;
  if (!terminal.interactive || json) throw badUsage("Nobody can be asked here.", hint(failover));
  terminal.note(approvalText(failover));
  if (await terminal.confirm(`Approve ${failover.id}?`)) return;
  throw new PointsmanError({
    code: "not-approved",
    says: `${failover.id} is not approved; it stays open until ${failover.expiresAt}.`,
    figures: { failover: failover.id },
    mend: `End it with: pointsman withdraw ${failover.id}, or bar the move with: pointsman veto ${failover.id}`,
  });
}

function hint(failover: FailoverView): string {
  return `Name the plan: pointsman approve ${failover.id} --plan ${failover.planHash.slice(0, 12)}`;
}
