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
  readonly says: string;
}

/** Everything that RFC 4035 §5.3.1 asks of a signature, short of checking it. */
export function claimOf(
  rrset: SignedRRset,
  signature: Signature,
  zone: Name,
  keys: readonly DnsKey[],
  { now, options }: { readonly now: Instant; readonly options: AlgorithmOptions },
): Claim {
  const refused = (state: SignatureState, code: ReasonCode, says: string): Claim => {
    return { outcome: "refused", signature, state, code, says };
  };
  const { algorithm, labels, tag, signer } = signature;
  if (!sameName(signer, zone) || !isWithin(rrset.name, zone)) {
    return refused(
      "invalid",
      "signer-outside-zone",
      `It is signed by ${canonicalText(signer)}, not by its zone ${canonicalText(zone)}`,
    );
  }
  const signed = signedOwner(rrset.name, labels);
  if (signed === undefined) {
    const own = signedLabels(rrset.name);
    return refused("invalid", "labels-beyond-name", `Its signature counts ${labels} labels; the name has ${own}.`);
  }
  if (!isWithin(signed.owner, zone)) {
    const says = `Its signature counts ${labels} labels: a wildcard above the zone ${canonicalText(zone)}`;
    return refused("invalid", "signer-outside-zone", says);
  }
  if (signature.typeCovered !== rrset.type) {
    return refused("malformed", "signature-malformed", "Its signature covers another type.");
  }
  if (!isSupportedAlgorithm(algorithm, options)) {
    return refused("unsupported", "unsupported-algorithm", `Algorithm ${algorithm} is not supported.`);
  }
  const badPeriod = outOfPeriod(signature, now);
  if (badPeriod !== undefined) return badPeriod;
  const named = keys.slice(0, keysPerZoneMax).filter((key) => {
    return key.tag === tag && key.algorithm === algorithm && sameName(key.owner, zone);
  });
  const fit = named.filter(isSigningKey).slice(0, keysPerTagMax);
  if (fit.length > 0) return { outcome: "candidate", signature, keys: fit, ...signed };
  return refused("no-key", ...unfit(named[0], signature));
}

/** A zone key (RFC 4034 §2.1.1 and §2.1.2) that is not revoked (RFC 5011 §2.1). */
function isSigningKey({ flags, protocol }: DnsKey): boolean {
  return (flags & zoneKeyFlag) !== 0 && (flags & revokeFlag) === 0 && protocol === dnssecProtocol;
}

const zoneKeyFlag = 0x01_00;
const revokeFlag = 0x00_80;
const dnssecProtocol = 3;

function unfit(key: DnsKey | undefined, { tag, algorithm }: Signature): [ReasonCode, string] {
  if (key === undefined) {
    return ["no-key-for-signature", `No trusted key has tag ${tag} and algorithm ${algorithm}, which signed it.`];
  }
  if ((key.flags & revokeFlag) !== 0) return ["key-revoked", `Key ${tag} (algorithm ${algorithm}) is revoked.`];
  const says = `Key ${tag} (algorithm ${algorithm}) is no zone key: flags ${key.flags}, protocol ${key.protocol}.`;
  return ["key-not-a-zone-key", says];
}

function outOfPeriod(signature: Signature, now: Instant): RefusedClaim | undefined {
  const period = periodOf(signature, now);
  if (period === "within") return undefined;
  const by = `The signature by key ${signature.tag} (algorithm ${signature.algorithm})`;
  const begins = nearest(signature.inception, now);
  const ends = signatureEnd(signature, now);
  const base = { outcome: "refused", signature } as const;
  if (period === "before") {
    const says = `${by} begins ${formatInstant(begins)}, ${formatDuration(begins - now)} from now.`;
    return { ...base, state: "not-yet-valid", code: "signature-not-yet-valid", says };
  }
  if (period === "after") {
    const says = `${by} ended ${formatInstant(ends)}, ${formatDuration(now - ends)} ago.`;
    return { ...base, state: "expired", code: "signature-expired", says };
  }
  return { ...base, state: "malformed", code: "signature-malformed", says: `${by} ends before it begins.` };
}
