import { add, formatDuration, type Instant } from "../../values/time.ts";
import { deferred, elapsedOf } from "../authority/clock-steps.ts";
import { pass, wait, type Gate } from "./gate.ts";

/** Automation lets the last automatic move settle before it makes the next. What undoes or restores one does not wait. */
export const holdDown: Gate = {
  name: "hold-down",
  kind: "automatic",
  check({ plan, state, world, service, now }) {
    if (plan.purpose === "rollback" || plan.purpose === "restore") return pass;
    const last = state.ended.findLast(
      ({ automatic, times }) => automatic && times.changed !== null && times.changed >= state.resumedAt,
    );
    const changed: Instant | null = last?.times.changed ?? null;
    if (changed === null) return pass;
    const until = deferred(world, changed, add(changed, service.holdDownMs));
    if (now >= until) return pass;
    const sinceMs = elapsedOf(world, changed, now);
    return wait(
      "hold-down",
      `The last automatic move was ${formatDuration(sinceMs)} ago; the policy holds the next one down for ${formatDuration(service.holdDownMs)}.`,
      until,
      { sinceMs, holdDownMs: service.holdDownMs },
    );
  },
};
