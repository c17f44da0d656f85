import { generateKeyPairSync, randomBytes, sign, type KeyObject, type webcrypto } from "node:crypto";
import { concat, fromHex } from "../../values/octets.ts";
import { second, type Instant } from "../../values/time.ts";
import { nameFromText, type Name } from "../wire/name.ts";
import { rdataFromText } from "../wire/rdata.ts";
import type { ResourceRecord } from "../wire/record.ts";
import { rrclass, rrtype, typeFromText } from "../wire/rrtype.ts";
import { algorithmOf } from "./algorithms.ts";
import { digestOf } from "./digest.ts";
import { parseDnskey, parseSignature } from "./parse.ts";
import type { DnsKey } from "./records.ts";
import { rrsetsOf } from "./rrset.ts";
import { signedData, signedLabels, signedOwner } from "./signed-data.ts";

/** Flags of a DNSKEY: zone key; zone key and secure entry point; that, revoked. */
export const zsk = 256;
export const ksk = 257;
export const revokedKsk = 385;

/** A key of a zone with which tests sign. */
export interface SigningKey {
  readonly dnskey: DnsKey;
  readonly record: ResourceRecord;
  readonly privateKey: KeyObject;
}

export interface Period {
  readonly inception: Instant;
  readonly expiration: Instant;
}

/** What a signature says instead of what is right. */
export interface Lies {
  readonly labels?: number;
  readonly originalTtl?: number;
  readonly signer?: Name;
  readonly tag?: number;
  readonly algorithm?: number;
}

/** A name of text that is one. */
export function nameOf(text: string): Name {
  return present(nameFromText(text), `a name: ${text}`);
}

/** A record of one line of a master file without class: `www.example. 300 A 192.0.2.1`. */
export function recordOf(line: string): ResourceRecord {
  const [owner = "", ttl = "", type = "", ...data] = line.trim().split(/\s+/);
  const form = type === "DNAME" ? "CNAME" : type;
  const hex = present(rdataFromText(form, data.join(" ")), `a record: ${line}`);
  const rdata = present(fromHex(hex), "hexadecimal");
  return { name: nameOf(owner), type: typeFromText(type) ?? 0, class: rrclass.IN, ttl: Number(ttl), rdata };
}

/** A new key; of `bits` for RSA. */
export function keyPair(zone: Name, algorithm: number, flags: number = ksk, bits = 2048): SigningKey {
  const { publicKey, privateKey } = generate(algorithm, bits);
  const octets = publicOctets(publicKey.export({ format: "jwk" }));
  const record = dnskeyRecord(zone, Uint8Array.of(flags >> 8, flags & 0xff, 3, algorithm), octets);
  return { dnskey: present(parseDnskey(zone, record.rdata), "a DNSKEY"), record, privateKey };
}

/** The same key with other flags or another protocol, and so another tag. */
export function rewritten(
  { dnskey, privateKey }: SigningKey,
  change: { flags?: number; protocol?: number },
): SigningKey {
  const { flags = dnskey.flags, protocol = dnskey.protocol } = change;
  const fields = Uint8Array.of(flags >> 8, flags & 0xff, protocol, dnskey.algorithm);
  const record = dnskeyRecord(dnskey.owner, fields, dnskey.publicKey);
  return { dnskey: present(parseDnskey(dnskey.owner, record.rdata), "a DNSKEY"), record, privateKey };
}

/** Another DNSKEY of the same tag, algorithm and flags, to which nobody has the private key. Ed25519 and RSA only. */
export function collidingKey({ dnskey, record }: SigningKey): ResourceRecord {
  const rdata = Uint8Array.from(record.rdata);
  rdata.set(randomBytes(20), rdata.length - 24);
  // The tag is a sum of words (RFC 4034 appendix B): any word of the key makes it whatever one likes.
  const wordAt = (rdata.length - 4) & ~1;
  rdata.fill(0, wordAt, wordAt + 2);
  const sum = rdata.reduce((total, octet, at) => total + (at % 2 === 0 ? octet << 8 : octet), 0);
  for (let word = 0; word <= 0xff_ff; word += 1) {
    const whole = sum + word;
    rdata.set([word >> 8, word & 0xff], wordAt);
    if (((whole + (whole >> 16)) & 0xff_ff) === dnskey.tag) return { ...record, rdata };
  }
  throw new Error("no key of that tag");
}

/** The RRSIG of one RRset: records of one owner and type. Those of a wildcard owner are signed as such. */
export function signRRset(
  records: readonly ResourceRecord[],
  key: SigningKey,
  { inception, expiration }: Period,
  lies: Lies = {},
): ResourceRecord {
  const [rrset] = rrsetsOf(records);
  const { name, type, ttl } = present(rrset, "records");
  const head = new Uint8Array(18);
  const view = new DataView(head.buffer);
  view.setUint16(0, type);
  view.setUint8(2, lies.algorithm ?? key.dnskey.algorithm);
  view.setUint8(3, lies.labels ?? signedLabels(name));
  view.setUint32(4, lies.originalTtl ?? ttl);
  view.setUint32(8, expiration / second);
  view.setUint32(12, inception / second);
  view.setUint16(16, lies.tag ?? key.dnskey.tag);
  const fields = concat(head, lies.signer ?? key.dnskey.owner);
  const unsigned = present(parseSignature(concat(fields, Uint8Array.of(0))), "an RRSIG");
  const owner = signedOwner(name, unsigned.labels)?.owner ?? name;
  const data = signedData(present(rrset, "records"), unsigned, owner);
  const hash = algorithmOf(key.dnskey.algorithm)?.hash ?? null;
  const signature = sign(hash, data, { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  return { name, type: rrtype.RRSIG, class: rrclass.IN, ttl, rdata: concat(fields, signature) };
}

/** Records and their signatures under another owner, as a server makes them of a wildcard. */
export function expanded(records: readonly ResourceRecord[], name: Name): readonly ResourceRecord[] {
  return records.map((record) => ({ ...record, name }));
}

/** The DS of a key, as its parent has it. */
export function dsOf({ dnskey, record }: SigningKey, digestType = 2): ResourceRecord {
  const { owner, tag, algorithm } = dnskey;
  const digest = present(digestOf(digestType, dnskey), "a digest");
  const fields = Uint8Array.of(tag >> 8, tag & 0xff, algorithm, digestType);
  return { ...record, name: owner, type: rrtype.DS, rdata: concat(fields, digest) };
}

function dnskeyRecord(name: Name, fields: Uint8Array, publicKey: Uint8Array): ResourceRecord {
  return { name, type: rrtype.DNSKEY, class: rrclass.IN, ttl: 3600, rdata: concat(fields, publicKey) };
}

function generate(algorithm: number, modulusLength: number): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (algorithmOf(algorithm)?.family) {
    case "rsa":
      return generateKeyPairSync("rsa", { modulusLength });
    case "p256":
      return generateKeyPairSync("ec", { namedCurve: "P-256" });
    case "p384":
      return generateKeyPairSync("ec", { namedCurve: "P-384" });
    case "ed25519":
      return generateKeyPairSync("ed25519");
    case "ed448":
      return generateKeyPairSync("ed448");
    case undefined:
      throw new Error(`No algorithm ${algorithm}.`);
  }
}

function publicOctets({ e = "", n, x = "", y = "" }: webcrypto.JsonWebKey): Uint8Array {
  if (n === undefined) return concat(fromBase64Url(x), fromBase64Url(y));
  const exponent = fromBase64Url(e);
  return concat(Uint8Array.of(exponent.length), exponent, fromBase64Url(n));
}

function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}

function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`This is not ${what}.`);
  return value;
}
