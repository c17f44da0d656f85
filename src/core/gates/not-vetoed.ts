import { formatInstant } from "../../values/time.ts";
import { moveKey } from "../plan/placement.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** N7: a veto bars the move, not only the plan (design §2). It never bars a rollback to a site proven ready. */
export const notVetoed: Gate = {
  name: "not-vetoed",
  kind: "absolute",
  check({ plan, state, now }) {
    if (plan.purpose === "rollback") return pass;
    const veto = state.vetoes.find((one) => one.move === moveKey(plan.placement.after) && now < one.until);
    if (veto === undefined) return pass;
    return refuse(
      "vetoed",
      `${veto.by.id} vetoed this move until ${formatInstant(veto.until)}.`,
      { veto: veto.id, until: veto.until },
      `Ask for its withdrawal: pointsman lift-veto ${plan.service} ${veto.id}`,
    );
  },
};
