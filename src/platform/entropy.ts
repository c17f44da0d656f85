import { randomBytes } from "node:crypto";
import type { Entropy } from "../ports/clock.ts";
import { invariant } from "../values/invariant.ts";
import { toHex } from "../values/octets.ts";

/** The system's source of chance, fit for keys. */
export function systemEntropy(): Entropy {
  return {
    octets(length) {
      invariant(Number.isInteger(length) && length >= 1 && length <= 65_536, "1 to 65 536 random octets at a time");
      return new Uint8Array(randomBytes(length));
    },
  };
}

/** Names one run of a process, since its monotonic time counts from its start: 128 random bits in hexadecimal. */
export function newBoot(entropy: Entropy): string {
  return toHex(entropy.octets(16));
}
