import { z } from "zod";
import { asJson, canonicalJson, parseCanonicalJson } from "../../values/json.ts";
import { fromBase64 } from "../../values/octets.ts";
import type { Sha256 } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";
import { passkeyKind } from "./passkey-kind.ts";
import { fingerprintOfOctets, readPublicKey } from "../policy/ssh-key.ts";

/** What a public key is checked with. */
export type PersonKey =
  /** `line` is the OpenSSH public key: type and base64, without comment. */
  | { readonly method: "sshsig"; readonly line: string }
  /** A WebAuthn credential (W3C WebAuthn Level 3). `publicKey` is its COSE key; all base64. */
  | {
      readonly method: "webauthn";
      readonly credential: string;
      readonly publicKey: string;
      readonly relyingParty: string;
      readonly origin: string;
    };

/** A key that its holder has enrolled by a statement signed with it. */
export interface EnrolledKey {
  /** `SHA256:` and 43 characters of base64; of a passkey, over its COSE key. */
  readonly fingerprint: string;
  readonly person: string;
  readonly key: PersonKey;
  /** Hash of the statement that enrolled it. */
  readonly statement: Sha256;
  readonly at: Instant;
  /** From when on nothing that it signs is accepted; null: it stands. */
  readonly revokedAt: Instant | null;
}

const octets = z.string().refine((text) => (fromBase64(text) ?? []).length > 0);
// Visible ASCII: what the browser says of itself is compared with it, octet for octet.
const shown = z.string().regex(/^[\x21-\x7e]{1,255}$/);
const passkey = z.strictObject({
  method: z.literal("webauthn"),
  credential: octets,
  publicKey: z.string().refine((text) => passkeyKind(fromBase64(text) ?? new Uint8Array()) !== undefined),
  relyingParty: shown,
  origin: shown,
});

/** A key as statements carry it: an OpenSSH line in its normal form, or a passkey as canonical JSON. */
export function keyText(key: PersonKey): string {
  return key.method === "sshsig" ? key.line : canonicalJson(asJson(key));
}

/**
 * Reads what {@link keyText} writes, and nothing else, so that one key has one text and one fingerprint, also where nobody
 * signs with it yet (recovery); `undefined` otherwise.
 */
export function readPersonKey(text: string): PersonKey | undefined {
  if (text.startsWith("{")) return passkey.safeParse(parseCanonicalJson(text)).data;
  const key = readPublicKey(text);
  return key.kind === "key" && key.line === text ? { method: "sshsig", line: text } : undefined;
}

/** Of a key as statements carry it; `undefined` when it is none. */
export function fingerprintOfKey(text: string): string | undefined {
  const key = readPersonKey(text);
  if (key === undefined) return undefined;
  const [, blob = ""] = key.method === "sshsig" ? key.line.split(" ") : ["", key.publicKey];
  const whole = fromBase64(blob);
  return whole && fingerprintOfOctets(whole);
}
