import { z } from "zod";
import type { SignatureFault } from "../ports/statements.ts";
import { equalOctets, fromHex, fromUtf8, utf8 } from "../values/octets.ts";
import { sha256 } from "../values/sha256.ts";

/** What a browser and an authenticator must have been asked, and by whom. */
export interface Ceremony {
  readonly type: "webauthn.create" | "webauthn.get";
  readonly challenge: Uint8Array;
  /** The name that the passkey is for, such as `pointsman.example.org`. */
  readonly relyingParty: string;
  /** The page's origin, such as `https://pointsman.example.org`. */
  readonly origin: string;
}

/** What the browser collected (WebAuthn Level 3 §5.8.1); members that later versions add are left alone. */
const clientDataForm = z.looseObject({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
});

const flagsAt = 32;
const authenticatorDataMin = 37;
const userPresent = 0x01;

/** Octets of client data or authenticator data at most; a browser's are below 1 KiB. */
const octetsMax = 16_384;

/**
 * What of WebAuthn Level 3 §7.1 (steps 7 to 16) and §7.2 (steps 10 to 18) needs no signature, each with its own code.
 * The library checks it again; of its sentences a program could not tell which check failed.
 */
export function ceremonyFault(
  asked: Ceremony,
  clientData: Uint8Array,
  authenticatorData: Uint8Array,
): SignatureFault | undefined {
  if (clientData.length > octetsMax || authenticatorData.length > octetsMax) return "signature-malformed";
  const collected = readClientData(clientData);
  if (collected === undefined || authenticatorData.length < authenticatorDataMin) return "signature-malformed";
  // The type keeps what was signed for one ceremony out of the other, as a namespace does.
  if (collected.type !== asked.type) return "signature-of-another-namespace";
  if (collected.challenge !== toBase64Url(asked.challenge)) return "challenge-differs";
  // In a frame of another page nobody knows what the signer was shown.
  if (collected.origin !== asked.origin || collected.crossOrigin === true) return "origin-differs";
  const asGiven = authenticatorData.subarray(0, flagsAt);
  if (!equalOctets(asGiven, fromHex(sha256(utf8(asked.relyingParty))) ?? new Uint8Array()))
    return "relying-party-differs";
  return ((authenticatorData[flagsAt] ?? 0) & userPresent) === 0 ? "user-not-present" : undefined;
}

export function toBase64Url(octets: Uint8Array): string {
  return octets.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Octets of base64url without padding, as browsers write it; `undefined` for anything else. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  try {
    const octets = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    return toBase64Url(octets) === text ? octets : undefined;
  } catch {
    return undefined;
  }
}

function readClientData(octets: Uint8Array): z.infer<typeof clientDataForm> | undefined {
  try {
    return clientDataForm.safeParse(JSON.parse(fromUtf8(octets) ?? "")).data;
  } catch {
    return undefined;
  }
}
