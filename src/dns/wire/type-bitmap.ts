import { typeFromText, typeToText } from "./rrtype.ts";

const blockOctetsMax = 32;

/** The types in a type bitmap (RFC 4034 §4.1.2), ascending; `undefined` unless it has the one form of that section. */
export function typesInBitmap(bitmap: Uint8Array): readonly number[] | undefined {
  const types: number[] = [];
  let window = -1;
  for (let at = 0; at < bitmap.length;) {
    const [next = 0, length = 0] = bitmap.subarray(at, at + 2);
    const block = bitmap.subarray(at + 2, at + 2 + length);
    const isWhole = block.length === length && length >= 1 && length <= blockOctetsMax;
    // Windows ascend, and a block has no zero octets at its end.
    if (next <= window || !isWhole || block.at(-1) === 0) return undefined;
    for (const [index, octet] of block.entries()) {
      for (let bit = 0; bit < 8; bit += 1) {
        if ((octet & (0x80 >> bit)) !== 0) types.push(next * 256 + index * 8 + bit);
      }
    }
    window = next;
    at += 2 + length;
  }
  return types;
}

/** The bitmap of these types, in whatever order they come. */
export function bitmapOfTypes(types: readonly number[]): Uint8Array {
  const windows = Map.groupBy(
    [...types].toSorted((a, b) => a - b),
    (type) => type >> 8,
  );
  const octets: number[] = [];
  for (const [window, members] of windows) {
    const block = new Uint8Array(((members.at(-1) ?? 0) & 0xff) / 8 + 1);
    for (const type of members)
      block.fill((block[(type & 0xff) >> 3] ?? 0) | (0x80 >> (type & 7)), (type & 0xff) >> 3, ((type & 0xff) >> 3) + 1);
    octets.push(window, block.length, ...block);
  }
  return Uint8Array.from(octets);
}

export function bitmapToText(bitmap: Uint8Array): string | undefined {
  return typesInBitmap(bitmap)?.map(typeToText).join(" ");
}

export function bitmapFromText(mnemonics: readonly string[]): Uint8Array | undefined {
  const types = mnemonics.map(typeFromText);
  return types.every((type) => type !== undefined) ? bitmapOfTypes(types) : undefined;
}
