import { pass, refuse, type Gate } from "./gate.ts";

/** N10: nothing acts on a journal that is cut, altered or rolled back. */
export const logIsWhole: Gate = {
  name: "log-is-whole",
  kind: "absolute",
  check({ facts }) {
    if (facts.log.whole) return pass;
    return refuse(
      "log-damaged",
      facts.log.says,
      {},
      "Stop the controller and restore the journal; see the operations guide.",
    );
  },
};
