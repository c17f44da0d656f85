import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";

/** For the lab and the tests alone: throw-away certificates, so that no private key needs to stand in the repository. */
export interface Authority {
  /** PEM; what a check's `trust` names. */
  readonly certificate: string;
  issue(leaf: Leaf): { readonly cert: string; readonly key: string };
}

interface Validity {
  readonly from: Date;
  readonly until: Date;
}

interface Leaf extends Partial<Validity> {
  /** DNS names or IPv4 addresses that the certificate is made out to. */
  readonly names: readonly string[];
}

/** A certificate authority with a P-256 key, valid from yesterday for a month unless said otherwise. */
export function createAuthority(name: string, validity: Partial<Validity> = {}): Authority {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certificate = build({
    issuer: name,
    subject: name,
    publicKey: keys.publicKey,
    signer: keys.privateKey,
    validity: { ...month(), ...validity },
    // A CA (RFC 5280 §4.2.1.9) that signs certificates (§4.2.1.3, bit 5).
    extensions: [extension("551d13", sequence(boolean)), extension("551d0f", tlv(0x03, Buffer.of(2, 0x04)))],
  });
  return {
    certificate,
    issue({ names, ...leafValidity }) {
      const leaf = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const cert = build({
        issuer: name,
        subject: names[0] ?? "nameless",
        publicKey: leaf.publicKey,
        signer: keys.privateKey,
        validity: { ...month(), ...leafValidity },
        extensions: [extension("551d11", sequence(...names.map(alternativeName)))],
      });
      return { cert, key: leaf.privateKey.export({ type: "pkcs8", format: "pem" }) };
    },
  };
}

interface Parts {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly validity: Validity;
  readonly extensions: readonly Buffer[];
}

/** An X.509 v3 certificate (RFC 5280 §4.1), signed by ECDSA with SHA-256 (RFC 5758 §3.2). */
function build({ issuer, subject, publicKey, signer, validity, extensions }: Parts): string {
  const algorithm = sequence(tlv(0x06, Buffer.from("2a8648ce3d040302", "hex")));
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    commonName(issuer),
    sequence(utcTime(validity.from), utcTime(validity.until)),
    commonName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = tlv(0x03, Buffer.concat([Buffer.of(0), sign("sha256", body, signer)]));
  const lines = sequence(body, algorithm, signature).toString("base64").replaceAll(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const boolean = Buffer.of(0x01, 1, 0xff);

/** An extension, by the octets of its OBJECT IDENTIFIER; critical unless it is the subject's alternative names. */
function extension(id: string, value: Buffer): Buffer {
  const critical = id === "551d11" ? [] : [boolean];
  return sequence(tlv(0x06, Buffer.from(id, "hex")), ...critical, tlv(0x04, value));
}

function commonName(name: string): Buffer {
  const type = tlv(0x06, Buffer.from("550403", "hex"));
  return sequence(tlv(0x31, sequence(type, tlv(0x0c, Buffer.from(name)))));
}

function alternativeName(name: string): Buffer {
  return isIPv4(name) ? tlv(0x87, Buffer.from(name.split(".").map(Number))) : tlv(0x82, Buffer.from(name, "ascii"));
}

/** Years 1950 to 2049: `YYMMDDHHMMSSZ` (RFC 5280 §4.1.2.5.1). */
function utcTime(at: Date): Buffer {
  return tlv(0x17, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, "").slice(2, 14)}Z`));
}

function sequence(...members: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(members));
}

/** Tag, length, value (X.690 §8.1), definite form. */
function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), value]);
  if (length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, length), value]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), value]);
}

function month(): Validity {
  const day = 86_400_000;
  return { from: new Date(Date.now() - day), until: new Date(Date.now() + 30 * day) };
}
