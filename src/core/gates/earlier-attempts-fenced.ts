import { pass, refuse, type Gate } from "./gate.ts";

/** No earlier write of this service is still on its way with nobody knowing whether it landed. */
export const earlierAttemptsFenced: Gate = {
  name: "earlier-attempts-fenced",
  kind: "judgement",
  check({ state }) {
    const [attempt] = state.outstanding;
    if (attempt === undefined) return pass;
    return refuse(
      "attempt-outstanding",
      `It is not known whether ${attempt.id} was applied.`,
      { attempt: attempt.id, path: attempt.path },
      "It is read back at the path's server; wait until that answers.",
    );
  },
};
