import { nameFromText } from "../../dns/wire/name.ts";
import { invariant } from "../../values/invariant.ts";
import { concat, fromHex, toHex } from "../../values/octets.ts";
import { sha256, type Sha256 } from "../../values/sha256.ts";
import type { KeySurvey } from "./survey.ts";

/** The key of a DNSKEY or CDNSKEY wherever it stands, whatever its flags: {@link KeySurvey}'s fingerprint. */
export function keyFingerprint(rdata: Uint8Array): Sha256 {
  return sha256(rdata.subarray(2));
}

/** A DS or CDS by its parts; the digest in lower-case hexadecimal. */
export interface DsParts {
  readonly tag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: string;
}

/** Undefined when it is too short to be one. */
export function dsParts(rdata: string): DsParts | undefined {
  const octets = fromHex(rdata);
  if (octets === undefined || octets.length < 5) return undefined;
  const [high = 0, low = 0, algorithm = 0, digestType = 0] = octets;
  return { tag: high * 256 + low, algorithm, digestType, digest: toHex(octets.subarray(4)) };
}

/**
 * Whether a DS names a key, by its digest (RFC 4034 §5.1.4): tags collide, and anybody can make a key of a given tag.
 * `cannot-tell`: tag and algorithm are the key's, and the digest is of a type that is not known here.
 */
export function dsNames(
  rdata: string,
  { tag, algorithm, asDs }: Pick<KeySurvey, "tag" | "algorithm" | "asDs">,
): "yes" | "no" | "cannot-tell" {
  if (asDs.includes(rdata)) return "yes";
  const ds = dsParts(rdata);
  const isKnownType = asDs.some((own) => dsParts(own)?.digestType === ds?.digestType);
  return ds?.tag === tag && ds.algorithm === algorithm && !isKnownType ? "cannot-tell" : "no";
}

/** RFC 8078 §4: a CDS that asks for the DS to be removed. */
export const cdsDelete = "0000000000";
const cdnskeyDelete = "0000030000";

/** RFC 4034 appendix B; algorithm 1 counts otherwise, and is not asked. */
function keyTag(rdata: Uint8Array): number {
  let sum = 0;
  for (const [index, octet] of rdata.entries()) sum += index % 2 === 0 ? octet * 256 : octet;
  return (sum + Math.floor(sum / 65_536)) % 65_536;
}

const sha256Digest = 2;

/**
 * RFC 7344 §4: CDS and CDNSKEY, where both are there, ask for the same. Each CDS names a CDNSKEY by tag, algorithm and,
 * for SHA-256, digest; each CDNSKEY has a CDS. Undefined: they agree, or one of them is not used.
 */
export function cdsDisagreement(zone: string, cds: readonly string[], cdnskey: readonly string[]): string | undefined {
  if (cds.length === 0 || cdnskey.length === 0) return undefined;
  const [deletes, deletesToo] = [cds.includes(cdsDelete), cdnskey.includes(cdnskeyDelete)];
  if (deletes !== deletesToo) return "one of them asks for the DS to be removed, the other does not";
  if (deletes) return undefined;
  const keys = cdnskey.flatMap((hex) => {
    const rdata = fromHex(hex);
    return rdata === undefined || rdata.length < 5 ? [] : [{ rdata, tag: keyTag(rdata), algorithm: rdata[3] ?? 0 }];
  });
  const parts = cds.flatMap((hex) => dsParts(hex) ?? []);
  const odd = parts.find(
    (ds) =>
      !keys.some(
        ({ rdata, tag, algorithm }) =>
          tag === ds.tag &&
          algorithm === ds.algorithm &&
          (ds.digestType !== sha256Digest || digestOf(zone, rdata) === ds.digest),
      ),
  );
  if (odd !== undefined) return `a CDS for key ${odd.tag} has no CDNSKEY`;
  const bare = keys.find((key) => !parts.some(({ tag, algorithm }) => tag === key.tag && algorithm === key.algorithm));
  return bare === undefined ? undefined : `a CDNSKEY of tag ${bare.tag} has no CDS`;
}

function digestOf(zone: string, rdata: Uint8Array): string {
  const owner = nameFromText(zone);
  invariant(owner !== undefined, "a zone has a name");
  return sha256(concat(owner, rdata));
}
