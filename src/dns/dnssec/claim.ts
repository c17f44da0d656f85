import { formatDuration, formatInstant, type Instant } from "../../values/time.ts";
import { canonicalText, isWithin, type Name, sameName } from "../wire/name.ts";
import { isSupportedAlgorithm, type AlgorithmOptions } from "./algorithms.ts";
import { keysPerTagMax, keysPerZoneMax } from "./limits.ts";
import type { DnsKey, Signature, SignedRRset } from "./records.ts";
import { nearest, periodOf, signatureEnd, type SignatureState } from "./signature-view.ts";
import { signedLabels, signedOwner } from "./signed-data.ts";
import type { ReasonCode } from "./verdict.ts";

/** What one RRSIG says of an RRset, before any cryptography. */
export type Claim =
  | {
      readonly outcome: "candidate";
      readonly signature: Signature;
      /** That may have made it, at least one. */
      readonly keys: readonly DnsKey[];
      /** The owner that was signed, and the same again if it is a wildcard that the RRset was made from. */
      readonly owner: Name;
      readonly wildcard: Name | null;
    }
  | RefusedClaim;

export interface RefusedClaim {
  readonly outcome: "refused";
  readonly signature: Signature;
  readonly state: SignatureState;
  readonly code: ReasonCode;
  /** Made for the one failure that is reported, not for all. */
  readonly says: () => string;
}

/** What claims are judged by. */
export interface ClaimContext {
  readonly now: Instant;
  readonly options: AlgorithmOptions;
}

/** Everything that RFC 4035 §5.3.1 asks of a signature, short of checking it. */
export function claimOf(
  rrset: SignedRRset,
  signature: Signature,
  zone: Name,
  keys: readonly DnsKey[],
  { now, options }: ClaimContext,
): Claim {
  const refused = (state: SignatureState, code: ReasonCode, says: () => string): Claim => {
    return { outcome: "refused", signature, state, code, says };
  };
  const { algorithm, labels, signer } = signature;
  if (!sameName(signer, zone) || !isWithin(rrset.name, zone)) {
    return refused("invalid", "signer-outside-zone", () => {
      return `It is signed by ${canonicalText(signer)}, not by its zone ${canonicalText(zone)}`;
    });
  }
  const signed = signedOwner(rrset.name, labels);
  if (signed === undefined) {
    return refused("invalid", "labels-beyond-name", () => {
      return `Its signature counts ${labels} labels; the name has ${signedLabels(rrset.name)}.`;
    });
  }
  if (!isWithin(signed.owner, zone)) {
    return refused("invalid", "signer-outside-zone", () => {
      return `Its signature counts ${labels} labels: a wildcard above the zone ${canonicalText(zone)}`;
    });
  }
  if (signature.typeCovered !== rrset.type) {
    return refused("malformed", "signature-malformed", () => "Its signature covers another type.");
  }
  if (!isSupportedAlgorithm(algorithm, options)) {
    return refused("unsupported", "unsupported-algorithm", () => `Algorithm ${algorithm} is not supported.`);
  }
  const badPeriod = outOfPeriod(signature, now);
  if (badPeriod !== undefined) return badPeriod;
  const named = namedBy(signature, zone, keys);
  const fit = named.filter(isSigningKey).slice(0, keysPerTagMax);
  if (fit.length > 0) return { outcome: "candidate", signature, keys: fit, ...signed };
  return refused("no-key", ...unfit(named[0], signature));
}

/** Whether a key has the tag and the algorithm that a signature names: only such a one may be a candidate. */
export function namesKey({ tag, algorithm }: Signature, keys: readonly DnsKey[]): boolean {
  return keys.some((key) => key.tag === tag && key.algorithm === algorithm);
}

function namedBy({ tag, algorithm }: Signature, zone: Name, keys: readonly DnsKey[]): readonly DnsKey[] {
  const considered = keys.length > keysPerZoneMax ? keys.slice(0, keysPerZoneMax) : keys;
  return considered.filter((key) => key.tag === tag && key.algorithm === algorithm && sameName(key.owner, zone));
}

/** A zone key (RFC 4034 §2.1.1 and §2.1.2) that is not revoked (RFC 5011 §2.1). */
function isSigningKey({ flags, protocol }: DnsKey): boolean {
  return (flags & zoneKeyFlag) !== 0 && (flags & revokeFlag) === 0 && protocol === dnssecProtocol;
}

const zoneKeyFlag = 0x01_00;
const revokeFlag = 0x00_80;
const dnssecProtocol = 3;

function unfit(key: DnsKey | undefined, { tag, algorithm }: Signature): [ReasonCode, () => string] {
  if (key === undefined) {
    return ["no-key-for-signature", () => `No trusted key has tag ${tag} and algorithm ${algorithm}, which signed it.`];
  }
  const { flags, protocol } = key;
  if ((flags & revokeFlag) !== 0) return ["key-revoked", () => `Key ${tag} (algorithm ${algorithm}) is revoked.`];
  return [
    "key-not-a-zone-key",
    () => `Key ${tag} (algorithm ${algorithm}) is no zone key: flags ${flags}, protocol ${protocol}.`,
  ];
}

function outOfPeriod(signature: Signature, now: Instant): RefusedClaim | undefined {
  const period = periodOf(signature, now);
  if (period === "within") return undefined;
  const by = () => `The signature by key ${signature.tag} (algorithm ${signature.algorithm})`;
  const base = { outcome: "refused", signature } as const;
  if (period === "before") {
    const says = () => {
      const begins = nearest(signature.inception, now);
      return `${by()} begins ${formatInstant(begins)}, ${formatDuration(begins - now)} from now.`;
    };
    return { ...base, state: "not-yet-valid", code: "signature-not-yet-valid", says };
  }
  if (period === "after") {
    const says = () => {
      const ends = signatureEnd(signature, now);
      return `${by()} ended ${formatInstant(ends)}, ${formatDuration(now - ends)} ago.`;
    };
    return { ...base, state: "expired", code: "signature-expired", says };
  }
  return { ...base, state: "malformed", code: "signature-malformed", says: () => `${by()} ends before it begins.` };
}
