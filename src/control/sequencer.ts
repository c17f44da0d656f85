import { automationClaim } from "../core/authority/automation.ts";
import { nothingDue } from "../core/cycle/cycle.ts";
import type { Sender } from "../core/cycle/command.ts";
import type { Facts } from "../core/cycle/facts.ts";
import type { FleetCommand, ServiceCommand } from "../core/cycle/service-command.ts";
import type { FleetEvent, Placed, ServiceEvent } from "../core/failover/event.ts";
import type { ServiceState } from "../core/failover/state.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { AutomationSigner } from "../ports/automation.ts";
import type { WriteOrder } from "../ports/change-path.ts";
import type { Entropy } from "../ports/clock.ts";
import type { Head, JournalWriter } from "../ports/journal.ts";
import type { CommandResult, RecordedEntry } from "../ports/operations.ts";
import type { EntryAttachment } from "../transparency/entry.ts";
import type { MerkleTree } from "../transparency/tree.ts";
import type { Opening } from "../values/commitment.ts";
import { type CommandId, type Epoch, sequenceOf } from "../values/ids.ts";
import { invariant } from "../values/invariant.ts";
import { asJson } from "../values/json.ts";
import { isNonEmpty, type NonEmpty } from "../values/non-empty.ts";
import { utf8 } from "../values/octets.ts";
import type { Refusal } from "../values/refusal.ts";
import type { Sha256 } from "../values/sha256.ts";
import { add, type Instant } from "../values/time.ts";
import { ClockSteps } from "./clock-steps.ts";
import type { Counters } from "./counters.ts";
import type { CrashHook } from "./crash-points.ts";
import { type Asked, type DraftEvent, draftsOf, fit, type Observed } from "./drafts.ts";
import { type Draft, EntryComposer, type Writer } from "./entries.ts";
import { dataOf, fleetStream, recordedOf, serviceOf, serviceStream } from "./events.ts";
import { Fold } from "./fold.ts";
import { GroupCommit } from "./group-commit.ts";
import { type Broken, promiseBroken } from "./halt.ts";
import { Orders } from "./orders.ts";
import type { CycleFunctions } from "./parts.ts";
import { decisionTooLarge, faulty, journalAhead, noSuchService, reopening } from "./refusals.ts";
import type { Replayed } from "./replay.ts";
import { type Decided, isExternal, refused, resultOf, Results, type Ruling } from "./ruling.ts";

export interface SequencerParts {
  readonly cycle: CycleFunctions;
  readonly replayed: Replayed;
  readonly world: ConstructorParameters<typeof Fold>[0];
  readonly journal: JournalWriter;
  readonly writer: Writer;
  readonly entropy: Entropy;
  readonly counters: Counters;
  readonly crash: CrashHook;
  readonly factsFor: (service: string) => Facts;
  /** What a verdict was judged on. */
  readonly observed: (service: string, site: string) => readonly Observed[];
  /** Left out: nothing is signed. */
  readonly automation: AutomationSigner | undefined;
  /** Records that the clock was set. */
  readonly controller: Sender;
  readonly onDurable: (entries: readonly RecordedEntry[]) => void;
  readonly onBroken: (broken: Broken) => void;
}

/**
 * Decides in one order, on the head, and promises nothing before it is durable: effects rest on the durable fold alone,
 * and only {@link orderFor} makes a write order (N1). When the journal cannot say what became of an append, the
 * sequencer is given up whole, and another starts from what the journal holds.
 */
export class Sequencer {
  readonly head: Fold;
  readonly durable: Fold;
  readonly epoch: Epoch;
  readonly #parts: SequencerParts;
  readonly #composer: EntryComposer;
  readonly #commit: GroupCommit<Decided>;
  readonly #orders: Orders;
  readonly #steps: ClockSteps;
  readonly #tree: MerkleTree;
  readonly #results: Results;
  readonly #waiting = new Set<Decided>();
  #ended = false;

