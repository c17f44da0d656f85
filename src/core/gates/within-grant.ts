import { givenUntil } from "../authority/live.ts";
import { grantsOf, movesUnder } from "../authority/grants-used.ts";
import { sitesAdded } from "../plan/placement.ts";
import { formatInstant } from "../../values/time.ts";
import { pass, refuse, type Gate, type GateInput, type GateResult } from "./gate.ts";

/** N13: an emergency binds one plan, or one service with its targets and moves; what it does not bind, it does not allow. */
export const withinGrant: Gate = {
  name: "within-grant",
  kind: "absolute",
  check(input) {
    const { failover } = input;
    for (const id of failover === null ? [] : grantsOf(failover)) {
      const result = bounded(input, id);
      if (result.result !== "pass") return result;
    }
    return pass;
  },
};

function bounded({ plan, failover, world, state, now }: GateInput, id: string): GateResult {
  const grant = world.authority.grants.get(id);
  const mend = "Fill the duties as the policy says, or ask for another: pointsman break-glass";
  if (
    grant === undefined ||
    grant.grantedAt === null ||
    grant.withdrawnAt !== null ||
    now >= givenUntil(world, grant.grantedAt, grant.until)
  ) {
    const says =
      grant === undefined || grant.grantedAt === null
        ? `Emergency ${id} was not granted.`
        : `Emergency ${id} ended at ${formatInstant(grant.withdrawnAt ?? grant.until)}.`;
    return refuse("grant-over", says, { grant: id }, mend);
  }
  const outside = sitesAdded(plan.placement.before, plan.placement.after).filter(
    (site) => !grant.targets.includes(site),
  );
  if (
    grant.service !== plan.service ||
    outside.length > 0 ||
    (grant.plan !== null && grant.plan !== failover?.planHash)
  )
    return refuse(
      "outside-grant",
      `Emergency ${id} is for ${grant.service} to ${grant.targets.join(", ")}${grant.plan === null ? "" : ", by one plan"}.`,
      { grant: id, service: grant.service, targets: [...grant.targets], plan: grant.plan },
      mend,
    );
  const made = movesUnder(state, grant, plan.failover);
  if (made < grant.moves) return pass;
  return refuse(
    "grant-spent",
    `Emergency ${id} allows ${grant.moves} moves, and ${made} were made.`,
    { grant: id, made, allowed: grant.moves },
    mend,
  );
}
