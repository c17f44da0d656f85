import { hash } from "node:crypto";
import type { Brand } from "./brand.ts";
import { invariant } from "./invariant.ts";
import { canonicalJson, type Json } from "./json.ts";

/** A SHA-256 digest (FIPS 180-4) as 64 lower-case hexadecimal digits. */
export type Sha256 = Brand<string, "Sha256">;

export function sha256(octets: Uint8Array): Sha256 {
  return hash("sha256", octets, "hex") as Sha256;
}

/** The hash of a value's canonical JSON: what statements and plans are bound by. */
export function sha256OfJson(value: Json): Sha256 {
  return hash("sha256", canonicalJson(value), "hex") as Sha256;
}

export function isSha256(text: string): text is Sha256 {
  return /^[0-9a-f]{64}$/.test(text);
}

/** @throws InvariantError when `text` is not a digest. Input from outside is checked by {@link isSha256} first. */
export function asSha256(text: string): Sha256 {
  invariant(isSha256(text), "a digest is 64 lower-case hexadecimal digits");
  return text;
}
