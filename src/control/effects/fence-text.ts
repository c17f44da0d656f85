import type { RRset } from "../../core/plan/rrset.ts";
import { fromHex, fromUtf8 } from "../../values/octets.ts";

/**
 * The value of a fence: the one character-string of its one TXT record (RFC 1035 §3.3.14). Whatever else stands there is
 * not a fence of ours, and is given as it is, so that it equals none.
 */
export function fenceValueOf(rrset: RRset | "absent"): string | null {
  if (rrset === "absent") return null;
  const [rdata, ...more] = rrset.rdata;
  const octets = fromHex(rdata);
  const text = octets !== undefined && octets[0] === octets.length - 1 ? fromUtf8(octets.subarray(1)) : undefined;
  return more.length === 0 && text !== undefined ? text : `not a fence: ${rrset.rdata.join(" ")}`;
}
