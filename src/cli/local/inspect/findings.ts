import type { DsView, KeyView, ZoneLink } from "../../../dns/dnssec/verdict.ts";
import { algorithmName, countdown, digestName, roleOf, when } from "./display.ts";
import { expiries } from "./expiry.ts";
import type { Finding } from "./finding.ts";
import { kindOf, type Inspection } from "./inspection.ts";
import { mends } from "./mends.ts";
import { serverFindings } from "./server-findings.ts";

const order: readonly Finding["level"][] = ["wrong", "unknown", "warning", "note"];

/** All that is wrong, the worst first, each once. */
export function findingsOf(inspection: Inspection): readonly Finding[] {
  const all = [
    ...reasonFindings(inspection),
    ...inspection.validation.chain.flatMap((zone) => [...dsFindings(zone), ...keyFindings(zone)]),
    ...expiryFindings(inspection),
    ...serverFindings(inspection),
  ];
  const seen = new Set<string>();
  const once = all.filter(({ code, where, says }) => {
    const key = `${code}\n${where}\n${says}`;
    return !seen.has(key) && seen.add(key);
  });
  return once.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function reasonFindings({ validation, expect }: Inspection): Finding[] {
  // Only a verdict that fails makes its reasons faults: on the way to a good one a signature beside may have failed.
  const failed = validation.verdict === "bogus";
  return validation.reasons.flatMap((reason): Finding[] => {
    const kind = kindOf(reason);
    const mend = mends[reason.code];
    if (kind === "holds" || mend === null) return [];
    const level =
      kind === "wrong"
        ? failed
          ? "wrong"
          : "warning"
        : kind === "unknown"
          ? "unknown"
          : expect === "secure"
            ? "wrong"
            : "note";
    return [{ level, code: reason.code, where: reason.record ?? reason.zone, says: reason.says, mend }];
  });
}

/** SHA-1 and older are not to be used for validation at all (RFC 9905 §3). */
const retired = new Set([1, 3, 5, 6, 7, 12]);
/** RFC 6781 §3.4.2; NIST and the root itself have left 1024 bits. */
const rsaBitsLeast = 2048;

function dsFindings({ zone, ds, verdict }: ZoneLink): Finding[] {
  return ds.flatMap((one): Finding[] => {
    if (one.matches === "no-key" && verdict === "secure") {
      return [
        {
          level: "note",
          code: "ds-without-key",
          where: zone,
          says: `${dsWords(one)} is of no key that the zone has now.`,
          mend: "If no rollover is under way, take it out at the parent: it is of use to nobody but who has that key.",
        },
      ];
    }
    return one.digestType === 1
      ? [
          {
            level: "note",
            code: "ds-digest-retired",
            where: zone,
            says: `${dsWords(one)} has a digest that is not to be used any more (RFC 9905).`,
            mend: "Take it out at the parent, and leave the SHA-256 one (digest type 2) of the same key there.",
          },
        ]
      : [];
  });
}

function dsWords({ tag, algorithm, digestType }: DsView): string {
  return `DS ${tag} (${algorithmName(algorithm)}, ${digestName(digestType)})`;
}

function keyFindings(link: ZoneLink): Finding[] {
  return link.keys.flatMap((key): Finding[] => {
    const about = `${roleOf(key, link)} ${key.tag} (${algorithmName(key.algorithm)})`;
    if (retired.has(key.algorithm)) {
      return [
        {
          level: "warning",
          code: "algorithm-retired",
          where: link.zone,
          says: `${about} has an algorithm that validators no longer use (RFC 9905).`,
          mend: "Roll to ECDSA P-256 (13) or Ed25519 (15).",
        },
      ];
    }
    return isShortRsa(key)
      ? [
          {
            level: "warning",
            code: "key-too-short",
            where: link.zone,
            says: `${about} has ${key.bits} bits, fewer than ${rsaBitsLeast}.`,
            mend: "Roll to ECDSA P-256 (13): shorter signatures, and stronger.",
          },
        ]
      : [];
  });
}

function isShortRsa({ algorithm, bits }: KeyView): boolean {
  return (algorithm === 8 || algorithm === 10) && bits !== null && bits < rsaBitsLeast;
}

function expiryFindings(inspection: Inspection): Finding[] {
  return expiries(inspection)
    .filter(({ state }) => state === "soon")
    .map((expiry) => ({
      level: "warning",
      code: "signature-expiring",
      where: expiry.at === null ? expiry.what : `${expiry.what} at ${expiry.at}`,
      says: `It is signed until ${when(expiry.expiration)}: ${countdown(expiry, inspection.at)}, and has not been renewed.`,
      mend: "See that the signer runs and that what it signs reaches every nameserver, before that time.",
    }));
}
