import { rdataOctetsToText } from "../wire/rdata.ts";
import { typeToText } from "../wire/rrtype.ts";
import { canonicalText, type Name } from "../wire/name.ts";
import { dsMatches } from "./digest.ts";
import type { AlgorithmOptions } from "./algorithms.ts";
import { keyBits } from "./public-key.ts";
import type { DelegationSigner, DnsKey, SignedRRset } from "./records.ts";
import type { AnswerLink, DsView, KeyView, SignatureView, Verdict, ZoneLink } from "./verdict.ts";

/** A zone of which nothing but the verdict is known, such as one below an insecure delegation. */
export function bareLink(zone: Name, verdict: Verdict): ZoneLink {
  return { zone: canonicalText(zone), verdict, ds: [], keys: [], signatures: [] };
}

export function dsView(ds: DelegationSigner, keys: readonly DnsKey[], options: AlgorithmOptions): DsView {
  const outcomes = new Set(keys.map((key) => dsMatches(ds, key, options)));
  const { tag, algorithm, digestType } = ds;
  const matches = outcomes.has("match") ? "key" : outcomes.has("unsupported") ? "unsupported" : "no-key";
  return { tag, algorithm, digestType, matches };
}

export function keyView(key: DnsKey, trustedBy: KeyView["trustedBy"]): KeyView {
  return { tag: key.tag, algorithm: key.algorithm, bits: keyBits(key), flags: key.flags, trustedBy };
}

/** What was found of an RRset besides its data. */
export interface LinkFindings {
  readonly zone: Name;
  readonly verdict: Verdict;
  readonly ttl?: number;
  readonly signatures?: readonly SignatureView[];
  readonly wildcard?: Name | null;
}

export function answerLink({ name, type, ttl, rdata }: SignedRRset, found: LinkFindings): AnswerLink {
  return {
    name: canonicalText(name),
    type: typeToText(type),
    zone: canonicalText(found.zone),
    verdict: found.verdict,
    ttl: found.ttl ?? ttl,
    rdata: rdata.map((octets) => rdataOctetsToText(type, octets)),
    signatures: found.signatures ?? [],
    wildcard: found.wildcard === undefined || found.wildcard === null ? null : canonicalText(found.wildcard),
  };
}
