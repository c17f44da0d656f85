import { type KeyObject, randomBytes, sign } from "node:crypto";
import { formatInstant, type Instant } from "../values/time.ts";

/** What an X.509 certificate says. Names are UTF-8 text of at most 64 characters. */
export interface CertificateParts {
  readonly issuer: string;
  readonly subject: string;
  readonly publicKey: KeyObject;
  /** A P-256 private key. */
  readonly signer: KeyObject;
  /** Within the years 1950 to 2049. */
  readonly validity: { readonly from: Instant; readonly until: Instant };
  /** In DER (RFC 5280 §4.2); none: only its key is known by it. */
  readonly extensions: readonly Buffer[];
}

/** An X.509 v3 certificate (RFC 5280 §4.1) in PEM, signed by ECDSA with SHA-256 (RFC 5758 §3.2). */
export function makeCertificate(parts: CertificateParts): string {
  const { issuer, subject, publicKey, signer, validity, extensions } = parts;
  const algorithm = sequence(tlv(0x06, Buffer.from("2a8648ce3d040302", "hex")));
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    commonName(issuer),
    sequence(utcTime(validity.from), utcTime(validity.until)),
    commonName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length === 0 ? [] : [tlv(0xa3, sequence(...extensions))]),
  );
  const signature = tlv(0x03, Buffer.concat([Buffer.of(0), sign("sha256", body, signer)]));
  const lines = sequence(body, algorithm, signature).toString("base64").replaceAll(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function commonName(name: string): Buffer {
  const type = tlv(0x06, Buffer.from("550403", "hex"));
  return sequence(tlv(0x31, sequence(type, tlv(0x0c, Buffer.from(name)))));
}

/** Years 1950 to 2049: `YYMMDDHHMMSSZ` (RFC 5280 §4.1.2.5.1). */
function utcTime(at: Instant): Buffer {
  return tlv(0x17, Buffer.from(`${formatInstant(at).replaceAll(/[-:T]/g, "").slice(2, 14)}Z`));
}

/** A SEQUENCE of members that are encoded already. */
export function sequence(...members: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(members));
}

/** Tag, length, value (X.690 §8.1), definite form, of at most 65 535 octets. */
export function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), value]);
  if (length < 0x100) return Buffer.concat([Buffer.of(tag, 0x81, length), value]);
  return Buffer.concat([Buffer.of(tag, 0x82, length >> 8, length & 0xff), value]);
}
