// All that the pure programs may see of Node: functions without state, clock or randomness.
declare module "node:crypto" {
  export function hash(algorithm: "sha256", data: Uint8Array | string, outputEncoding: "hex"): string;
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label: "utf-8", options: { readonly fatal: true; readonly ignoreBOM: true });
  decode(octets: Uint8Array): string;
}
