import { fromBase32Hex } from "../wire/base32hex.ts";
import { nameFromOctets, parentOf, uncompressedNameEnd, type Name } from "../wire/name.ts";
import { typesInBitmap } from "../wire/type-bitmap.ts";
import type { DelegationSigner, DnsKey, Nsec, Nsec3, Signature } from "./records.ts";
import { Rrsig, signatureFieldOctets } from "./rrsig.ts";

const rsaMd5 = 1;
const nsec3Sha1 = 1;
const sha1Octets = 20;

/** A DNSKEY (RFC 4034 §2.1); `undefined` when it has no key in it. */
export function parseDnskey(owner: Name, rdata: Uint8Array): DnsKey | undefined {
  if (rdata.length < 5) return undefined;
  const view = viewOf(rdata);
  const algorithm = view.getUint8(3);
  return {
    owner,
    flags: view.getUint16(0),
    protocol: view.getUint8(2),
    algorithm,
    publicKey: rdata.subarray(4),
    rdata,
    tag: keyTag(algorithm, rdata),
  };
}

/** RFC 4034 appendix B: a sum of the RDATA, so that keys of one tag are easily made. */
function keyTag(algorithm: number, rdata: Uint8Array): number {
  if (algorithm === rsaMd5) return ((rdata.at(-3) ?? 0) << 8) | (rdata.at(-2) ?? 0);
  let sum = 0;
  for (let at = 0; at < rdata.length; at += 1) sum += at % 2 === 0 ? (rdata[at] ?? 0) << 8 : (rdata[at] ?? 0);
  return (sum + Math.floor(sum / 0x1_00_00)) & 0xff_ff;
}

/** A DS or CDS (RFC 4034 §5.1); `undefined` when it has no digest. */
export function parseDs(rdata: Uint8Array): DelegationSigner | undefined {
  if (rdata.length < 5) return undefined;
  const view = viewOf(rdata);
  return {
    tag: view.getUint16(0),
    algorithm: view.getUint8(2),
    digestType: view.getUint8(3),
    digest: rdata.subarray(4),
  };
}

/**
 * An RRSIG (RFC 4034 §3.1); `undefined` when its signer is no uncompressed name, or it has no signature. Its fields are
 * read when they are wanted. `before`: one whose signer is shared when it is the same, octet by octet.
 */
export function parseSignature(rdata: Uint8Array, before?: Signature): Signature | undefined {
  const signerEnd = uncompressedNameEnd(rdata, signatureFieldOctets);
  if (signerEnd === -1 || signerEnd >= rdata.length) return undefined;
  if (before !== undefined && isAt(rdata, before.signer, signerEnd)) return new Rrsig(rdata, before.signer);
  const signer = nameFromOctets(rdata, signatureFieldOctets, signerEnd);
  return signer === undefined ? undefined : new Rrsig(rdata, signer);
}

/** Whether these are the octets of the signer, up to `end`. */
function isAt(rdata: Uint8Array, signer: Name, end: number): boolean {
  if (end !== signatureFieldOctets + signer.length) return false;
  for (let at = signer.length - 1; at >= 0; at -= 1) {
    if (rdata[signatureFieldOctets + at] !== signer[at]) return false;
  }
  return true;
}

/** An NSEC (RFC 4034 §4.1); `undefined` unless an uncompressed name and a well-formed bitmap stand in it. */
export function parseNsec(owner: Name, rdata: Uint8Array): Nsec | undefined {
  const nextEnd = uncompressedNameEnd(rdata, 0);
  const next = nameFromOctets(rdata, 0, nextEnd);
  const types = next === undefined ? undefined : typesInBitmap(rdata.subarray(nextEnd));
  return next === undefined || types === undefined ? undefined : { owner, next, types: new Set(types) };
}

/**
 * An NSEC3 (RFC 5155 §3.2). `undefined` when it is malformed, when its first label is no hash of the length of the next
 * one, and for flags other than 0 and 1, which a validator must not look at (§8.2).
 */
export function parseNsec3(owner: Name, rdata: Uint8Array): Nsec3 | undefined {
  const zone = parentOf(owner);
  const saltEnd = 5 + (rdata[4] ?? 0);
  const nextEnd = saltEnd + 1 + (rdata[saltEnd] ?? 0);
  if (zone === undefined || rdata.length < 6 || nextEnd > rdata.length) return undefined;
  const view = viewOf(rdata);
  const algorithm = view.getUint8(0);
  const flags = view.getUint8(1);
  const next = rdata.subarray(saltEnd + 1, nextEnd);
  const hash = fromBase32Hex(String.fromCharCode(...owner.subarray(1, 1 + (owner[0] ?? 0))));
  const types = typesInBitmap(rdata.subarray(nextEnd));
  if (hash === undefined || types === undefined || flags > 1) return undefined;
  if (hash.length !== next.length || (algorithm === nsec3Sha1 && next.length !== sha1Octets)) return undefined;
  const optOut = flags === 1;
  const salt = rdata.subarray(5, saltEnd);
  return { owner, hash, zone, algorithm, optOut, iterations: view.getUint16(2), salt, next, types: new Set(types) };
}

function viewOf(rdata: Uint8Array): DataView {
  return new DataView(rdata.buffer, rdata.byteOffset, rdata.length);
}
