import type { Sender } from "../core/cycle/command.ts";
import type { Facts } from "../core/cycle/facts.ts";
import type { FleetCommand, ServiceCommand } from "../core/cycle/service-command.ts";
import type { Observation } from "../core/health/observation.ts";
import type { Entropy } from "../ports/clock.ts";
import type { Opening } from "../values/commitment.ts";
import { commit, saltOctets } from "../transparency/commitment.ts";
import { entryOctetsMax, type EntryAttachment } from "../transparency/entry.ts";
import { asJson, canonicalJson, type JsonObject } from "../values/json.ts";
import { utf8 } from "../values/octets.ts";
import { sha256 } from "../values/sha256.ts";
import type { Draft } from "./entries.ts";

/** One observation that a verdict was judged on: codes, times and sizes, never what the site sent (design §7). */
export type Observed = Observation & { readonly vantage: string };

/** What led to a decision. */
export interface Asked {
  readonly by: Sender;
  readonly command: ServiceCommand | FleetCommand | null;
  readonly facts: Facts | null;
  /** A person's free text: sealed. An opening: its commitment was signed. */
  readonly reason: string | Opening | undefined;
  /** Attachments that are durable already, for the first entry. */
  readonly attachments: readonly EntryAttachment[];
}

export interface DraftEvent {
  readonly stream: string;
  readonly type: string;
  /** The event without its type. */
  readonly data: JsonObject;
  /** What a verdict was judged on; empty for other events. */
  readonly observed: readonly Observed[];
  /** The automation's signature over what is its own; null: the event is not the automation's, or there is no key. */
  readonly automation: { readonly key: string; readonly signature: string } | null;
}

/** Octets left for an entry's data beside its other members. */
const dataOctetsMax = entryOctetsMax - 4096;

/** Entries to be of one decision: the first says what it was decided on. Large or private values go beside the log. */
export function draftsOf(
  asked: Asked,
  events: readonly DraftEvent[],
  entropy: Entropy,
): { readonly drafts: readonly Draft[]; readonly openings: readonly Opening[] } {
  const openings: Opening[] = [];
  const keep = (value: Uint8Array | Opening): Opening => {
    if ("commitment" in value) {
      openings.push(value);
      return value;
    }
    const salt = entropy.octets(saltOctets);
    const opening = { commitment: commit(value, salt), salt, value };
    openings.push(opening);
    return opening;
  };
  const drafts = events.map((each, index) => {
    const draft = draftOf(each, asked.by, keep);
    return index === 0 ? explained(draft, asked, keep) : draft;
  });
  return { drafts, openings };
}

/** Openings that others made are kept as they are. */
type Keep = (value: Uint8Array | Opening) => Opening;

function draftOf({ stream, type, data, observed, automation }: DraftEvent, by: Sender, keep: Keep): Draft {
  const bare = {
    stream,
    type,
    by: { ...by },
    data: { ...data, ...(automation === null ? {} : { automation }), decidedOn: null },
    sealed: {},
    attachments: [],
    observations: [],
  };
  if (observed.length === 0) return bare;
  const octets = utf8(canonicalJson(observed.map((each) => asJson(each))));
  return { ...bare, attachments: [attachmentOf(keep(octets), "observations")], observations: [sha256(octets)] };
}

/** The first entry, with the command and the facts that the decision rests on: that is what a verifier replays. */
function explained(draft: Draft, asked: Asked, keep: Keep): Draft {
  const { reason } = asked;
  const sealed =
    reason === undefined ? {} : { reason: keep(typeof reason === "string" ? utf8(reason) : reason).commitment };
  const attachments = [...draft.attachments, ...asked.attachments];
  if (asked.command === null) return { ...draft, sealed, attachments };
  const command = asJson(asked.command);
  const facts = asked.facts === null ? null : asJson(asked.facts);
  const data = { ...draft.data, decidedOn: { command, facts } };
  if (facts === null || fits(data)) return { ...draft, data, sealed, attachments };
  return {
    ...draft,
    data: { ...draft.data, decidedOn: { command, facts: null } },
    sealed,
    attachments: [...attachments, attachmentOf(keep(utf8(canonicalJson(facts))), "facts")],
  };
}

function attachmentOf({ commitment, value }: Opening, what: string): EntryAttachment {
  return { commitment, octets: value.length, class: what, keepUntil: null };
}

/** Whether the events alone fit into entries. */
export function fit(drafts: readonly Draft[]): boolean {
  return drafts.every((draft) => fits(draft.data));
}

// Canonical JSON differs from the engine's in the order of members alone, and so not in length.
function fits(data: JsonObject): boolean {
  return utf8(JSON.stringify(data)).length <= dataOctetsMax;
}
