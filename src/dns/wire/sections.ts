import { WireReader } from "./reader.ts";

/**
 * Where the last record of a message begins: what a TSIG's digest ends before (RFC 8945 §4.3.2). `undefined` when the
 * additional section is empty. @throws WireError on octets that {@link decodeMessage} would refuse as well.
 */
export function lastAdditionalAt(octets: Uint8Array): number | undefined {
  const reader = new WireReader(octets);
  reader.skip(4);
  const questions = reader.u16();
  const before = reader.u16() + reader.u16();
  const additional = reader.u16();
  for (let index = 0; index < questions; index += 1) {
    reader.name();
    reader.skip(4);
  }
  let last: number | undefined;
  for (let index = 0; index < before + additional; index += 1) {
    last = reader.at;
    reader.name();
    reader.skip(8);
    reader.skip(reader.u16());
  }
  return additional === 0 ? undefined : last;
}
