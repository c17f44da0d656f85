import { algorithms, denials, type AlgorithmNumber, type Denial, type Signer, type SigningOrder } from "./signer.ts";

/** The zone that stands for every shape of data, once for each signer, algorithm and way to deny. */
export interface ShapeZone extends SigningOrder {
  readonly signer: Signer["name"];
  /** The zone that its aliases lead to, in a ring through all of them. */
  readonly next: string;
}

/** Top-level zones: who signs them and how, so that each chain has signatures of different programs. */
export const tops = {
  "alpha.": { signer: "bind", denial: "nsec" },
  "beta.": { signer: "knot", denial: "nsec3" },
  "gamma.": { signer: "ldns", denial: "optout" },
} as const;

const below = { bind: "beta.", knot: "gamma.", ldns: "alpha." } as const;

export function shapeZones(): readonly ShapeZone[] {
  const names = (["bind", "knot", "ldns"] as const).flatMap((signer) =>
    Object.keys(algorithms).flatMap((algorithm) =>
      denials
        .filter((denial) => denial !== "optout" || algorithm === "13")
        .map((denial) => ({ signer, algorithm: algorithmOf(algorithm), denial })),
    ),
  );
  return names.map((zone, index) => {
    const name = nameOf(zone);
    const next = nameOf(names[(index + 7) % names.length] ?? zone);
    return {
      signer: zone.signer,
      algorithm: zone.algorithm,
      denial: zone.denial,
      name,
      next,
      lines: shapeLines(name, next),
    };
  });
}

function algorithmOf(text: string): AlgorithmNumber {
  const found = ([8, 10, 13, 14, 15, 16] as const).find((number) => String(number) === text);
  if (found === undefined) throw new Error(`no algorithm ${text}`);
  return found;
}

function nameOf(zone: {
  readonly signer: Signer["name"];
  readonly algorithm: number;
  readonly denial: Denial;
}): string {
  return `${zone.signer}-${zone.algorithm}-${zone.denial}.${below[zone.signer]}`;
}

function shapeLines(zone: string, next: string): readonly string[] {
  return [
    "@ MX 10 mail",
    '@ TXT "apex of" "the zone"',
    "www A 192.0.2.1",
    "www A 192.0.2.2",
    "www AAAA 2001:db8::1",
    "mail A 192.0.2.3",
    'MiXeD TXT "Case"',
    "*.wild A 192.0.2.4",
    'real.wild TXT "no A here"',
    "a.b.empty A 192.0.2.5",
    "alias CNAME www",
    "*.walias CNAME www",
    "dangling CNAME nothing",
    `across CNAME www.${next}`,
    `far CNAME across.${next}`,
    `further CNAME far.${next}`,
    `gone CNAME nothing.${next}`,
    "to-plain CNAME www.plain.",
    "to-lapsed CNAME www.expired.alpha.",
    "tree DNAME trunk",
    "leaf.trunk A 192.0.2.6",
    `branch DNAME trunk.${next}`,
    "_sip._udp SRV 1 2 5060 mail",
    `unsigned NS ns.unsigned.${zone}`,
    "ns.unsigned A 127.0.0.1",
    `strange NS ns.strange.${zone}`,
    "ns.strange A 127.0.0.1",
    `strange DS 4711 200 2 ${"ab".repeat(32)}`,
    `digest NS ns.digest.${zone}`,
    "ns.digest A 127.0.0.1",
    `digest DS 4711 13 200 ${"cd".repeat(20)}`,
  ];
}

/** Zones without signatures below every shape zone: no DS, one of an unknown algorithm, one of an unknown digest. */
export const unsignedChildren = ["unsigned", "strange", "digest"] as const;

export const plainLines = ["www A 192.0.2.9", "alias CNAME www", "*.wild A 192.0.2.10"] as const;
