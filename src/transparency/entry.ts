import type { Commitment } from "../values/commitment.ts";
import type { CommandId, Epoch, Sequence } from "../values/ids.ts";
import { invariant } from "../values/invariant.ts";
import { canonicalJson, parseCanonicalJson, type Json, type JsonObject } from "../values/json.ts";
import { fromUtf8, utf8 } from "../values/octets.ts";
import { isSha256, type Sha256 } from "../values/sha256.ts";
import type { DurationMs, Instant } from "../values/time.ts";
import { isExactly, isList, isMap, isNullOr, isObject, isRecord, isText, isWhole, type Is } from "./shape.ts";

/** Octets of an entry at most: the limit of tlog-tiles. What is larger is an attachment. */
export const entryOctetsMax = 65_535;

/** A fact in the journal (design §7). Every member is there from the first entry on; what does not apply is null or empty. */
export type Entry = {
  readonly v: 1;
  /** The log's origin: the name under which checkpoints will be signed. */
  readonly log: string;
  /** Its index in the log, from 0. */
  readonly sequence: Sequence;
  /** Milliseconds since 1970; never before the `at` of the entry before. */
  readonly at: Instant;
  readonly clock: {
    /** Random at each start of the controller; `monoMs` counts from there. */
    readonly boot: string;
    readonly monoMs: DurationMs;
    /** How far `at` may be off; null: not known. */
    readonly errorMs: DurationMs | null;
  };
  readonly controller: string;
  readonly epoch: Epoch;
  /** Number of the decision rules. */
  readonly rules: number;
  /** `service/login`, `policy`, `people`, `paths`, `fleet`. */
  readonly stream: string;
  /** Its index in the stream, from 0. */
  readonly streamSeq: number;
  /** Leaf hash of the stream's entry before; null for its first. */
  readonly streamPrev: Sha256 | null;
  readonly type: string;
  /** Who caused it, by an opaque id. */
  readonly by: { readonly kind: string; readonly id: string; readonly method: string };
  readonly basis: {
    readonly policy: Sha256 | null;
    readonly settings: Sha256 | null;
    /** Hashes of the observations that were read. */
    readonly observations: readonly Sha256[];
    /** Leaf hash of the newest entry of every stream that was read, by stream. */
    readonly heads: { readonly [stream: string]: Sha256 };
  };
  readonly causes: {
    /** The command that was decided; null where none was. */
    readonly command: CommandId | null;
    /** Earlier entries that led to this one. */
    readonly entries: readonly Sequence[];
  };
  readonly data: JsonObject;
  /** Fields whose values are kept beside the log, and may be erased. */
  readonly sealed: { readonly [field: string]: Commitment };
  readonly attachments: readonly EntryAttachment[];
};

export type EntryAttachment = {
  readonly commitment: Commitment;
  /** How many octets it has. */
  readonly octets: number;
  /** What it is: `policy`, `statement`, `message`, `observations`. */
  readonly class: string;
  /** May be erased from then on; null: kept as long as the log. */
  readonly keepUntil: Instant | null;
};

/**
 * Canonical JSON (RFC 8785) of an entry: what is stored, and hashed as a leaf.
 * @throws InvariantError for an entry that {@link decodeEntry} would refuse, such as one of more than 65 535 octets.
 */
export function encodeEntry(entry: Entry): Uint8Array {
  invariant(isEntry(entry), "an entry has every member, each within its bounds");
  const octets = utf8(canonicalJson(entry));
  invariant(octets.length <= entryOctetsMax, `an entry has at most ${entryOctetsMax} octets`);
  made.set(octets, entry);
  return octets;
}

/** What this process encoded itself: reading that back at each append would double the time of an intent. */
const made = new WeakMap<Uint8Array, Entry>();

/** The entry of these octets; `undefined` unless they are canonical, at most 65 535, and each member is as it must be. */
export function decodeEntry(octets: Uint8Array): Entry | undefined {
  const known = made.get(octets);
  if (known !== undefined) return known;
  if (octets.length > entryOctetsMax) return undefined;
  const text = fromUtf8(octets);
  const value = text === undefined ? undefined : parseCanonicalJson(text);
  return isEntry(value) ? value : undefined;
}

const isInstant: Is<Instant> = isWhole(Number.MIN_SAFE_INTEGER);
const isDigest: Is<Sha256> = isText(isSha256);
const isCommitment: Is<Commitment> = isText(isSha256);
/** Names that programs give: printable ASCII without spaces. */
const isName: Is<string> = isText((text) => /^[!-~]{1,255}$/.test(text));
const isStreamName = (text: string): boolean => /^[a-z0-9][a-z0-9/._-]{0,127}$/.test(text);

const isAttachment: Is<EntryAttachment> = isRecord<EntryAttachment>({
  commitment: isCommitment,
  octets: isWhole(0),
  class: isName,
  keepUntil: isNullOr(isInstant),
});

const isEntryShape: Is<Entry> = isRecord<Entry>({
  v: isExactly(1),
  log: isName,
  sequence: isWhole<Sequence>(0),
  at: isInstant,
  clock: isRecord<Entry["clock"]>({
    boot: isName,
    monoMs: isWhole<DurationMs>(0),
    errorMs: isNullOr(isWhole<DurationMs>(0)),
  }),
  controller: isName,
  epoch: isWhole<Epoch>(0),
  rules: isWhole(0),
  stream: isText(isStreamName),
  streamSeq: isWhole(0),
  streamPrev: isNullOr(isDigest),
  type: isName,
  by: isRecord<Entry["by"]>({ kind: isName, id: isName, method: isName }),
  basis: isRecord<Entry["basis"]>({
    policy: isNullOr(isDigest),
    settings: isNullOr(isDigest),
    observations: isList(isDigest),
    heads: isMap(isStreamName, isDigest),
  }),
  causes: isRecord<Entry["causes"]>({
    command: isNullOr(isText<CommandId>((text) => text.length > 0 && text.length <= 128)),
    entries: isList(isWhole<Sequence>(0)),
  }),
  // Whatever canonical JSON holds: its meaning is the type's, and the core's to check.
  data: (value): value is JsonObject => isObject(value),
  sealed: isMap((field) => field.length > 0 && field.length <= 255, isCommitment),
  attachments: isList(isAttachment),
});

function isEntry(value: Json | undefined): value is Entry {
  return (
    isEntryShape(value) &&
    (value.streamSeq === 0) === (value.streamPrev === null) &&
    value.causes.entries.every((sequence) => sequence < value.sequence)
  );
}
