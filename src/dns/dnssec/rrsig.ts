import { concat } from "../../values/octets.ts";
import { canonicalName, type Name } from "../wire/name.ts";
import type { Signature } from "./records.ts";

/** The fields of an RRSIG before its signer (RFC 4034 §3.1). */
export const signatureFieldOctets = 18;

/**
 * An RRSIG whose fields are read from its octets when they are wanted: of hundreds that a hostile answer may have, a few
 * are looked at. Callers MUST have found the signer between the fields and the signature.
 */
export class Rrsig implements Signature {
  readonly signer: Name;
  readonly #rdata: Uint8Array;

  constructor(rdata: Uint8Array, signer: Name) {
    this.signer = signer;
    this.#rdata = rdata;
  }

  get typeCovered(): number {
    return this.#u16(0);
  }

  get algorithm(): number {
    return this.#rdata[2] ?? 0;
  }

  get labels(): number {
    return this.#rdata[3] ?? 0;
  }

  get originalTtl(): number {
    return this.#u32(4);
  }

  get expiration(): number {
    return this.#u32(8);
  }

  get inception(): number {
    return this.#u32(12);
  }

  get tag(): number {
    return this.#u16(16);
  }

  get signature(): Uint8Array {
    return this.#rdata.subarray(signatureFieldOctets + this.signer.length);
  }

  get head(): Uint8Array {
    return concat(this.#rdata.subarray(0, signatureFieldOctets), canonicalName(this.signer));
  }

  #u16(at: number): number {
    return ((this.#rdata[at] ?? 0) << 8) | (this.#rdata[at + 1] ?? 0);
  }

  #u32(at: number): number {
    return this.#u16(at) * 0x1_00_00 + this.#u16(at + 2);
  }
}
