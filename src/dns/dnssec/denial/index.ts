import { isWithin, nameToText, parentOf, sameName, type Name } from "../../wire/name.ts";
import { rrtype, typeToText } from "../../wire/rrtype.ts";
import { isBelow, isCut, nextCloser, wildcardAt } from "./ancestry.ts";
import { nsec3Denial } from "./nsec3.ts";
import { nsecDenial } from "./nsec.ts";
import {
  refuse,
  type Denial,
  type DenialRecords,
  type HashBudget,
  type NoDsKind,
  type NoDsProof,
  type Proof,
  type Proven,
  type Standing,
  type Unproven,
} from "./proof.ts";

export type { DenialRecords, NoDsKind, NoDsProof, Proof } from "./proof.ts";

/**
 * That `name` has no `type`, nor a CNAME (RFC 4035 §5.4, RFC 5155 §8.5-8.7, RFC 6840 §4.3): the name itself, an empty
 * non-terminal, or the wildcard that stands for it. Types at a zone cut are denied by the child, DS by the parent alone
 * (RFC 6840 §4.1, §4.4). ANY is denied only where there is nothing at all.
 */
export function proveNoData(records: DenialRecords, name: Name, type: number, budget: HashBudget): Proof {
  if (type === rrtype.DS && isOwnApex(records, name)) return refuseOwnDs(name);
  return prove(records, name, budget, (denial) => {
    const place = denial.locate(name);
    if (place.stands === "unknown") return place.why;
    if (place.stands === "here") return whyNotLacking(name, place.types, type) ?? proven(false, null);
    const wildcard = wildcardAt(place.encloser);
    const why = whyNoSource(wildcard, denial.at(wildcard), type);
    if (why === undefined) return proven(place.optOut, wildcard);
    // A delegation that nobody signed for, or an empty non-terminal above one (RFC 5155 §8.6, §7.1 and its erratum 3441).
    return place.optOut && why.proved === false ? proven(true, null) : why;
  });
}

/** That there is no such name, and no wildcard that would stand for it (RFC 4035 §5.4, RFC 5155 §8.4). */
export function proveNoName(records: DenialRecords, name: Name, budget: HashBudget): Proof {
  return prove(records, name, budget, (denial) => {
    const place = denial.locate(name);
    if (place.stands === "unknown") return place.why;
    if (place.stands === "here") return contradiction(name, "exists");
    const wildcard = wildcardAt(place.encloser);
    const source = denial.at(wildcard);
    if (source.stands === "unknown") return source.why;
    return source.stands === "here" ? contradiction(wildcard, "exists") : proven(place.optOut, null);
  });
}

/**
 * That nothing closer to `name` than `wildcard`, as the signature's labels give it, is there, so that the wildcard's
 * answer holds for it (RFC 4035 §5.3.4, RFC 5155 §8.8).
 */
export function proveNoCloserName(records: DenialRecords, name: Name, wildcard: Name, budget: HashBudget): Proof {
  const encloser = parentOf(wildcard);
  if (encloser === undefined || !isBelow(name, encloser) || sameName(name, wildcard)) {
    return refuse("denial-incomplete", `${nameToText(wildcard)} cannot stand for ${nameToText(name)}`);
  }
  const closer = nextCloser(name, encloser);
  return prove(records, name, budget, (denial) => {
    const standing = denial.at(closer);
    if (standing.stands === "unknown") return standing.why;
    return standing.stands === "here" ? contradiction(closer, "exists") : proven(standing.optOut, wildcard);
  });
}

