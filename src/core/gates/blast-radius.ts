import { formatDuration } from "../../values/time.ts";
import { elapsedOf } from "../authority/clock-steps.ts";
import { pass, refuse, type Gate, type GateInput } from "./gate.ts";

/** No more services on the move at once than was agreed: past it, people look before anything else moves. */
export const blastRadius: Gate = {
  name: "blast-radius",
  kind: "judgement",
  check(input) {
    const { services, perMs } = input.policy.blastRadius;
    const moved = movedLately(input);
    if (moved + 1 <= services || input.plan.purpose === "rollback") return pass;
    return refuse(
      "blast-radius",
      `${moved} other services moved within ${formatDuration(perMs)}; the policy allows ${services}.`,
      { moved, allowed: services, perMs },
      "Look for the common cause first.",
    );
  },
};

function movedLately({ world, policy, service, now }: GateInput): number {
  let moved = 0;
  for (const other of world.services.values()) {
    if (other.service === service.id) continue;
    const intended = [...other.ended.map(({ times }) => times.intended), other.failover?.times.intended ?? null];
    if (intended.some((at) => at !== null && elapsedOf(world, at, now) < policy.blastRadius.perMs)) moved += 1;
  }
  return moved;
}
