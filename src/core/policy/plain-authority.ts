import { day, duration } from "../../values/time.ts";
import type { Authority } from "./policy.ts";

/** Authority of duties and their separation alone: nothing else is adopted. */
export function plainAuthority({ duties, separate }: Pick<Authority, "duties" | "separate">): Authority {
  return {
    duties,
    separate,
    signOffs: [],
    breakGlass: null,
    solo: [],
    delegateTo: [],
    recovery: null,
    wideningWaitMs: duration(day),
    afterFirstWrite: "finish",
  };
}
