import type { AnswerLink, SignatureView } from "../../../dns/dnssec/verdict.ts";
import { hour, type Instant } from "../../../values/time.ts";
import type { Span } from "./display.ts";
import type { Inspection } from "./inspection.ts";

/** Signatures that hold one RRset up, and end together. */
export interface Expiry extends Span {
  /** `example.com. DNSKEY`. */
  readonly what: string;
  readonly zone: string;
  /** Where it was seen, when not everywhere: `ns1.example.com. (192.0.2.1:53)`. */
  readonly at: string | null;
  /** `soon`: what renews signatures ought to have done so by now. */
  readonly state: "good" | "soon" | "over";
}

/** A signer that is well renews much earlier: BIND at a quarter of the life, Knot and ldns at about a half. */
const soonShare = 1 / 8;

/** What ends, the first to end first. A valid signature beside others counts as long as the last of them holds. */
export function expiries({ at, validation, survey }: Inspection): readonly Expiry[] {
  const found: Expiry[] = [];
  const add = (what: string, zone: string, span: Span | undefined, where: string | null): void => {
    if (span !== undefined) found.push({ ...pick(span), what, zone, at: where, state: stateOf(span, at) });
  };
  for (const link of validation.chain) add(`${link.zone} DNSKEY`, link.zone, lasting(link.signatures), null);
  for (const link of validation.answer) add(whatOf(link), link.zone, lasting(link.signatures), null);
  const known = found.toSorted((a, b) => a.expiration - b.expiration)[0]?.expiration;
  for (const { nameserver, address, signedFrom, signedUntil } of survey?.servers ?? []) {
    if (signedFrom === null || signedUntil === null || signedUntil === known) continue;
    const span = { inception: signedFrom, expiration: signedUntil };
    const zone = survey?.zone ?? "";
    if (stateOf(span, at) !== "good")
      add(`${zone} (the first of its signatures)`, zone, span, `${nameserver} (${address})`);
  }
  const once = new Map(found.map((expiry) => [`${expiry.what} ${expiry.expiration} ${expiry.at ?? ""}`, expiry]));
  return [...once.values()].toSorted((a, b) => a.expiration - b.expiration);
}

/** The proofs of one zone are one thing to people: their names are hashes. */
function whatOf({ name, type, zone }: AnswerLink): string {
  return type === "NSEC" || type === "NSEC3" ? `${zone} ${type}` : `${name} ${type}`;
}

/** The signature that holds longest among those that hold; among expired ones when none does. */
function lasting(signatures: readonly SignatureView[]): SignatureView | undefined {
  const held = signatures.filter(({ state }) => state === "valid" || state === "not-needed");
  const ended = signatures.filter(({ state }) => state === "expired" || state === "not-yet-valid");
  return (held.length > 0 ? held : ended).toSorted((a, b) => b.expiration - a.expiration)[0];
}

function stateOf({ inception, expiration }: Span, now: Instant): Expiry["state"] {
  if (now > expiration || now < inception) return "over";
  const left = expiration - now;
  return left < (expiration - inception) * soonShare || left < hour ? "soon" : "good";
}

function pick({ inception, expiration }: Span): Span {
  return { inception, expiration };
}
