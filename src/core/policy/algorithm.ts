/** Algorithms that a policy may name, in the words of the registry of DNSSEC algorithm numbers. */
export const signingAlgorithms = [
  "RSASHA256",
  "RSASHA512",
  "ECDSAP256SHA256",
  "ECDSAP384SHA384",
  "ED25519",
  "ED448",
] as const;

const numbers = {
  RSASHA256: 8,
  RSASHA512: 10,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
} as const satisfies { readonly [Name in (typeof signingAlgorithms)[number]]: number };

export function algorithmNumber(name: (typeof signingAlgorithms)[number]): number {
  return numbers[name];
}
