import { nameFromText, type Name } from "../dns/wire/name.ts";
import type { Entropy } from "../ports/clock.ts";
import { invariant } from "../values/invariant.ts";

/** The octets of a name that the core gives as text. */
export function nameOf(text: string): Name {
  const name = nameFromText(text);
  invariant(name !== undefined, `${text} is a domain name`);
  return name;
}

/** 16 random bits: what an answer must echo (RFC 5452 §9.2). */
export function messageId(entropy: Entropy): number {
  const [high = 0, low = 0] = entropy.octets(2);
  return (high << 8) | low;
}
