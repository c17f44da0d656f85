import type { AuthenticityFinding } from "../../core/integrity/survey.ts";
import type { Validation } from "../../dns/dnssec/verdict.ts";

/** The verdict on one answer, with the reason that decided it. */
export function findingOf({ verdict, reasons, fault }: Validation): AuthenticityFinding {
  const ofFault = reasons.findLast((one) => fault !== null && one.zone === fault.zone && one.record === fault.record);
  const reason = ofFault ?? reasons.at(-1);
  return {
    authenticity: verdict,
    code: reason?.code ?? verdict,
    says: reason === undefined ? `It is ${verdict}.` : `${reason.record ?? reason.zone}: ${reason.says}`,
  };
}

/** Nothing came that could be judged: that says nothing of the data. */
export function unanswered(code: string, says: string): AuthenticityFinding {
  return { authenticity: "indeterminate", code, says };
}
