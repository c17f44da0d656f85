import { keyFingerprint } from "../../core/integrity/key-rdata.ts";
import type { KeySurvey } from "../../core/integrity/survey.ts";
import { Budget } from "../../dns/dnssec/budget.ts";
import { digestOf } from "../../dns/dnssec/digest.ts";
import { keysPerZoneMax } from "../../dns/dnssec/limits.ts";
import { parseDnskey } from "../../dns/dnssec/parse.ts";
import { keyBits } from "../../dns/dnssec/public-key.ts";
import type { DnsKey, SignedRRset } from "../../dns/dnssec/records.ts";
import { checkRRset } from "../../dns/dnssec/signature.ts";
import type { Name } from "../../dns/wire/name.ts";
import type { Instant } from "../../values/time.ts";
import { concat, toHex } from "../../values/octets.ts";
import { inTurns } from "./in-turns.ts";

/** What a server gave of a zone's keys, and of what they sign. */
export interface KeysSeen {
  readonly zone: Name;
  readonly dnskey: SignedRRset;
  readonly soa: SignedRRset | undefined;
  readonly now: Instant;
}

/**
 * Each key of the set, and what it really signs. Keys beyond the limit of a zone are left out; each has the budget of one
 * step of a chain, and what that does not allow to be checked counts as not signed.
 */
export async function surveyKeys({ zone, dnskey, soa, now }: KeysSeen): Promise<readonly KeySurvey[]> {
  const keys = dnskey.rdata.slice(0, keysPerZoneMax).flatMap((rdata) => parseDnskey(zone, rdata) ?? []);
  const signs = async (key: DnsKey, rrset: SignedRRset | undefined): Promise<boolean> => {
    const own = rrset?.signatures.filter(({ tag, algorithm }) => tag === key.tag && algorithm === key.algorithm) ?? [];
    if (rrset === undefined || own.length === 0) return false;
    const budget = new Budget();
    budget.step();
    const options = { legacy: "unsupported" } as const;
    const check = await checkRRset({ ...rrset, signatures: own }, zone, [key], { now, budget, options });
    return check.outcome === "valid";
  };
  return inTurns(keys, 1, async (key) => ({
    tag: key.tag,
    algorithm: key.algorithm,
    bits: keyBits(key),
    flags: key.flags,
    fingerprint: keyFingerprint(key.rdata),
    asDs: dsOf(key),
    signsKeys: await signs(key, dnskey),
    signsZone: await signs(key, soa),
  }));
}

/** SHA-1, SHA-256 and SHA-384: a DS of the first is weak, and names the key all the same. */
const digestTypes = [1, 2, 4];

/** RFC 4034 §5.1. */
function dsOf(key: DnsKey): readonly string[] {
  return digestTypes.flatMap((digestType) => {
    const digest = digestOf(digestType, key);
    const head = Uint8Array.of(Math.floor(key.tag / 256), key.tag % 256, key.algorithm, digestType);
    return digest === undefined ? [] : [toHex(concat(head, digest))];
  });
}
