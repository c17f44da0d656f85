import { compareOctets, equalOctets } from "../../../values/octets.ts";
import { isWithin, nameToText, parentOf, sameName, type Name } from "../../wire/name.ts";
import { rrtype } from "../../wire/rrtype.ts";
import { nsec3IterationsMax } from "../limits.ts";
import type { Nsec3 } from "../records.ts";
import { endsZoneBelow } from "./ancestry.ts";
import { nsec3Hash, nsec3HashOctets } from "./nsec3-hash.ts";
import {
  refuse,
  unknown,
  type Denial,
  type DenialRecords,
  type HashBudget,
  type Place,
  type Standing,
  type Unproven,
} from "./proof.ts";

/**
 * Denial by NSEC3 (RFC 5155 §8). `undefined` without any; a refusal when none of them can speak for the zone or they
 * contradict each other; insecure above the limit of iterations, before a single hash (RFC 9276 §3.2).
 */
export function nsec3Denial(records: DenialRecords, budget: HashBudget): Denial | Unproven | undefined {
  if (records.nsec3.length === 0) return undefined;
  const usable = records.nsec3.filter((nsec3) => isUsable(nsec3, records.zone));
  const [first] = usable;
  if (first === undefined) return whyNoneUsable(records);
  if (usable.some((nsec3) => nsec3.iterations !== first.iterations || !equalOctets(nsec3.salt, first.salt))) {
    return refuse(
      "answer-contradicts-itself",
      `The NSEC3 records of ${nameToText(records.zone)} differ in salt or iterations (RFC 5155 §8.2).`,
    );
  }
  if (first.iterations > nsec3IterationsMax) {
    return {
      proved: "insecure",
      code: "too-many-iterations",
      says: `NSEC3 of ${nameToText(records.zone)} with ${first.iterations} iterations; at most ${nsec3IterationsMax} are worked out, 0 is advised (RFC 9276).`,
    };
  }
  const chain: Chain = { zone: records.zone, nsec3: usable, hashOf: hasher(records, first, budget) };
  return { at: (name) => standing(name, chain), locate: (name) => place(name, chain) };
}

interface Chain {
  readonly zone: Name;
  readonly nsec3: readonly Nsec3[];
  /** `undefined` when the budget is spent. */
  readonly hashOf: (name: Name) => Uint8Array | undefined;
}

/** The owner is exactly the hash under the zone, of the one algorithm that is known (RFC 5155 §8.1). */
function isUsable(nsec3: Nsec3, zone: Name): boolean {
  const isKnown = nsec3.algorithm === 1 && nsec3.hash.length === nsec3HashOctets;
  return isKnown && nsec3.next.length === nsec3HashOctets && sameName(nsec3.zone, zone);
}

function whyNoneUsable({ nsec3, zone }: DenialRecords): Unproven {
  const foreign = nsec3.find((each) => !sameName(each.zone, zone));
  return foreign === undefined
    ? refuse("denial-missing", `None of ${nsec3.length} NSEC3 records of ${nameToText(zone)} has a hash of SHA-1 (1).`)
    : refuse("denial-from-elsewhere", `NSEC3 of ${nameToText(foreign.zone)} cannot speak for ${nameToText(zone)}`);
}

// Salt and iterations are the same for all records of one response, so that the name alone is the key.
const remembered = new WeakMap<DenialRecords, Map<string, Uint8Array>>();

function hasher(records: DenialRecords, { salt, iterations }: Nsec3, budget: HashBudget): Chain["hashOf"] {
  const hashes = remembered.get(records) ?? new Map<string, Uint8Array>();
  remembered.set(records, hashes);
  return (name) => {
    const key = nameToText(name).toLowerCase();
    const known = hashes.get(key);
    if (known !== undefined || !budget.hash()) return known;
    const hash = nsec3Hash(name, salt, iterations);
    hashes.set(key, hash);
    return hash;
  };
}

function standing(name: Name, chain: Chain): Standing {
  const match = matching(name, chain);
  if (match !== "none") return match;
  const hash = chain.hashOf(name);
  if (hash === undefined) return unknown({ proved: "spent" });
  const cover = chain.nsec3.find((nsec3) => covers(nsec3, hash));
  return cover === undefined
    ? unknown(refuse("denial-incomplete", `None of ${chain.nsec3.length} NSEC3 records covers ${nameToText(name)}`))
    : { stands: "absent", optOut: cover.optOut };
}

type Match = Exclude<Standing, { stands: "absent" }> | "none";

function matching(name: Name, { zone, nsec3, hashOf }: Chain): Match {
  const hash = hashOf(name);
  if (hash === undefined) return unknown({ proved: "spent" });
  const match = nsec3.find((each) => equalOctets(each.hash, hash));
  if (match === undefined) return "none";
  if (match.types.has(rrtype.SOA) === sameName(name, zone)) return { stands: "here", types: match.types };
  // An SOA stands at the apex and nowhere else: this record is that of the zone above, or of one below.
  const code = match.types.has(rrtype.SOA) ? "denial-from-elsewhere" : "denial-from-ancestor";
  return unknown(refuse(code, `The NSEC3 of ${nameToText(name)} is not one of the zone ${nameToText(zone)}`));
}

/** Between owner and next, for a hash that is no owner; the last one leads back to the first (RFC 5155 §3.1.7). */
function covers({ hash: owner, next }: Nsec3, hash: Uint8Array): boolean {
  const after = compareOctets(owner, hash) < 0;
  const before = compareOctets(hash, next) < 0;
  return compareOctets(owner, next) < 0 ? after && before : after || before;
}

/** The name's own NSEC3, or else the closest encloser proof (RFC 5155 §8.3). */
function place(name: Name, chain: Chain): Place {
  const match = matching(name, chain);
  if (match !== "none") return match;
  let closer = name;
  for (let encloser = parentOf(name); isInZone(encloser, chain); encloser = parentOf(encloser)) {
    const found = matching(encloser, chain);
    if (found !== "none") return found.stands === "here" ? below(encloser, found.types, closer, chain) : found;
    closer = encloser;
  }
  const says = `None of ${chain.nsec3.length} NSEC3 records matches ${nameToText(name)} or an encloser of it.`;
  return unknown(refuse("denial-incomplete", says));
}

function isInZone(encloser: Name | undefined, { zone }: Chain): encloser is Name {
  return encloser !== undefined && isWithin(encloser, zone);
}

function below(encloser: Name, types: ReadonlySet<number>, closer: Name, chain: Chain): Place {
  if (endsZoneBelow(types)) {
    const says = `The closest encloser ${nameToText(encloser)} is a delegation or DNAME: what is below is not denied.`;
    return unknown(refuse("denial-from-ancestor", says));
  }
  const standingOfCloser = standing(closer, chain);
  return standingOfCloser.stands === "absent" ? { ...standingOfCloser, encloser } : standingOfCloser;
}
