import { verify } from "node:crypto";
import { second, type Instant } from "../../values/time.ts";
import type { Name } from "../wire/name.ts";
import { algorithmOf, type AlgorithmOptions } from "./algorithms.ts";
import type { Budget } from "./budget.ts";
import type { Claim, RefusedClaim } from "./claim.ts";
import { nextTurn } from "./next-turn.ts";
import { OneByOne } from "./one-by-one.ts";
import { PickedClaims } from "./picked-claims.ts";
import { publicKeyOf } from "./public-key.ts";
import type { DnsKey, Signature, SignedRRset } from "./records.ts";
import { signatureEnd, signatureView, type SignatureState } from "./signature-view.ts";
import { signedData } from "./signed-data.ts";
import type { ReasonCode, SignatureView } from "./verdict.ts";

export interface CheckContext {
  readonly now: Instant;
  readonly budget: Budget;
  readonly options: AlgorithmOptions;
}

/** A tenth of a millisecond. */
const lookedAtInOneTurn = 256;

export type RRsetCheck =
  | {
      readonly outcome: "valid";
      readonly signature: Signature;
      readonly key: DnsKey;
      /** The wildcard that the RRset was made from (RFC 4035 §5.3.4): that no closer name exists is still to be proven. */
      readonly wildcard: Name | null;
      /** Seconds: the least of the TTLs received, the original TTL and the time until `until` (RFC 4035 §5.3.3). */
      readonly ttl: number;
      /** The last moment at which the signature holds. */
      readonly until: Instant;
      readonly views: readonly SignatureView[];
    }
  | { readonly outcome: "no-signature" }
  | {
      readonly outcome: "invalid";
      readonly code: ReasonCode;
      readonly says: string;
      readonly views: readonly SignatureView[];
    }
  /**
   * No signature could be checked, for its algorithm or for a key beyond the limits. It proves nothing: where a DS or an
   * anchor promises an algorithm that is supported, it is as bad as none.
   */
  | { readonly outcome: "unsupported"; readonly views: readonly SignatureView[] }
  | { readonly outcome: "spent"; readonly views: readonly SignatureView[] };

/**
 * Checks an RRset against the keys of its zone (RFC 4035 §5.3). Any one valid signature suffices (RFC 6840 §5.11). The
 * keys MUST be those that are trusted; of them, one that is no zone key, or is revoked (RFC 5011 §2.1), signs nothing.
 * At most `signaturesPerRRsetMax` signatures are tried, those first that could be valid. Never rejects.
 */
export async function checkRRset(
  rrset: SignedRRset,
  zone: Name,
  keys: readonly DnsKey[],
  context: CheckContext,
): Promise<RRsetCheck> {
  if (rrset.signatures.length === 0) return withoutSignature(rrset);
  const picked = new PickedClaims(rrset, zone, keys, context);
  let lookedAt = 0;
  for (const signature of rrset.signatures) {
    if (picked.isFull) break;
    picked.look(signature);
    lookedAt += 1;
    // oxlint-disable-next-line no-await-in-loop -- thousands that cannot be tried do not hold up the other questions
    if (lookedAt % lookedAtInOneTurn === 0) await nextTurn();
  }
  const { claims } = picked;
  const tried: Tried[] = [];
  for (const claim of claims) {
    // oxlint-disable-next-line no-await-in-loop -- the next signature costs nothing when this one is valid
    const one = await tryClaim(rrset, claim, context);
    tried.push(one);
    if (one.key !== undefined || one.state === "spent") break;
  }
  return checkOf(rrset, claims, tried, context.now);
}

/** What came of one claim. */
interface Tried {
  readonly claim: Claim;
  readonly state: SignatureState | "spent";
  /** The key that it is valid by. */
  readonly key?: DnsKey;
  readonly failure?: Pick<RefusedClaim, "code" | "says">;
}

function withoutSignature({ malformedSignatures }: SignedRRset): RRsetCheck {
  if (malformedSignatures === 0) return { outcome: "no-signature" };
  const says = `None of its ${malformedSignatures} RRSIG records can be read.`;
  return { outcome: "invalid", code: "signature-malformed", says, views: [] };
}

