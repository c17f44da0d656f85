import { invariant } from "../../values/invariant.ts";
import { rdataFromText, rdataToText } from "../../dns/wire/rdata.ts";

// What the policy compares names and data by: the canonical texts of dns/wire.
export { canonicalAddress, isGloballyRoutable, isLoopback } from "../../dns/wire/address.ts";
export { canonicalNameText } from "../../dns/wire/name.ts";

/** Whether a name is a zone's apex or below it; both canonical, and of letters, digits, hyphens and underscores alone. */
export function isBelow(name: string, zone: string): boolean {
  return name === zone || zone === "." || name.endsWith(`.${zone}`);
}

/** Whether a name answers for those below its parent that do not exist (RFC 4592 §2.1.1). */
export function isWildcard(name: string): boolean {
  return name.startsWith("*.");
}

/** RDATA of a value that the rules have accepted, in canonical hexadecimal. */
export function canonicalRdata(type: string, text: string): string {
  const rdata = rdataFromText(type, text);
  invariant(rdata !== undefined, "a value was accepted by the rules");
  return rdata;
}

/** The canonical text of the address in an A or AAAA record's RDATA. */
export function addressFromRdata(type: "A" | "AAAA", rdata: string): string {
  return rdataToText(type, rdata);
}
