import { pass, refuse, type Gate } from "./gate.ts";

/** N5: never two failovers of one service. */
export const oneInFlight: Gate = {
  name: "one-in-flight",
  kind: "absolute",
  check({ state, plan }) {
    const open = state.failover;
    if (open === null || open.id === plan.failover || plan.of === open.id) return pass;
    return refuse(
      "in-flight",
      `${open.id} is ${open.status}.`,
      { failover: open.id, status: open.status },
      `Let it end, or withdraw it: pointsman withdraw ${open.id}`,
    );
  },
};
