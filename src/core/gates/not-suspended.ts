import { pass, refuse, type Gate } from "./gate.ts";

/** After flapping or a spent budget, automation stays suspended until a person resumes it. */
export const notSuspended: Gate = {
  name: "not-suspended",
  kind: "automatic",
  check({ state, service }) {
    if (state.suspended === null) return pass;
    return refuse(
      "suspended",
      `Automation is suspended: ${state.suspended.reason}.`,
      { reason: state.suspended.reason, at: state.suspended.at },
      `Let it go on: pointsman resume ${service.id}`,
    );
  },
};
