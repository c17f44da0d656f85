import { day, instant, since, type Instant } from "../../values/time.ts";
import { dsNames } from "./key-rdata.ts";
import type { KeySurvey, ServerSurvey, ZoneSurvey } from "./survey.ts";
import type { ZoneBaseline } from "./zone-state.ts";

/** One key as it was seen from outside, over time. */
export interface KeyMemory {
  readonly fingerprint: string;
  readonly tag: number;
  readonly algorithm: number;
  readonly bits: number | null;
  readonly flags: number;
  readonly asDs: readonly string[];
  /** Providers whose nameservers publish it, sorted. */
  readonly providers: readonly string[];
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  /** It stood there when the zone was first seen. */
  readonly fromTheStart: boolean;
  /** Since when every nameserver of its providers that answers has it; null: not all, or none. */
  readonly publishedSince: Instant | null;
  readonly signsKeysSince: Instant | null;
  readonly signsZoneSince: Instant | null;
  /** It stood in the baseline once: an entry explained it. */
  readonly explained: boolean;
  /** When it was last seen to sign the zone; null: never. */
  readonly signedLast: Instant | null;
  /** Since when the parent has a DS that names it; null: it has none. */
  readonly dsSince: Instant | null;
  /** When such a DS was last there. */
  readonly dsLast: Instant | null;
}

/** Keys and DS of a zone. */
export interface KeysMemory {
  /** By fingerprint. */
  readonly keys: ReadonlyMap<string, KeyMemory>;
  /** By RDATA: since when the parent has this DS; null: it never answered. */
  readonly ds: ReadonlyMap<string, Instant> | null;
}

/** A key that is gone is remembered this long, so that its last stage is told and an early end is found. */
const goneForMsMax = 30 * day;

/** Nameservers whose word on keys counts: they gave a set, and it is not bogus there. */
export function keyWitnesses({ servers }: ZoneSurvey): readonly ServerSurvey[] {
  return servers.filter(
    ({ outcome, keys, finding }) => outcome === "answer" && keys !== null && finding.authenticity !== "bogus",
  );
}

/** What is known of keys and DS after one more survey. What was not answered stays as it was. */
export function foldKeys(memory: KeysMemory, survey: ZoneSurvey, baseline: ZoneBaseline | null): KeysMemory {
  const ds = foldDs(memory.ds, survey, baseline);
  const witnesses = keyWitnesses(survey);
  const keys = new Map<string, KeyMemory>();
  for (const known of memory.keys.values())
    if (since(known.lastSeen, survey.at) < goneForMsMax) keys.set(known.fingerprint, withDs(known, ds, survey.at));
  if (witnesses.length === 0) return { keys, ds };
  const seen = new Map(witnesses.flatMap((server) => (server.keys ?? []).map((key) => [key.fingerprint, key])));
  for (const known of keys.values())
    if (!seen.has(known.fingerprint))
      keys.set(known.fingerprint, {
        ...known,
        providers: [],
        publishedSince: null,
        signsKeysSince: null,
        signsZoneSince: null,
      });
  for (const key of seen.values())
    keys.set(
      key.fingerprint,
      withDs(seenKey(key, keys.get(key.fingerprint), witnesses, survey.at, baseline), ds, survey.at),
    );
  return { keys, ds };
}

function seenKey(
  key: KeySurvey,
  before: KeyMemory | undefined,
  witnesses: readonly ServerSurvey[],
  at: Instant,
  baseline: ZoneBaseline | null,
): KeyMemory {
  const recorded = baseline?.keys?.find(({ fingerprint }) => fingerprint === key.fingerprint);
  const has = ({ keys }: ServerSurvey): KeySurvey | undefined =>
    keys?.find(({ fingerprint }) => fingerprint === key.fingerprint);
  const publishers = new Set(witnesses.filter(has).map(({ provider }) => provider ?? ""));
  const everywhere = witnesses.filter(({ provider }) => publishers.has(provider ?? "")).every(has);
  const signsKeys = witnesses.some((server) => has(server)?.signsKeys === true);
  const signsZone = witnesses.some((server) => has(server)?.signsZone === true);
  const firstSeen = before?.firstSeen ?? recorded?.firstSeen ?? at;
  // Before a restart it was seen everywhere, as far as the journal tells.
  const published = before === undefined ? (recorded?.firstSeen ?? at) : (before.publishedSince ?? at);
  return {
    fingerprint: key.fingerprint,
    tag: key.tag,
    algorithm: key.algorithm,
    bits: key.bits,
    flags: key.flags,
    asDs: key.asDs,
    providers: [...publishers].toSorted(),
    firstSeen,
    lastSeen: at,
    fromTheStart: before?.fromTheStart ?? recorded?.fromTheStart ?? (baseline?.keys ?? null) === null,
    explained: before?.explained === true || recorded !== undefined || (baseline?.keys ?? null) === null,
    publishedSince: everywhere ? published : null,
    signsKeysSince: signsKeys ? (before?.signsKeysSince ?? at) : null,
    signsZoneSince: signsZone ? (before?.signsZoneSince ?? at) : null,
    signedLast: signsZone ? at : (before?.signedLast ?? null),
    dsSince: before?.dsSince ?? null,
    dsLast: before?.dsLast ?? null,
  };
}

/** By RDATA: since when the parent has it; what stood there from the start, since ever. */
function foldDs(
  before: KeysMemory["ds"],
  { delegation, at }: ZoneSurvey,
  baseline: ZoneBaseline | null,
): KeysMemory["ds"] {
  if (delegation === null || delegation.ds === null || delegation.finding.authenticity === "bogus") return before;
  const old = (rdata: string): boolean => before === null && (baseline?.ds?.includes(rdata) ?? true);
  return new Map(delegation.ds.map((rdata) => [rdata, old(rdata) ? instant(0) : (before?.get(rdata) ?? at)]));
}

function withDs(key: KeyMemory, ds: KeysMemory["ds"], at: Instant): KeyMemory {
  if (ds === null) return key;
  const times = [...ds].flatMap(([rdata, from]) => (dsNames(rdata, key) === "yes" ? [from] : []));
  const [first] = times.toSorted((a, b) => a - b);
  return { ...key, dsSince: first ?? null, dsLast: first === undefined ? key.dsLast : at };
}
