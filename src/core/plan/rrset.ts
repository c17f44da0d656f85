import { invariant } from "../../values/invariant.ts";
import { isNonEmpty, type NonEmpty } from "../../values/non-empty.ts";

/**
 * The data of an RRset. RDATA is canonical (RFC 4034 §6.2) as lower-case hexadecimal, without duplicates, in octet
 * order: so two RRsets hold the same data exactly when these texts are equal. TTL in seconds.
 */
export interface RRset {
  readonly ttl: number;
  /** NonEmpty makes an RRset emptied by missing input a compile error (N3). */
  readonly rdata: NonEmpty<string>;
}

/** RFC 2181 §8: a TTL is an unsigned number below 2^31. */
const ttlMax = 2 ** 31 - 1;

/** An RRset in its one form, whatever the order and repetition of `rdata`. */
export function rrset(ttl: number, rdata: readonly string[]): RRset {
  invariant(Number.isInteger(ttl) && ttl >= 0 && ttl <= ttlMax, "a TTL is a whole number of seconds below 2^31");
  const ordered = [...new Set(rdata)].toSorted();
  invariant(isNonEmpty(ordered), "an RRset has at least one record");
  invariant(
    ordered.every((octets) => /^(?:[0-9a-f]{2})*$/.test(octets)),
    "RDATA is lower-case hexadecimal",
  );
  return { ttl, rdata: ordered };
}

/** Equal data; TTL is compared apart (design §1). */
export function sameData(a: RRset | "absent", b: RRset | "absent"): boolean {
  if (a === "absent" || b === "absent") return a === b;
  return a.rdata.length === b.rdata.length && a.rdata.every((octets, index) => octets === b.rdata[index]);
}

/** Equal data and equal TTL. */
export function sameRRset(a: RRset | "absent", b: RRset | "absent"): boolean {
  return sameData(a, b) && (a === "absent" || b === "absent" || a.ttl === b.ttl);
}
