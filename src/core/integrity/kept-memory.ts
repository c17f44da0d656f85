import { z } from "zod";
import { asJson, canonicalJson, parseCanonicalJson, type Json, type JsonObject } from "../../values/json.ts";
import type { Refusal } from "../../values/refusal.ts";
import { asSha256, isSha256, sha256OfJson, type Sha256 } from "../../values/sha256.ts";
import { instant } from "../../values/time.ts";
import type { IntegrityHistory } from "./integrity-book.ts";
import type { ZoneHistory } from "./memory.ts";

/**
 * What an installation keeps of integrity from run to run: its own observations, so that an old zone played back after a
 * restart is known for one. No evidence and no entry: nothing is decided by it but whether something is called out.
 */
export interface KeptMemory {
  /** Whose it is: another installation's observations are of other servers, or of another time. */
  readonly installation: Sha256;
  readonly history: IntegrityHistory;
}

const formatVersion = 1;

/** As one line of canonical JSON with its version and its SHA-256: whatever is cut off or altered is found out. */
export function writeKeptMemory({ installation, history: all }: KeptMemory): string {
  const zones = sorted(all).map(([zone, one]) => ({ key: zone, history: historyJson(one) }));
  const content = { version: formatVersion, installation, zones };
  return `${canonicalJson({ ...content, sha256: sha256OfJson(content) })}\n`;
}

/**
 * Reads what {@link writeKeptMemory} wrote. Never throws.
 * @returns a refusal `integrity-memory-damaged` for a text that is not whole or not this program's, and
 *   `integrity-memory-version` for one that another version wrote.
 */
export function readKeptMemory(text: string): KeptMemory | Refusal {
  const value = text.endsWith("\n") ? parseCanonicalJson(text.slice(0, -1)) : undefined;
  if (!isObject(value)) return damaged("it is no line of canonical JSON");
  const { sha256, ...content } = value;
  if (typeof sha256 !== "string" || sha256 !== sha256OfJson(content)) return damaged("its SHA-256 is another");
  const { version } = content;
  if (version !== formatVersion) return otherVersion(version ?? null);
  const read = file.safeParse(content);
  if (!read.success) return damaged(`${read.error.issues[0]?.path.join(".") ?? "it"} is not of its form`);
  const { installation, zones } = read.data;
  return { installation, history: new Map(zones.map((zone) => [zone.key, historyOf(zone.history)])) };
}

function historyJson({ marks, keys, ds, cdsPending }: ZoneHistory) {
  return asJson({
    marks: sorted(marks).map(([place, { serialMark, inceptionMark }]) => ({ place, serialMark, inceptionMark })),
    keys: sorted(keys).map(([, key]) => key),
    ds: ds && sorted(ds).map(([rdata, since]) => ({ rdata, since })),
    cdsPending,
  });
}

function historyOf({ marks, keys, ds, cdsPending }: z.infer<typeof history>): ZoneHistory {
  return {
    marks: new Map(marks.map(({ place, ...one }) => [place, one])),
    keys: new Map(keys.map((key) => [key.fingerprint, key])),
    ds: ds && new Map(ds.map(({ rdata, since }) => [rdata, since])),
    cdsPending,
  };
}

const at = z.int().transform(instant);
const mark = z.strictObject({ value: z.int(), since: at }).nullable();
const key = z.strictObject({
  fingerprint: z.string(),
  tag: z.int(),
  algorithm: z.int(),
  bits: z.int().nullable(),
  flags: z.int(),
  asDs: z.array(z.string()),
  providers: z.array(z.string()),
  firstSeen: at,
  lastSeen: at,
  fromTheStart: z.boolean(),
  publishedSince: at.nullable(),
  signsKeysSince: at.nullable(),
  signsZoneSince: at.nullable(),
  explained: z.boolean(),
  signedLast: at.nullable(),
  dsSince: at.nullable(),
  dsLast: at.nullable(),
});
const history = z.strictObject({
  marks: z.array(z.strictObject({ place: z.string(), serialMark: mark, inceptionMark: mark })),
  keys: z.array(key),
  ds: z.array(z.strictObject({ rdata: z.string(), since: at })).nullable(),
  cdsPending: z.strictObject({ wanted: z.string(), since: at }).nullable(),
});
const file = z.strictObject({
  version: z.literal(formatVersion),
  installation: z.string().refine(isSha256).transform(asSha256),
  zones: z.array(z.strictObject({ key: z.string(), history })),
});

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function damaged(why: string): Refusal {
  return {
    code: "integrity-memory-damaged",
    says: `What was remembered of zones cannot be read: ${why}. Integrity begins anew.`,
    figures: {},
    mend: startsAnew,
  };
}

function otherVersion(version: Json): Refusal {
  return {
    code: "integrity-memory-version",
    says: `What was remembered of zones is of version ${canonicalJson(version)}, and this program reads ${formatVersion}. Integrity begins anew.`,
    figures: { version, reads: formatVersion },
    mend: startsAnew,
  };
}

/** What to do about a memory that is lost. */
export const startsAnew =
  "Look at each zone's serial and signatures once: an old zone that was played back while the memory was lost is not found.";
