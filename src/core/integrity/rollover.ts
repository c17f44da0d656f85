import { add, formatDuration, formatInstant, hour, instant, since, type Instant } from "../../values/time.ts";
import { announced, type Expectation } from "./expectation.ts";
import type { KeyMemory } from "./key-memory.ts";
import { cdsDelete, cdsDisagreement, dsNames, dsParts } from "./key-rdata.ts";
import { readyAt, roleOf, type KeyTiming } from "./key-stage.ts";
import type { ZoneMemory } from "./memory.ts";
import type { IntegrityFinding } from "./report.ts";
import type { ZoneSurvey } from "./survey.ts";

export interface Rollover {
  readonly survey: ZoneSurvey;
  readonly expectation: Expectation;
  readonly keys: ReadonlyMap<string, KeyMemory>;
  readonly everSecure: boolean;
  readonly timing: KeyTiming;
  readonly at: Instant;
}

/** Steps of a rollover that were made too early, not at all, or against one another (RFC 7583, RFC 7344). */
export function* rolloverFindings(
  rollover: Rollover,
  cdsPending: ZoneMemory["cdsPending"],
): Iterable<IntegrityFinding> {
  yield* earlyDs(rollover);
  yield* dsWithoutKey(rollover);
  yield* earlySigning(rollover);
  yield* earlyRemoval(rollover);
  yield* cds(rollover, cdsPending);
}

/** Every DS names a key that caches need not know yet: resolvers with the old DNSKEY set call the zone bogus. */
function* earlyDs({ keys, everSecure, timing, at }: Rollover): Iterable<IntegrityFinding> {
  const trusted = [...keys.values()].filter(({ dsSince }) => dsSince !== null);
  const named = trusted.filter(({ providers }) => providers.length > 0);
  const times = named.map((key) => readyAt(key, timing));
  // Double-DS leaves the DS of the old key until caches are done with the old DNSKEY set (RFC 6781 §4.1.2).
  const known = trusted.length > named.length || times.some((ready) => ready !== null && ready <= at);
  if (!everSecure || named.length === 0 || known) return;
  const tags = named.map(({ tag }) => tag);
  const until = times.find((ready) => ready !== null) ?? null;
  yield {
    code: "early-ds-swap",
    bell: "integrity",
    about: "parent",
    says:
      `The DS at the parent name only key ${tags.join(", ")}, which is not out for long enough: caches may hold the keys ` +
      `without it${until === null ? "" : ` until ${formatInstant(until)}`}.`,
    figures: { tags, until },
    mend: "Put the DS of the old key back beside it until then.",
  };
}

function* dsWithoutKey({ survey, expectation, keys }: Rollover): Iterable<IntegrityFinding> {
  const { delegation } = survey;
  const published = [...keys.values()].filter(({ providers }) => providers.length > 0);
  if (delegation?.ds === null || delegation === null || published.length === 0) return;
  const orphans = delegation.ds.flatMap((rdata) => {
    const named = published.some((key) => dsNames(rdata, key) !== "no");
    return named ? [] : (dsParts(rdata)?.tag ?? []);
  });
  const { signing } = expectation;
  // With double-DS the new DS comes first, and a standby key may be known by its DS alone (RFC 6781 §4.1.2, §4.2.4).
  const doubleDs = [...(signing?.roles.values() ?? [])].some(({ method }) => method === "double-ds");
  const allowed = (doubleDs ? 1 : 0) + (signing?.standby ?? 0);
  const tags = [...new Set(orphans)];
  if (tags.length === 0 || (tags.length <= allowed && orphans.length < delegation.ds.length)) return;
  yield {
    code: "ds-without-key",
    bell: "integrity",
    about: "parent",
    says: `The parent has DS for key ${tags.join(", ")}, and no nameserver publishes a key that they name by their digest.`,
    figures: { tags },
    mend: "Publish the key, or take its DS out.",
  };
}

/** A zone key signs alone before caches are done with the set without it. */
function* earlySigning({ keys, expectation, timing, at }: Rollover): Iterable<IntegrityFinding> {
  const signers = [...keys.values()].filter(({ signsZoneSince }) => signsZoneSince !== null);
  const early = signers.filter((key) => (readyAt(key, timing) ?? at) > at);
  if (signers.length === 0 || early.length < signers.length) return;
  for (const { tag, algorithm, publishedSince } of early) {
    // Where the old key of its algorithm is gone altogether, nothing was signed before it.
    const before = [...keys.values()].some(
      (key) => key.tag !== tag && key.signedLast !== null && roleOf(key, expectation.signing) !== "ksk",
    );
    if (!before) continue;
    yield {
      code: "early-signing",
      bell: "integrity",
      about: `key ${tag}`,
      says: `Key ${tag} alone signs the zone, and caches may hold the DNSKEY set without it${publishedSince === null ? "" : `: it is out since ${formatInstant(publishedSince)}`}.`,
      figures: { tag, algorithm },
      mend: "Sign with the old key as well until caches know the new one.",
    };
  }
}

