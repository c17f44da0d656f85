import { evolveAuthority } from "../core/authority/evolve-authority.ts";
import { type AuthorityState, initialAuthority } from "../core/authority/state.ts";
import type { Evolve } from "../core/cycle/cycle.ts";
import { initialState, type ServiceState, type Stop } from "../core/failover/state.ts";
import { evolveZones } from "../core/integrity/evolve-zone.ts";
import type { ZoneState } from "../core/integrity/zone-state.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { JournalReader } from "../ports/journal.ts";
import type { CommandResult } from "../ports/operations.ts";
import { EntryChain } from "../transparency/chain.ts";
import type { Entry } from "../transparency/entry.ts";
import type { Commitment } from "../values/commitment.ts";
import { type CommandId, sequenceOf } from "../values/ids.ts";
import { InvariantError, invariant } from "../values/invariant.ts";
import { isNonEmpty, type NonEmpty } from "../values/non-empty.ts";
import { PointsmanError, type Refusal } from "../values/refusal.ts";
import { sha256, type Sha256 } from "../values/sha256.ts";
import type { Instant } from "../values/time.ts";
import { fleetEventOf, policyClass, serviceEventOf, serviceOf, statementOf } from "./events.ts";
import type { Fold } from "./fold.ts";
import { noteStatement } from "./nonces.ts";

/** The journal, read from its first entry to its last. */
export interface Replayed {
  readonly chain: EntryChain;
  readonly installation: Sha256;
  readonly log: string;
  readonly services: ReadonlyMap<string, ServiceState>;
  readonly zones: ReadonlyMap<string, ZoneState>;
  readonly stopped: Stop | null;
  readonly authority: AuthorityState;
  /** Values that were to be erased: a crash may have come between. */
  readonly erased: readonly Commitment[];
  /** Attachments that hold a policy: of those that were in force, and of those that were proposed. */
  readonly documents: readonly Commitment[];
  /** Every policy that was ever in force, the last one last, with the attachment that holds its document. */
  readonly policies: NonEmpty<{ readonly hash: Sha256; readonly entry: Entry }>;
  /** First results of the commands that people sent, by the command's id. */
  readonly results: ReadonlyMap<CommandId, CommandResult>;
}

/** Called for each entry as it is read, in order. */
export type OnEntry = (entry: Entry) => void;

/**
 * Reads and folds the whole journal, and checks it as it goes: sequence, streams, times, epochs, and the root that the
 * journal itself gives for its head. `undefined` when it is empty.
 * @throws PointsmanError `journal-damaged` naming the first entry that does not fit.
 */
export async function replay(
  reader: JournalReader,
  evolve: Evolve,
  signal: AbortSignal,
  onEntry: OnEntry,
): Promise<Replayed | undefined> {
  const head = await reader.head();
  const chain = new EntryChain();
  const reading = new Reading(evolve);
  for await (const chunk of reader.read(sequenceOf(0), sequenceOf(head.size), signal)) {
    const next = chain.next(chunk.map((stored) => stored.octets));
    if (next.outcome === "fault") throw damaged(next.sequence, next.code);
    const claimed = chunk.findIndex((stored, index) => stored.leaf !== next.leaves[index]);
    if (claimed !== -1) throw damaged(next.from + claimed, "leaf");
    chain.add(next);
    for (const [index, entry] of next.entries.entries()) {
      reading.take(entry, chunk[index]?.octets);
      onEntry(entry);
    }
  }
  if (chain.tree.size !== head.size) throw damaged(chain.tree.size, "missing");
  if (chain.tree.root() !== head.root) throw damaged(head.size, "root");
  return reading.done(chain);
}

class Reading {
  readonly #evolve: Evolve;
  readonly #services = new Map<string, ServiceState>();
  readonly #results = new Map<CommandId, CommandResult>();
  readonly #policies: { readonly hash: Sha256; readonly entry: Entry }[] = [];
  readonly #zones = new Map<string, ZoneState>();
  #stopped: Stop | null = null;
  readonly #nonces = new Map<string, Instant>();
  readonly #erased: Commitment[] = [];
  readonly #documents: Commitment[] = [];
  #authority: AuthorityState = { ...initialAuthority, nonces: this.#nonces };
  #installation: Sha256 | undefined;
  #log = "";

  constructor(evolve: Evolve) {
    this.#evolve = evolve;
  }

