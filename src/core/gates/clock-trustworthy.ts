import { pass, refuse, type Gate } from "./gate.ts";

/** A clock that is off takes bands from automatic to approval (design §10). */
export const clockTrustworthy: Gate = {
  name: "clock-trustworthy",
  kind: "automatic",
  check({ facts }) {
    if (facts.clock.trustworthy) return pass;
    return refuse(
      "clock-off",
      facts.clock.says,
      { errorMs: facts.clock.errorMs },
      "Repair the time of the controller's host.",
    );
  },
};
