import { pass, refuse, type Gate } from "./gate.ts";

/** Somebody took the service into their own hands: whatever Pointsman did beside them would be one hand too many. */
export const notHandedOver: Gate = {
  name: "not-handed-over",
  kind: "absolute",
  check({ state, service }) {
    if (state.handedOver === null) return pass;
    const { by } = state.handedOver;
    return refuse(
      "handed-over",
      `${by.person} took ${service.id} over.`,
      { by: by.person, at: by.at },
      `Give it back: pointsman take-back ${service.id}`,
    );
  },
};
