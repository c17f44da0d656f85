import { concat } from "./octets.ts";

/** Reads SSH's data types (RFC 4251 §5) one after the other; `undefined` once the octets do not hold what is asked for. */
export interface SshReader {
  /** `string`: a length of 4 octets and that many octets. */
  string(): Uint8Array | undefined;
  /** `mpint` that is positive, in its one shortest form: the magnitude without leading zeros. */
  positive(): Uint8Array | undefined;
  uint32(): number | undefined;
  octet(): number | undefined;
  /** As many octets as asked for. */
  octets(length: number): Uint8Array | undefined;
  /** Whether all octets have been read. */
  atEnd(): boolean;
}

export function sshReader(octets: Uint8Array): SshReader {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let at = 0;
  const take = (length: number) => {
    if (length > octets.length - at) return undefined;
    at += length;
    return octets.subarray(at - length, at);
  };
  const uint32 = () => (take(4) === undefined ? undefined : view.getUint32(at - 4));
  const string = () => {
    const length = uint32();
    return length === undefined ? undefined : take(length);
  };
  return {
    string,
    positive: () => magnitude(string()),
    uint32,
    octet: () => take(1)?.[0],
    octets: take,
    atEnd: () => at === octets.length,
  };
}

/** The octets as an SSH `string`: with their length before them. */
export function sshString(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(sshUint32(octets.length), octets);
}

export function sshUint32(value: number): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value);
  return octets;
}

/** Bits of a magnitude without leading zeros. */
export function bitLength(octets: Uint8Array): number {
  const [first] = octets;
  return first === undefined ? 0 : octets.length * 8 - (Math.clz32(first) - 24);
}

// The sign is the first bit, so a zero octet stands before a magnitude that begins with one, and before no other.
function magnitude(mpint: Uint8Array | undefined): Uint8Array | undefined {
  const [first, second = 0] = mpint ?? [];
  if (first === undefined || first > 127) return undefined;
  if (first > 0) return mpint;
  return second > 127 ? mpint?.subarray(1) : undefined;
}
