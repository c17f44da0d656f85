import { instant, second, type Instant } from "../../values/time.ts";
import { canonicalText } from "../wire/name.ts";
import { serialCompare } from "../wire/serial.ts";
import type { Signature } from "./records.ts";
import type { SignatureView } from "./verdict.ts";

export type SignatureState = SignatureView["state"];

/** A signature as a verdict shows it. */
export function signatureView(signature: Signature, state: SignatureState, now: Instant): SignatureView {
  const { tag, algorithm, signer, inception } = signature;
  return {
    tag,
    algorithm,
    signer: canonicalText(signer),
    inception: nearest(inception, now),
    expiration: signatureEnd(signature, now),
    state,
  };
}

/** The last moment at which a signature holds. */
export function signatureEnd({ expiration }: Signature, now: Instant): Instant {
  return nearest(expiration, now);
}

/** Where a time of 32 bits lies in relation to now (RFC 4034 §3.1.5, RFC 1982): before, within, after. */
export function periodOf({ inception, expiration }: Signature, now: Instant): "before" | "within" | "after" | "none" {
  const seconds = secondsOf(now);
  // Times half of the space apart have no order; they are on neither side of now, and so not within.
  if ((serialCompare(expiration, inception) ?? -1) < 0) return "none";
  if ((serialCompare(seconds, inception) ?? -1) < 0) return "before";
  return (serialCompare(expiration, seconds) ?? -1) < 0 ? "after" : "within";
}

/** The moment of such a time that is nearest to now. */
export function nearest(time: number, now: Instant): Instant {
  const distance = serialCompare(time, secondsOf(now)) ?? -(2 ** 31);
  return instant((Math.floor(now / second) + distance) * second);
}

function secondsOf(now: Instant): number {
  return Math.floor(now / second) >>> 0;
}
