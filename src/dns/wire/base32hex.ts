const alphabet = "0123456789abcdefghijklmnopqrstuv";

/** Base 32 with the extended hex alphabet, lower case, without padding (RFC 4648 §7, as RFC 5155 §3.3 writes hashes). */
export function toBase32Hex(octets: Uint8Array): string {
  let text = "";
  let bits = 0;
  let count = 0;
  for (const octet of octets) {
    bits = (bits << 8) | octet;
    count += 8;
    for (; count >= 5; count -= 5) text += alphabet[(bits >> (count - 5)) & 31] ?? "";
    bits &= (1 << count) - 1;
  }
  return count === 0 ? text : text + (alphabet[(bits << (5 - count)) & 31] ?? "");
}

/** `undefined` for other characters, padding, a length that no octets give, or stray bits at the end. */
export function fromBase32Hex(text: string): Uint8Array | undefined {
  const octets: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text.toLowerCase()) {
    const value = alphabet.indexOf(character);
    if (value === -1) return undefined;
    bits = (bits << 5) | value;
    count += 5;
    if (count >= 8) {
      count -= 8;
      octets.push(bits >> count);
      bits &= (1 << count) - 1;
    }
  }
  return count < 5 && bits === 0 ? Uint8Array.from(octets) : undefined;
}
