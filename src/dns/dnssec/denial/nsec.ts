import { isWithin, nameToText, sameName, type Name } from "../../wire/name.ts";
import { rrtype } from "../../wire/rrtype.ts";
import type { Nsec } from "../records.ts";
import { commonAncestor, endsZoneBelow, isBelow } from "./ancestry.ts";
import { compareNames } from "./canonical-order.ts";
import { refuse, unknown, type Denial, type DenialRecords, type Place, type Unproven } from "./proof.ts";

/**
 * Denial by NSEC (RFC 4035 §5.4, RFC 6840 §4.1). An NSEC says both which types its owner has and that nothing stands
 * between owner and next. `undefined` without any; a refusal when none of them can speak for the zone.
 */
export function nsecDenial(records: DenialRecords): Denial | Unproven | undefined {
  const [first] = records.nsec;
  if (first === undefined) return undefined;
  const usable = records.nsec.filter((nsec) => unusable(nsec, records.zone) === undefined);
  if (usable.length === 0) return unusable(first, records.zone);
  const locate = (name: Name): Place => place(name, usable, records.zone);
  return { at: locate, locate };
}

/** Why an NSEC cannot speak for `zone`. */
function unusable(nsec: Nsec, zone: Name): Unproven | undefined {
  const isApex = sameName(nsec.owner, zone);
  if (isApex && !nsec.types.has(rrtype.SOA)) {
    const says = `The NSEC of ${nameToText(zone)} has no SOA: it is that of the zone above.`;
    return refuse("denial-from-ancestor", says);
  }
  const isInside = isWithin(nsec.owner, zone) && isWithin(nsec.next, zone);
  // The last NSEC leads back to the apex (RFC 4034 §4.1.1); any other step back would deny the whole zone.
  const ascends = sameName(nsec.next, zone) || compareNames(nsec.owner, nsec.next) < 0;
  if (isInside && ascends && (isApex || !nsec.types.has(rrtype.SOA))) return undefined;
  const says = `The NSEC from ${nameToText(nsec.owner)} to ${nameToText(nsec.next)} is not one of ${nameToText(zone)}`;
  return refuse("denial-from-elsewhere", says);
}

function place(name: Name, usable: readonly Nsec[], zone: Name): Place {
  const match = usable.find((nsec) => sameName(nsec.owner, name));
  if (match !== undefined) return { stands: "here", types: match.types };
  const covering = usable.filter((nsec) => covers(nsec, name, zone));
  const nsec = covering.find((each) => !endsAt(each, name));
  if (nsec === undefined) return unknown(whyUncovered(name, covering[0], usable.length));
  // Nothing stands between owner and next, yet next is below the name: an empty non-terminal (RFC 4592 §2.2.2).
  if (isBelow(nsec.next, name)) return { stands: "here", types: new Set() };
  const [before, after] = [commonAncestor(name, nsec.owner), commonAncestor(name, nsec.next)];
  return { stands: "absent", optOut: false, encloser: before.length > after.length ? before : after };
}

function covers(nsec: Nsec, name: Name, zone: Name): boolean {
  return compareNames(nsec.owner, name) < 0 && (sameName(nsec.next, zone) || compareNames(name, nsec.next) < 0);
}

/** Whether what is at `name` is not the zone's to deny, because the owner is a cut or has a DNAME above it. */
function endsAt(nsec: Nsec, name: Name): boolean {
  return isBelow(name, nsec.owner) && endsZoneBelow(nsec.types);
}

function whyUncovered(name: Name, ancestor: Nsec | undefined, count: number): Unproven {
  const text = nameToText(name);
  return ancestor === undefined
    ? refuse("denial-incomplete", `None of ${count} NSEC records matches or covers ${text}`)
    : refuse(
        "denial-from-ancestor",
        `The NSEC that covers ${text} is that of ${nameToText(ancestor.owner)}, a delegation or DNAME above it.`,
      );
}
