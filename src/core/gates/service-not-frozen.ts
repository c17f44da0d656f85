import { formatInstant } from "../../values/time.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** The owner said beforehand: not in this time. */
export const serviceNotFrozen: Gate = {
  name: "service-not-frozen",
  kind: "judgement",
  check({ service, now, plan }) {
    const freeze = service.frozen.find(({ from, until }) => from <= now && now < until);
    if (freeze === undefined || plan.purpose === "rollback") return pass;
    return refuse(
      "frozen",
      `${service.id} is frozen until ${formatInstant(freeze.until)}: ${freeze.reason}.`,
      { until: freeze.until, reason: freeze.reason },
      "Wait for the end of the freeze, or adopt a policy without it.",
    );
  },
};
