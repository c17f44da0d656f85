import { day, formatDuration, formatInstant, type Instant } from "../../../values/time.ts";
import type { KeyView, SignatureView, Verdict, ZoneLink } from "../../../dns/dnssec/verdict.ts";

/** IANA registry "DNS Security Algorithm Numbers", in the words that people use. */
const algorithms = new Map([
  [1, "RSA/MD5"],
  [3, "DSA/SHA-1"],
  [5, "RSA/SHA-1"],
  [6, "DSA/SHA-1"],
  [7, "RSA/SHA-1"],
  [8, "RSA/SHA-256"],
  [10, "RSA/SHA-512"],
  [12, "GOST"],
  [13, "ECDSA P-256"],
  [14, "ECDSA P-384"],
  [15, "Ed25519"],
  [16, "Ed448"],
]);
/** IANA registry "Digest Algorithms" of the DS record. */
const digests = new Map([
  [1, "SHA-1"],
  [2, "SHA-256"],
  [3, "GOST"],
  [4, "SHA-384"],
]);

export function algorithmName(algorithm: number): string {
  return algorithms.get(algorithm) ?? `algorithm ${algorithm}`;
}

export function digestName(type: number): string {
  return digests.get(type) ?? `digest ${type}`;
}

/** RSA keys differ in size; the others are named by their curve. */
export function keyMaterial({ algorithm, bits }: { readonly algorithm: number; readonly bits: number | null }): string {
  const name = algorithmName(algorithm);
  if (bits === null) return `${name}, unreadable`;
  return name.startsWith("RSA") || name.startsWith("DSA") || !algorithms.has(algorithm) ? `${name} ${bits}` : name;
}

const secureEntryPoint = 1;
const revoked = 128;

/** KSK, ZSK, or CSK: one that is both, since the zone has no other. */
export function roleOf(key: KeyView, zone: ZoneLink): string {
  const name =
    (key.flags & secureEntryPoint) === 0
      ? "ZSK"
      : zone.keys.every(({ flags }) => (flags & secureEntryPoint) !== 0)
        ? "CSK"
        : "KSK";
  return (key.flags & revoked) === 0 ? name : `revoked ${name}`;
}

export function isEntryPoint(key: KeyView): boolean {
  return (key.flags & secureEntryPoint) !== 0;
}

/** `2026-11-22 17:15 UTC`. */
export function when(at: Instant): string {
  const text = formatInstant(at);
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}

/** `the root`, `example.com.` */
export function zoneName(zone: string): string {
  return zone === "." ? ". (the root)" : zone;
}

/** How much of its time is left: 1 all, 0 none. */
export function shareLeft({ inception, expiration }: Span, now: Instant): number {
  const life = expiration - inception;
  return life <= 0 ? 0 : Math.min(1, Math.max(0, (expiration - now) / life));
}

export interface Span {
  readonly inception: Instant;
  readonly expiration: Instant;
}

/** `12 d of 21 d left`, `expired 3 h ago`, `begins in 2 h`. */
export function countdown({ inception, expiration }: Span, now: Instant): string {
  if (now < inception) return `begins in ${rough(inception - now)}`;
  if (now > expiration) return `expired ${rough(now - expiration)} ago`;
  return `${rough(expiration - now)} of ${rough(expiration - inception)} left`;
}

/** Days alone above ten of them: nobody plans by the hour then. */
export function rough(ms: number): string {
  return ms >= 10 * day ? `${Math.round(ms / day)} d` : formatDuration(ms);
}

/** What became of a signature, as the end of a sentence. */
export const signatureStates: { readonly [State in SignatureView["state"]]: string } = {
  valid: "valid",
  "not-needed": "not needed",
  expired: "expired",
  "not-yet-valid": "not yet valid",
  invalid: "does not verify",
  unsupported: "algorithm not supported",
  "no-key": "no such key",
  malformed: "malformed",
};

export type Tone = "plain" | "bold" | "dim" | "good" | "bad" | "warn";

export function toneOf(verdict: Verdict): Tone {
  if (verdict === "secure") return "good";
  return verdict === "bogus" ? "bad" : "warn";
}
