import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { concat, utf8 } from "../../src/values/octets.ts";

export const passkeyKinds = ["ES256", "Ed25519"] as const;

/** What a browser and its authenticator say; each is what was asked unless a test says otherwise. */
export interface Said {
  readonly type?: string;
  readonly challenge: Uint8Array;
  readonly relyingParty?: string;
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  /** 1: user present; 4: user verified. */
  readonly flags?: number;
  readonly counter?: number;
  /** Of a registration: who attests to the authenticator; nobody unless given. */
  readonly attestation?: "itself" | "maker";
}

/** A passkey in software (WebAuthn Level 3 §6), with the JSON that a browser makes of its answers (§5.1). */
export interface SoftwarePasskey {
  readonly relyingParty: string;
  readonly origin: string;
  register(said: Said): unknown;
  /** The parts of an assertion, as octets. */
  assert(said: Said): {
    readonly authenticatorData: Uint8Array;
    readonly clientData: Uint8Array;
    readonly signature: Uint8Array;
  };
  /** A browser's JSON of an assertion. */
  assertion(said: Said): unknown;
}

export function softwarePasskey(
  kind: (typeof passkeyKinds)[number],
  { relyingParty = "pointsman.example.org", origin = "https://pointsman.example.org" } = {},
): SoftwarePasskey {
  const { privateKey, cose } = kind === "ES256" ? es256() : ed25519();
  const credential = randomBytes(32);
  const id = base64url(credential);

  const clientData = (said: Said, type: string) =>
    utf8(
      JSON.stringify({
        type: said.type ?? type,
        challenge: base64url(said.challenge),
        origin: said.origin ?? origin,
        crossOrigin: said.crossOrigin ?? false,
      }),
    );
  const head = (said: Said, flags: number) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(said.counter ?? 0);
    return concat(digest(utf8(said.relyingParty ?? relyingParty)), Uint8Array.of(flags), counter);
  };
  const assert: SoftwarePasskey["assert"] = (said) => {
    const [authenticatorData, collected] = [head(said, said.flags ?? 1), clientData(said, "webauthn.get")];
    const signature = signedBy(privateKey, concat(authenticatorData, digest(collected)));
    return { authenticatorData, clientData: collected, signature };
  };

  return {
    relyingParty,
    origin,
    assert,
    assertion: (said) => {
      const parts = assert(said);
      const response = {
        authenticatorData: base64url(parts.authenticatorData),
        clientDataJSON: base64url(parts.clientData),
        signature: base64url(parts.signature),
      };
      return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
    },
    register: (said) => {
      const attested = concat(new Uint8Array(16), Uint8Array.of(0, credential.length), credential, cose);
      const data = concat(head(said, (said.flags ?? 1) | 0x40), attested);
      const collected = clientData(said, "webauthn.create");
      const signature = signedBy(privateKey, concat(data, digest(collected)));
      const attestation = attestationBy(said.attestation, kind, signature);
      const object = concat(Uint8Array.of(0xa3), attestation, cborText("authData"), cborOctets(data));
      const response = {
        clientDataJSON: base64url(collected),
        attestationObject: base64url(object),
      };
      return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
    },
  };
}

/** Format and statement: `none` (WebAuthn Level 3 §8.7), or `packed` (§8.2) with a maker's certificate or without. */
function attestationBy(who: Said["attestation"], kind: string, signature: Uint8Array): Uint8Array {
  const head = (format: string) => concat(cborText("fmt"), cborText(format), cborText("attStmt"));
  if (who === undefined) return concat(head("none"), Uint8Array.of(0xa0));
  const algorithm = Uint8Array.of(kind === "ES256" ? 0x26 : 0x27);
  const signed = concat(cborText("alg"), algorithm, cborText("sig"), cborOctets(signature));
  if (who === "itself") return concat(head("packed"), Uint8Array.of(0xa2), signed);
  const certificate = concat(cborText("x5c"), Uint8Array.of(0x81), cborOctets(new Uint8Array(8)));
  return concat(head("packed"), Uint8Array.of(0xa3), signed, certificate);
}

function es256() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const [xs, ys] = [coordinate(x), coordinate(y)];
  const cose = concat(fromHex("a501020326200121"), cborOctets(xs), Uint8Array.of(0x22), cborOctets(ys));
  return { privateKey, cose };
}

function ed25519() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x } = publicKey.export({ format: "jwk" });
  return { privateKey, cose: concat(fromHex("a401010327200621"), cborOctets(coordinate(x))) };
}

function signedBy(key: KeyObject, octets: Uint8Array): Uint8Array {
  return key.asymmetricKeyType === "ed25519" ? sign(null, octets, key) : sign("sha256", octets, key);
}

/** RFC 8949 §3.1, major type 3, below 24 octets. */
function cborText(text: string): Uint8Array {
  return concat(Uint8Array.of(0x60 + text.length), utf8(text));
}

/** RFC 8949 §3.1, major type 2, of 255 octets at most. */
function cborOctets(octets: Uint8Array): Uint8Array {
  const head = octets.length < 24 ? [0x40 + octets.length] : [0x58, octets.length];
  return concat(Uint8Array.from(head), octets);
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.fromHex(text);
}

function coordinate(text: string | undefined): Uint8Array {
  return Uint8Array.fromBase64(text ?? "", { alphabet: "base64url" });
}

function base64url(octets: Uint8Array): string {
  return octets.toBase64({ alphabet: "base64url", omitPadding: true });
}

function digest(octets: Uint8Array): Uint8Array {
  return createHash("sha256").update(octets).digest();
}
