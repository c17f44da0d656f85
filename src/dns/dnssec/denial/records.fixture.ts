import { invariant } from "../../../values/invariant.ts";
import { fromHex } from "../../../values/octets.ts";
import { fromBase32Hex } from "../../wire/base32hex.ts";
import { labelsOf, nameFromText, nameToText, parentOf, type Name } from "../../wire/name.ts";
import { typeFromText } from "../../wire/rrtype.ts";
import type { Nsec, Nsec3 } from "../records.ts";
import type { DenialRecords, HashBudget, NoDsProof, Proof } from "./proof.ts";

/** A name of a test's text. */
export function nameOf(text: string): Name {
  return present(nameFromText(text), text);
}

export function typeOf(mnemonic: string): number {
  return present(typeFromText(mnemonic), mnemonic);
}

/** `owner next types`, as in a master file. */
export function nsecOf(text: string): Nsec {
  const [owner = "", next = "", ...types] = text.split(/\s+/);
  return { owner: nameOf(owner), next: nameOf(next), types: new Set(types.map(typeOf)) };
}

/** `owner algorithm flags iterations salt next types`, as in a master file. */
function nsec3Of(text: string): Nsec3 {
  const [owner = "", algorithm, flags, iterations, salt = "", next = "", ...types] = text.split(/\s+/);
  const name = nameOf(owner);
  return {
    owner: name,
    hash: present(fromBase32Hex(Buffer.from(labelsOf(name)[0] ?? []).toString()), owner),
    zone: present(parentOf(name), owner),
    algorithm: Number(algorithm),
    optOut: flags === "1",
    iterations: Number(iterations),
    salt: present(salt === "-" ? new Uint8Array() : fromHex(salt), salt),
    next: present(fromBase32Hex(next), next),
    types: new Set(types.map(typeOf)),
  };
}

/** The records of a response of `zone`, each way of denial told by its texts. */
export function recordsOf(zone: string, { nsec = [], nsec3 = [] }: Partial<Texts>): DenialRecords {
  return { zone: nameOf(zone), nsec: nsec.map(nsecOf), nsec3: nsec3.map(nsec3Of) };
}

interface Texts {
  readonly nsec: readonly string[];
  readonly nsec3: readonly string[];
}

/** Leave for so many hashes, which counts those taken. */
export class HashAllowance implements HashBudget {
  readonly #max: number;
  taken = 0;

  constructor(max = 32) {
    this.#max = max;
  }

  hash(): boolean {
    if (this.taken === this.#max) return false;
    this.taken += 1;
    return true;
  }
}

/** A proof with its wildcard as text in lower case, to compare by. */
export function readable(proof: Proof | NoDsProof): object {
  if (proof.proved !== true || proof.wildcard === null) return proof;
  return { ...proof, wildcard: nameToText(proof.wildcard).toLowerCase() };
}

function present<Value>(value: Value | undefined, text: string): Value {
  invariant(value !== undefined, `a test gives what can be read: ${text}`);
  return value;
}