  constructor(parts: SequencerParts) {
    const { replayed, journal } = parts;
    this.#parts = parts;
    this.epoch = journal.epoch;
    this.head = new Fold(parts.world);
    this.durable = new Fold(parts.world);
    this.#tree = replayed.chain.tree;
    this.#orders = new Orders(replayed.installation, journal.epoch, this.#tree);
    this.#results = new Results(replayed.results);
    this.#composer = new EntryComposer(parts.writer, {
      size: replayed.chain.tree.size,
      lastAt: replayed.chain.lastAt,
      stream: (name) => replayed.chain.stream(name),
    });
    this.#steps = new ClockSteps(parts.writer.clock, () => this.now());
    this.#commit = new GroupCommit<Decided>({
      writer: journal,
      size: replayed.chain.tree.size,
      crash: parts.crash,
      onDurable: (groups, head) => this.#onDurable(groups, head),
      onBroken: parts.onBroken,
    });
  }

  /** Decided and not durable yet. */
  get queued(): number {
    return this.#waiting.size;
  }

  /** The time at which a decision would be made: it never goes back. */
  now(): Instant {
    return this.#composer.now();
  }

  /** The durable head of the log. */
  log(): { readonly size: number; readonly root: Sha256 } {
    return { size: this.#tree.size, root: this.#tree.root() };
  }

  /** The root that the log had when `size` entries were durable; `undefined` when it never had as many. */
  rootAt(size: number): Sha256 | undefined {
    return size <= this.#tree.size ? this.#tree.rootAt(size) : undefined;
  }

  /** A policy's document was handed in: requests may name it from now on. */
  know(policy: Policy): void {
    this.head.policies.set(policy.hash, policy);
    this.durable.policies.set(policy.hash, policy);
  }

  /**
   * Decides at once, on the head. A command id seen before has its first result again. `attachments` are durable already;
   * the first entry names them.
   */
  decide(
    command: ServiceCommand | FleetCommand,
    reason?: string | Opening,
    attachments: readonly EntryAttachment[] = [],
  ): Ruling {
    const before = this.#results.get(command.id);
    if (before !== undefined) {
      this.#parts.counters.add("repeated");
      return { accepted: false, refusal: null, result: before };
    }
    if (this.#ended) return refused(reopening("given-up"));
    this.#noteSteps();
    const ruling = this.#explained(this.#rule(command, reason, attachments));
    if (isExternal(command.by)) this.#results.keep(command.id, ruling.result);
    if (ruling.refusal?.code !== nothingDue) this.#parts.counters.add(ruling.accepted ? "accepted" : "refused");
    return ruling;
  }

  /** Writes events of the installation that no command asked for. */
  record(events: NonEmpty<FleetEvent>, asked: Pick<Asked, "by" | "attachments">): Promise<CommandResult> {
    this.#noteSteps();
    const now = this.#composer.now();
    return this.#takeFleet(events, { ...asked, command: null, facts: null, reason: undefined }, now).result;
  }

  /** What lets a change path write; `undefined` unless a durable intent of this epoch stands open for the attempt. */
  orderFor(attempt: string): WriteOrder | undefined {
    return this.#orders.orderFor(attempt, (service) => this.durable.services.get(service));
  }

  /** Resolves when all that was decided is durable, or given up. */
  idle(): Promise<void> {
    return this.#commit.idle();
  }

  /** Gives up: nothing is decided or appended any more. What the controller sent itself is settled with `refusal`. */
  end(refusal: Refusal): void {
    this.#ended = true;
    this.#commit.end();
    for (const decided of this.#waiting) {
      if (decided.external) continue;
      this.#waiting.delete(decided);
      decided.settle({ accepted: false, refusal });
    }
  }

  /** After the end: settles what people sent, with its result where the journal turns out to have it. */
  settle(refusal: Refusal, known: ReadonlyMap<CommandId, CommandResult>): void {
    invariant(this.#ended, "what waits is settled once it can no longer become durable");
    for (const { command, settle } of this.#waiting) {
      settle((command === null ? undefined : known.get(command)) ?? { accepted: false, refusal });
    }
    this.#waiting.clear();
  }

  /** An expired statement is told from one that is expired by the journal's time alone. */
  #explained(ruling: Ruling): Ruling {
    const { refusal } = ruling;
    const expires = refusal?.code === "expired" ? refusal.figures["expires"] : undefined;
    const clock = this.#parts.writer.clock.now();
    const isAhead = this.now() > clock && typeof expires === "number" && expires > clock;
    return refusal !== null && isAhead ? refused(journalAhead(refusal, this.now(), clock)) : ruling;
  }

  /** That the clock was set is a fact before anything is decided by the new time. */
  #noteSteps(): void {
    const asked = { by: this.#parts.controller, command: null, facts: null, reason: undefined, attachments: [] };
    for (const byMs of this.#steps.take()) {
      // The time stands after a step back: a millisecond tells what came before it from what comes after.
      const at = add(this.#composer.now(), byMs < 0 ? 1 : 0);
      void this.#takeFleet([{ type: "clock-stepped", byMs }], asked, at).result;
    }
  }

  #rule(
    command: ServiceCommand | FleetCommand,
    reason: string | Opening | undefined,
    attachments: readonly EntryAttachment[],
  ): Ruling {
    try {
      return "service" in command
        ? this.#ruleService(command, reason)
        : this.#ruleFleet(command, { reason, attachments });
    } catch (error) {
      // The head is as it was: decide and evolve are pure, and entries take their places last.
      this.#parts.counters.add("brokenPromises");
      return refused(faulty(error instanceof Error ? error.message : "unknown"));
    }
  }

  #ruleService(command: ServiceCommand, reason: string | Opening | undefined): Ruling {
    const { cycle, factsFor } = this.#parts;
    const { service } = command;
    const before = this.head.policy.services.has(service) ? this.head.state(service) : undefined;
    if (before === undefined) return refused(noSuchService(service));
    const now = this.#composer.now();
    const facts = factsFor(service);
    const decision = cycle.decide(before, this.head, command, facts, now, this.epoch);
    if (!decision.accepted) return refused(decision.refusal);
    const { events } = decision;
    const first = this.#composer.sequence;
    const drafts: DraftEvent[] = [];
    let after = before;
    for (const [index, event] of events.entries()) {
      drafts.push(this.#draftEvent(service, after, event));
      after = cycle.evolve(after, placed(event, first + index, now));
    }
    const asked = { by: command.by, command, facts, reason, attachments: [] };
    return this.#take(drafts, asked, now, events, (fold) => {
      fold.services.set(service, after);
    });
  }

  #ruleFleet(command: FleetCommand, asked: Pick<Asked, "reason" | "attachments">): Ruling {
    const now = this.#composer.now();
    const decision = this.#parts.cycle.decideFleet(this.head, command, now);
    if (!decision.accepted) return refused(decision.refusal);
    return this.#takeFleet(decision.events, { ...asked, by: command.by, command, facts: null }, now);
  }

  #takeFleet(events: NonEmpty<FleetEvent>, asked: Asked, now: Instant): Ruling {
    const drafts = events.map((event) => draftFleet(event));
    const first = this.#composer.sequence;
    return this.#take(drafts, asked, now, events, (fold) => {
      for (const [index, event] of events.entries()) fold.takeFleet(placed(event, first + index, now));
    });
  }

  /** Gives the entries their places, moves the head, and queues them. */
  #take(
    draftEvents: readonly DraftEvent[],
    asked: Asked,
    now: Instant,
    events: NonEmpty<ServiceEvent | FleetEvent>,
    change: (fold: Fold) => void,
  ): Ruling {
    const { drafts, openings } = draftsOf(asked, draftEvents, this.#parts.entropy);
    if (!fit(drafts)) return refused(decisionTooLarge());
    const command = asked.command?.id ?? null;
    const composed = this.#compose(drafts, now, command);
    const apply = (fold: Fold): void => {
      change(fold);
      if (asked.command?.spoken !== undefined) fold.takeStatement(asked.command.spoken.statement, now);
    };
    apply(this.head);
    const { promise, resolve } = Promise.withResolvers<CommandResult>();
    const external = command !== null && isExternal(asked.by);
    const decided: Decided = { composed, openings, command, external, events, apply, settle: resolve };
    this.#waiting.add(decided);
    this.#commit.add(decided);
    return { accepted: true, refusal: null, result: promise };
  }

  #compose(drafts: readonly Draft[], now: Instant, command: CommandId | null): Decided["composed"] {
    const composed = this.#composer.compose(drafts, now, command, this.head.policy.hash);
    invariant(isNonEmpty(composed), "a decision has at least one event");
    return composed;
  }

  #draftEvent(service: string, before: ServiceState, event: ServiceEvent): DraftEvent {
    const observed = event.type === "verdict-changed" ? this.#parts.observed(service, event.site) : [];
    const automation = this.#signature(before, event);
    return { stream: serviceStream(service), type: event.type, data: dataOf(asJson(event)), observed, automation };
  }

  /** What the automation proposes or executes carries its signature, where the journal has its key. */
  #signature(before: ServiceState, event: ServiceEvent): DraftEvent["automation"] {
    const { automation } = this.#parts;
    const key = this.head.authority.automation;
    // Another key's signature would prove nothing: people's moves are then carried out without one.
    if (automation === undefined || automation.key !== key?.line) return null;
    const claim = automationClaim(this.head, before, event);
    if (claim === undefined) return null;
    return { key: key.fingerprint, signature: automation.sign(utf8(claim)) };
  }

  #onDurable(groups: NonEmpty<Decided>, head: Head): void {
    const entries: RecordedEntry[] = [];
    for (const group of groups) {
      for (const { leaf } of group.composed) this.#tree.append(leaf);
      group.apply(this.durable);
    }
    if (this.#tree.size !== head.size || this.#tree.root() !== head.root) {
      this.#commit.end();
      this.#parts.onBroken(promiseBroken("the journal's head is not the one of the entries that were written"));
      return;
    }
    for (const group of groups) {
      this.#note(group);
      entries.push(...group.composed.map(({ entry }) => recordedOf(entry)));
      this.#waiting.delete(group);
    }
    this.#parts.counters.add("appends");
    this.#parts.counters.add("entries", entries.length);
    for (const group of groups) group.settle(resultOf(group));
    this.#parts.onDurable(entries);
  }

  /** An intent can be carried out from now on; one whose attempt ended no more. */
  #note({ composed, events }: Decided): void {
    for (const [index, each] of composed.entries()) {
      const service = serviceOf(each.entry.stream);
      const event = events[index];
      if (service === undefined || event === undefined) continue;
      this.#orders.durable(service, event, each);
    }
  }
}

function draftFleet(event: FleetEvent): DraftEvent {
  return { stream: fleetStream(event), type: event.type, data: dataOf(asJson(event)), observed: [], automation: null };
}

function placed<Event>(event: Event, sequence: number, at: Instant): Placed<Event> {
  return { event, sequence: sequenceOf(sequence), at };
}