/** A key left while caches may hold signatures by it, or a DS that names it. */
function* earlyRemoval({ keys, everSecure, expectation, timing, at }: Rollover): Iterable<IntegrityFinding> {
  if (!everSecure || announced(expectation, "insecure", at) !== undefined) return;
  const trusted = [...keys.values()].flatMap(({ providers, dsSince }) => (providers.length > 0 ? (dsSince ?? []) : []));
  const firstDs = trusted.length === 0 ? null : instant(Math.min(...trusted));
  for (const { tag, providers, explained, signedLast, dsLast, lastSeen } of keys.values()) {
    if (providers.length > 0 || !explained) continue;
    // Seen to sign until it was gone: it never was retired. Nobody needs its signatures where others stood beside them.
    const needed = signedLast !== null && signedLast >= lastSeen && !signedBeside(keys, lastSeen, timing);
    const signatureUntil = needed ? add(lastSeen, timing.zoneTtlMs) : null;
    // Caches may hold a DS set from before the DS of the keys that are left.
    const dsUntil =
      dsLast !== null && firstDs !== null && since(firstDs, lastSeen) < timing.dsTtlMs
        ? add(firstDs, timing.dsTtlMs)
        : null;
    const until = signatureUntil ?? dsUntil;
    if (until === null || at > until) continue;
    yield {
      code: "early-removal",
      bell: "integrity",
      about: `key ${tag}`,
      says: `Key ${tag} was taken away too early: caches may hold ${signatureUntil === null ? "a DS that names it" : "its signatures"} until ${formatInstant(until)}.`,
      figures: { tag, lastSeen, until },
      mend: "Publish it again until caches are done with it.",
    };
  }
}

/**
 * Whether a key that is still there signed for so long that no cache has an RRset without its signature: double
 * signatures, of one algorithm or of two (RFC 6781 §4.1.1.2, §4.1.4), are taken away together with the key.
 */
function signedBeside(keys: Rollover["keys"], until: Instant, { zoneTtlMs }: KeyTiming): boolean {
  return [...keys.values()].some(
    ({ signsZoneSince }) => signsZoneSince !== null && add(signsZoneSince, zoneTtlMs) <= until,
  );
}

function* cds({ survey, expectation, at }: Rollover, pending: ZoneMemory["cdsPending"]): Iterable<IntegrityFinding> {
  const wish = wishOf(survey);
  const disagreement = wish && cdsDisagreement(survey.zone, wish.cds, wish.cdnskey);
  if (disagreement !== undefined)
    yield {
      code: "cds-cdnskey-disagree",
      bell: "integrity",
      about: "zone",
      says: `CDS and CDNSKEY do not ask for the same: ${disagreement}.`,
      figures: {},
      mend: "Publish both from the same keys, or one of them alone.",
    };
  const patienceMs = expectation.signing?.parentWithinMs ?? parentWithinWhereUndeclaredMs;
  if (pending === null || since(pending.since, at) <= patienceMs) return;
  yield {
    code: "cds-stuck",
    bell: "integrity",
    about: "parent",
    says: `The zone has asked its parent for other DS for ${formatDuration(since(pending.since, at))}, and the parent has not followed.`,
    figures: { since: pending.since, patienceMs },
    mend: "See whether the parent looks for CDS at all, or have the registrar put the DS.",
  };
}

const parentWithinWhereUndeclaredMs = 48 * hour;

/** What the zone asks of its parent, as an authentic nameserver of it says. */
function wishOf({
  servers,
}: ZoneSurvey): { readonly cds: readonly string[]; readonly cdnskey: readonly string[] } | undefined {
  const one = servers.find(({ finding, cds: asked }) => finding.authenticity === "secure" && asked !== null);
  return one?.cds ? { cds: one.cds, cdnskey: one.cdnskey ?? [] } : undefined;
}

/** The DS set that the zone's CDS ask for; undefined: it asks for nothing, or nobody authentic says so. */
export function wantedDs(survey: ZoneSurvey): readonly string[] | undefined {
  const asked = wishOf(survey)?.cds ?? [];
  if (asked.length === 0) return undefined;
  return asked.includes(cdsDelete) ? [] : asked.toSorted();
}

/** Since when the CDS ask for what the parent has not. What was not answered leaves it as it was. */
export function foldPending(before: ZoneMemory["cdsPending"], survey: ZoneSurvey): ZoneMemory["cdsPending"] {
  const { delegation, at } = survey;
  const wanted = wantedDs(survey);
  if (delegation === null || delegation.ds === null) return before;
  if (wanted === undefined) return wishOf(survey) === undefined ? before : null;
  // A CDS may ask for one of several digests of a key that the parent has all of.
  if (wanted.length === delegation.ds.length && wanted.every((rdata) => delegation.ds?.includes(rdata))) return null;
  const text = wanted.join(" ");
  return before?.wanted === text ? before : { wanted: text, since: at };
}
