import { asCommitment, type Commitment, type Opening } from "../values/commitment.ts";
import { invariant } from "../values/invariant.ts";
import { concat } from "../values/octets.ts";
import { sha256 } from "../values/sha256.ts";

/** Octets of a salt: without them a short value could be guessed from its commitment. */
export const saltOctets = 32;

/** Apart from 0x00 and 0x01, the prefixes of leaves and nodes (RFC 6962 §2.1), so that none passes for another. */
const commitmentPrefix = Uint8Array.of(0x02);

/**
 * SHA-256(0x02, salt, value) (design §7). `salt` is 32 octets from the Entropy port, fresh for every value.
 * @throws InvariantError for a salt of another length.
 */
export function commit(value: Uint8Array, salt: Uint8Array): Commitment {
  invariant(salt.length === saltOctets, `a salt has ${saltOctets} octets`);
  return asCommitment(sha256(concat(commitmentPrefix, salt, value)));
}

/** Whether the salt and the value are those of the commitment. */
export function opens(opening: Opening): boolean {
  return opening.salt.length === saltOctets && commit(opening.value, opening.salt) === opening.commitment;
}
