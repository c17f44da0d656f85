import { formatInstant, type Instant } from "../../values/time.ts";
import { canonicalText, type Name } from "../wire/name.ts";
import { typeToText } from "../wire/rrtype.ts";
import type { Reason, ReasonCode, Verdict } from "./verdict.ts";

/** Why something is not secure: the verdict that it leads to, and the finding. */
export interface Fault {
  readonly verdict: Exclude<Verdict, "secure">;
  readonly reason: Reason;
}

/** What a reason is about: an RRset, or its zone as a whole. */
export interface Subject {
  readonly zone: Name;
  readonly name?: Name;
  readonly type?: number;
}

export function reason(code: ReasonCode, subject: Subject, says: string): Reason {
  const { zone, name, type } = subject;
  const record = name === undefined || type === undefined ? null : `${canonicalText(name)} ${typeToText(type)}`;
  return { code, says, zone: canonicalText(zone), record };
}

export function fault(verdict: Fault["verdict"], code: ReasonCode, subject: Subject, says: string): Fault {
  return { verdict, reason: reason(code, subject, says) };
}

/** A verdict of bogus for a signature or a proof that was refused. */
export function bogus(code: ReasonCode, subject: Subject, says: string): Fault {
  return fault("bogus", code, subject, says);
}

/** The budget of the question was spent before this was known. */
export function spent(subject: Subject, says = "The work that one question may cost was spent."): Fault {
  return fault("unverifiable", "budget-spent", subject, says);
}

/** To the second, as signatures have it. */
export function timeText(at: Instant): string {
  return formatInstant(at).replace(/\.\d+Z$/, "Z");
}

/** The earlier of two moments. */
export function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