async function tryClaim(rrset: SignedRRset, claim: Claim, { budget }: CheckContext): Promise<Tried> {
  if (claim.outcome === "refused") {
    return claim.code === "unsupported-algorithm"
      ? { claim, state: "unsupported" }
      : { claim, state: claim.state, failure: claim };
  }
  const { signature, owner } = claim;
  let beyondLimits = 0;
  let data: Uint8Array | undefined;
  for (const key of claim.keys) {
    if (!budget.signature()) return { claim, state: "spent" };
    const publicKey = publicKeyOf(key);
    if (publicKey.outcome === "beyond-limits") beyondLimits += 1;
    else if (publicKey.outcome === "usable" && publicKey.signatureOctets === signature.signature.length) {
      data ??= signedData(rrset, signature, owner);
      // oxlint-disable-next-line no-await-in-loop -- another key of that tag is tried only when this one fails
      if (await inItsLane(budget, data, signature, publicKey.key)) return { claim, state: "valid", key };
      if (!budget.failure()) return { claim, state: "spent" };
    }
  }
  if (beyondLimits === claim.keys.length) return { claim, state: "unsupported" };
  const says = () =>
    `The signature by key ${signature.tag} (algorithm ${signature.algorithm}) does not fit the records.`;
  return { claim, state: "invalid", failure: { code: "signature-invalid", says } };
}

type VerifyingKey = Extract<ReturnType<typeof publicKeyOf>, { outcome: "usable" }>["key"];

/** Of all questions in which a signature failed: libuv's threads are the process's, and so is this. */
const afterFailure = new OneByOne();

/** However many questions there are of hostile zones, one of their checks after a failure takes a thread at a time. */
function inItsLane({ hasFailed }: Budget, data: Uint8Array, signature: Signature, key: VerifyingKey): Promise<boolean> {
  const check = (): Promise<boolean> => isValid(data, signature, key);
  return hasFailed ? afterFailure.run(check) : check();
}

/** On libuv's threads, so that a hostile zone does not hold up the others. */
function isValid(data: Uint8Array, { algorithm, signature }: Signature, key: VerifyingKey): Promise<boolean> {
  const hash = algorithmOf(algorithm)?.hash ?? null;
  return new Promise((resolve) => {
    // What the library cannot even check is not valid: whoever made the signature could choose that.
    verify(hash, data, { key, dsaEncoding: "ieee-p1363" }, signature, (error, valid) => {
      resolve(error === null && valid);
    });
  });
}

function checkOf(rrset: SignedRRset, claims: readonly Claim[], tried: readonly Tried[], now: Instant): RRsetCheck {
  const views = claims.map(({ signature }, index) => {
    const state = tried[index]?.state ?? "not-needed";
    return signatureView(signature, state === "spent" ? "not-needed" : state, now);
  });
  const last = tried.at(-1);
  if (last?.state === "spent") return { outcome: "spent", views };
  if (last?.key !== undefined && last.claim.outcome === "candidate") {
    const { signature, wildcard } = last.claim;
    const until = signatureEnd(signature, now);
    const secondsLeft = Math.floor((until - now) / second);
    const ttl = Math.max(0, Math.min(rrset.ttl, signature.originalTtl, secondsLeft));
    return { outcome: "valid", signature, key: last.key, wildcard, ttl, until, views };
  }
  const failures = tried.flatMap(({ failure }) => failure ?? []);
  const worst = failures.toSorted((a, b) => distance.indexOf(a.code) - distance.indexOf(b.code))[0];
  const isUnsupported = tried.some(({ state }) => state === "unsupported");
  if (worst === undefined || (isUnsupported && worst.code === "no-key-for-signature")) {
    return { outcome: "unsupported", views };
  }
  return { outcome: "invalid", code: worst.code, says: worst.says(), views };
}

/** The failure of the signature that came closest to being valid is the one to tell. */
const distance: readonly ReasonCode[] = [
  "signature-invalid",
  "signature-expired",
  "signature-not-yet-valid",
  "key-revoked",
  "key-not-a-zone-key",
  "no-key-for-signature",
  "signature-malformed",
  "labels-beyond-name",
  "signer-outside-zone",
];