  take(entry: Entry, octets: Uint8Array | undefined): void {
    if (entry.sequence === 0) {
      invariant(octets !== undefined, "an entry has octets");
      this.#installation = sha256(octets);
      this.#log = entry.log;
    }
    const service = serviceOf(entry.stream);
    if (service === undefined) this.#takeFleet(entry);
    else this.#takeService(service, entry);
    const statement = statementOf(entry);
    if (statement !== undefined) noteStatement(this.#nonces, statement, entry.at);
    this.#remember(entry, service);
  }

  done(chain: EntryChain): Replayed | undefined {
    if (this.#installation === undefined) return undefined;
    if (!isNonEmpty(this.#policies)) throw damaged(0, "first entry");
    return {
      chain,
      installation: this.#installation,
      log: this.#log,
      services: this.#services,
      zones: this.#zones,
      stopped: this.#stopped,
      authority: this.#authority,
      erased: this.#erased,
      documents: this.#documents,
      policies: this.#policies,
      results: this.#results,
    };
  }

  #takeService(service: string, entry: Entry): void {
    const before = this.#services.get(service) ?? initialState(service);
    const { sequence, at } = entry;
    this.#fold(entry, () => {
      this.#services.set(service, this.#evolve(before, { event: serviceEventOf(entry), sequence, at }));
    });
  }

  #fold(entry: Entry, take: () => void): void {
    try {
      take();
    } catch (error) {
      throw error instanceof InvariantError ? notFolded(entry, error.message) : error;
    }
  }

  #takeFleet(entry: Entry): void {
    const event = fleetEventOf(entry);
    const { sequence, at } = entry;
    this.#fold(entry, () => {
      this.#authority = evolveAuthority(this.#authority, { event, sequence, at });
    });
    if ("zone" in event) this.#fold(entry, () => evolveZones(this.#zones, { event, sequence, at }));
    if (event.type === "all-stopped") this.#stopped = { by: event.by, at: entry.at };
    if (event.type === "all-resumed") this.#stopped = null;
    for (const each of entry.attachments) if (each.class === policyClass) this.#documents.push(each.commitment);
    if (event.type === "attachment-erased") this.#erased.push(event.commitment);
    if (event.type === "installation-created" || event.type === "policy-adopted") {
      this.#policies.push({ hash: event.policy, entry });
    }
  }

  /** Only people send a command twice; the controller's own ids are new at each start. */
  #remember(entry: Entry, service: string | undefined): void {
    const { command } = entry.causes;
    if (command === null || entry.by.kind === "controller" || entry.by.kind === "automation") return;
    const before = this.#results.get(command);
    const event = service === undefined ? fleetEventOf(entry) : serviceEventOf(entry);
    this.#results.set(
      command,
      before?.accepted === true
        ? { accepted: true, entries: [...before.entries, entry.sequence], events: [...before.events, event] }
        : { accepted: true, entries: [entry.sequence], events: [event] },
    );
  }
}

/** The twin folds start from what was replayed. */
export function worldOf(
  replayed: Replayed,
  policies: ReadonlyMap<Sha256, Policy>,
  policy: Policy,
): ConstructorParameters<typeof Fold>[0] {
  const services = new Map(replayed.services);
  for (const service of policy.services.keys()) {
    if (!services.has(service)) services.set(service, initialState(service));
  }
  return {
    installation: replayed.installation,
    services,
    policies,
    policy,
    zones: replayed.zones,
    stopped: replayed.stopped,
    authority: replayed.authority,
  };
}

function damaged(sequence: number, what: string): PointsmanError {
  return refuse({
    code: "journal-damaged",
    says: `The journal does not hold together at entry ${sequence} (${what}).`,
    figures: { sequence, what },
    mend: "Nothing was decided or sent. Keep the data folder as it is, and restore it from a copy that is whole.",
  });
}

function notFolded(entry: Entry, why: string): PointsmanError {
  return refuse({
    code: "journal-not-understood",
    says: `Entry ${entry.sequence} (${entry.type}) cannot follow those before it: ${why}.`,
    figures: { sequence: entry.sequence, type: entry.type },
    mend: "Run the version that wrote this journal, or report it with the entry.",
  });
}

function refuse(refusal: Refusal): PointsmanError {
  return new PointsmanError(refusal);
}