/** That the parent, the zone of `records`, has no DS for `name`, and why (RFC 4035 §5.2, RFC 5155 §8.6 and §8.9). */
export function proveNoDs(records: DenialRecords, name: Name, budget: HashBudget): NoDsProof {
  if (isOwnApex(records, name)) return refuseOwnDs(name);
  return prove(records, name, budget, (denial): NoDsProof => {
    const place = denial.locate(name);
    if (place.stands === "unknown") return place.why;
    if (place.stands === "here") {
      if (place.types.has(rrtype.DS)) return contradiction(name, "has a DS");
      return noDs(isCut(place.types) ? "insecure-delegation" : "not-a-cut", proven(false, null));
    }
    if (place.optOut) return noDs("opt-out", proven(true, null));
    const wildcard = wildcardAt(place.encloser);
    const source = denial.at(wildcard);
    if (source.stands === "unknown") return source.why;
    if (source.stands === "absent") return noDs("no-such-name", proven(false, null));
    // What a wildcard NS means is nowhere defined (RFC 4592 §4.2).
    if (source.types.has(rrtype.NS) || source.types.has(rrtype.DS)) return contradiction(wildcard, "has an NS or DS");
    return noDs("not-a-cut", proven(false, wildcard));
  });
}

/** By NSEC, else by NSEC3: a zone on its way from one to the other may show both. */
function prove<Found extends Proven>(
  records: DenialRecords,
  name: Name,
  budget: HashBudget,
  attempt: (denial: Denial) => Found | Unproven,
): Found | Unproven {
  const zone = nameToText(records.zone);
  if (!isWithin(name, records.zone)) {
    return refuse("denial-from-elsewhere", `The zone ${zone} cannot speak for ${nameToText(name)}`);
  }
  let why: Unproven | undefined;
  for (const denial of [nsecDenial(records), nsec3Denial(records, budget)]) {
    if (denial === undefined) continue;
    const result = "proved" in denial ? denial : attempt(denial);
    if (result.proved === true) return result;
    // The last word is NSEC3's, which alone may be that it is insecure, or that the budget is spent.
    why = result;
  }
  return why ?? refuse("denial-missing", `No NSEC or NSEC3 of ${zone} came for ${nameToText(name)}`);
}

/** Below the root, the DS of a zone is its parent's to deny; the zone's own NSEC tells nothing of it (RFC 6840 §4.4). */
function isOwnApex({ zone }: DenialRecords, name: Name): boolean {
  return zone.length > 1 && sameName(name, zone);
}

function refuseOwnDs(name: Name): Unproven {
  return refuse("denial-from-elsewhere", `The zone ${nameToText(name)} denies its own DS, which only its parent can.`);
}

// What stands at a name only because the name is signed, or for the name not to be there (RFC 9824 §3.1).
const nxname = 128;
const bareTypes: ReadonlySet<number> = new Set([rrtype.RRSIG, rrtype.NSEC, nxname]);

function whyNotLacking(name: Name, types: ReadonlySet<number>, type: number): Unproven | undefined {
  if (isCut(types) && type !== rrtype.DS) {
    const says = `${nameToText(name)} is a delegation: of its types the zone above denies DS alone (RFC 6840 §4.1).`;
    return refuse("denial-from-ancestor", says);
  }
  if (type === rrtype.ANY) {
    return [...types].every((each) => bareTypes.has(each))
      ? undefined
      : contradiction(name, "has types, and ANY asks for each");
  }
  if (types.has(type)) return contradiction(name, `has the type ${typeToText(type)}`);
  return types.has(rrtype.CNAME) ? contradiction(name, "has a CNAME") : undefined;
}

/** Why the wildcard that would stand for an absent name does not make it one without `type`. */
function whyNoSource(wildcard: Name, source: Standing, type: number): Unproven | undefined {
  if (source.stands === "unknown") return source.why;
  if (source.stands === "here") return whyNotLacking(wildcard, source.types, type);
  return refuse(
    "denial-incomplete",
    `Neither the name nor ${nameToText(wildcard)} is there: that is no name, not no data.`,
  );
}

function contradiction(name: Name, that: string): Unproven {
  return refuse("answer-contradicts-itself", `${nameToText(name)} ${that}, as the record given for its denial says.`);
}

function proven(optOut: boolean, wildcard: Name | null): Proven {
  return { proved: true, optOut, wildcard };
}

function noDs(kind: NoDsKind, proof: Proven): NoDsProof {
  return { ...proof, kind };
}
