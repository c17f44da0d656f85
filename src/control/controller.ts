import { proposalOf } from "../core/authority/proposal.ts";
import { lacking } from "../core/authority/policy-thresholds.ts";
import { initialState } from "../core/failover/state.ts";
import type { FleetCommand, ServiceCommand } from "../core/cycle/service-command.ts";
import type { ZoneSurvey } from "../core/integrity/survey.ts";
import type { CommandResult, Operations, RecordedEntry, HandedInPolicy, AboutController } from "../ports/operations.ts";
import type { StatementVerifier } from "../ports/statements.ts";
import type { Opening } from "../values/commitment.ts";
import { sha256 } from "../values/sha256.ts";
import { invariant } from "../values/invariant.ts";
import { toHex } from "../values/octets.ts";
import { PointsmanError, type Refusal } from "../values/refusal.ts";
import { type Instant, second } from "../values/time.ts";
import { Counters } from "./counters.ts";
import { Notices } from "./effects/notices.ts";
import { FactsBook } from "./facts-book.ts";
import { Followers } from "./followers.ts";
import type { Broken } from "./halt.ts";
import { stopPatienceMs } from "./parts.ts";
import type { Controller, ControllerParts, ControllerStatus, CycleFunctions } from "./parts.ts";
import { MemoryKeeper } from "./memory-keeper.ts";
import { policyMovedOn } from "./policy-adoption.ts";
import { retrying, within } from "./pause.ts";
import { faulty, noSuchService, notRecorded, notRunning, reopening, policyNotValid } from "./refusals.ts";
import { type Lasting, openSession, type Session } from "./session.ts";
import { StatementIntake } from "./statements/intake.ts";
import { statementsNotTaken } from "./statements/refusals.ts";
import { malformation } from "./submission.ts";
import { Watches } from "./watches.ts";

/** The controller: watches, decides, acts and records, until it is stopped. */
export function createController(parts: ControllerParts): Controller {
  return new RunningController(parts);
}

/** A journal that does not hold together, or a fault of our own: trying again helps nobody. */
const lastingDamage = new Set(["journal-damaged", "journal-not-understood", "broken-promise"]);
const reopenDelay = { leastMs: second, mostMs: 30 * second };

class RunningController implements Controller {
  readonly #parts: ControllerParts;
  readonly #lasting: Lasting;
  readonly #counters = new Counters();
  readonly #followers: Followers;
  readonly #startedAt: Instant;
  readonly #intake: StatementIntake | undefined;
  #status: ControllerStatus = "starting";
  #halted: Refusal | null = null;
  #session: Session | undefined;
  #book: FactsBook | undefined;
  #watches: Watches | undefined;
  #keeper: MemoryKeeper | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    this.#followers = new Followers(parts.log);
    this.#lasting = {
      boot: toHex(parts.entropy.octets(16)),
      counters: this.#counters,
      notices: new Notices(parts.notifier, parts.clock),
      crash: parts.crash ?? (() => undefined),
      book: (installation) => (this.#book ??= this.#openBook(installation)),
      recorded: (entry) => this.#followers.recorded(entry),
    };
    this.#intake = parts.statementVerifier && this.#openIntake(parts.statementVerifier);
  }

  start(): Promise<void> {
    invariant(this.#starting === undefined && this.#status === "starting", "a controller is started once");
    this.#starting = this.#start();
    return this.#starting;
  }

  submit(command: ServiceCommand | FleetCommand, reason?: string | Opening): Promise<CommandResult> {
    const refusal =
      this.#status === "running" ? malformation(command, reason) : (this.#halted ?? notRunning(this.#status));
    if (refusal !== undefined) return Promise.resolve({ accepted: false, refusal });
    return this.#current().submit(command, reason);
  }

  submitStatement(...[signed, reason, source]: Parameters<Operations["submitStatement"]>): Promise<CommandResult> {
    const refusal = this.#status === "running" ? undefined : (this.#halted ?? notRunning(this.#status));
    if (this.#intake === undefined) return Promise.resolve({ accepted: false, refusal: statementsNotTaken });
    if (refusal !== undefined) return Promise.resolve({ accepted: false, refusal });
    return this.#intake.submit(signed, reason, source);
  }

  handInPolicy(document: Uint8Array): HandedInPolicy {
    const policy = this.#parts.readPolicy(document);
    if (policy === undefined || sha256(document) !== policy.hash) return { ok: false, refusal: policyNotValid };
    const session = this.#current();
    const refusal =
      this.#status === "running" ? session.handIn({ policy, document }) : (this.#halted ?? notRunning(this.#status));
    if (refusal !== undefined) return { ok: false, refusal };
    const { head } = session.sequencer;
    const now = session.sequencer.now();
    const proposal = head.authority.proposals.get(policy.hash) ?? proposalOf(head, policy, now);
    return { ok: true, proposal, lacking: lacking(head, proposal) };
  }

  refusedAtDoor(...[source, code]: Parameters<Operations["refusedAtDoor"]>): void {
    this.#intake?.refusedAtDoor(source, code);
  }

  statementCounts(): ReturnType<Operations["statementCounts"]> {
    return this.#intake?.counts() ?? [];
  }

  basis(): ReturnType<Operations["basis"]> {
    const { sequencer } = this.#current();
    const { installation, policy } = sequencer.durable;
    const { version, hash } = policy;
    return { now: sequencer.now(), installation, policy: { version, hash }, log: sequencer.log() };
  }

  world(): ReturnType<Operations["world"]> {
    return this.#current().sequencer.durable;
  }

  state(service: string): ReturnType<Controller["state"]> {
    return this.#session?.sequencer.durable.state(service);
  }

  facts(service: string): ReturnType<Operations["facts"]> {
    return this.#book?.has(service) === true ? this.#book.factsFor(service) : undefined;
  }

  zoneReports(): ReturnType<Operations["zoneReports"]> {
    return this.#book?.zoneReports() ?? [];
  }

  resolverReports(): ReturnType<Operations["resolverReports"]> {
    return this.#book?.resolverReports() ?? [];
  }

  explain(service: string): ReturnType<Operations["explain"]> {
    const known = this.#knownOf(service);
    return known && this.#parts.cycle.explain(...known);
  }

  preview(...[service, move]: Parameters<Operations["preview"]>): ReturnType<Operations["preview"]> {
    const known = this.#knownOf(service);
    if (known === undefined) return { ok: false, refusal: noSuchService(service) };
    return this.#parts.cycle.preview(...known, move);
  }

  /** What is durable of a service and known beside it, for whoever only asks. */
  #knownOf(service: string): Parameters<CycleFunctions["explain"]> | undefined {
    const facts = this.facts(service);
    if (facts === undefined) return undefined;
    const { sequencer } = this.#current();
    const state = sequencer.durable.state(service) ?? initialState(service);
    return [state, sequencer.durable, facts, sequencer.now(), sequencer.epoch];
  }

  follow(listener: (entry: RecordedEntry) => void): () => void {
    return this.#followers.follow(listener);
  }

  about(): ReturnType<Operations["about"]> {
    const { clock, version, mode } = this.#parts;
    return {
      now: clock.now(),
      version,
      mode,
      epoch: this.#current().sequencer.epoch,
      startedAt: this.#startedAt,
      status: this.#status,
      journalSize: this.#followers.size,
      policyFile: this.#drift(),
      halted: this.#halted,
      integrityMemory: this.#keeper?.trouble ?? null,
    };
  }

  #drift(): AboutController["policyFile"] {
    const { file, onDisk = file.policy } = this.#parts;
    const { version, hash } = onDisk;
    return hash === this.#current().sequencer.durable.policy.hash ? null : { version, hash };
  }

  surveyed(survey: ZoneSurvey): void {
    // While the journal is opened anew nothing can be recorded: the next round finds the same.
    if (this.#status !== "running") return;
    const book = this.#book;
    const taken = book?.receiveSurvey(survey);
    if (book === undefined || taken === undefined) return;
    this.#keeper?.changed(book.integrityHistory());
    this.#current().takeSurvey(taken);
  }

  stats(): ReturnType<Controller["stats"]> {
    const { effects, sequencer } = this.#session ?? {};
    return this.#counters.stats({ effectsRunning: effects?.running ?? 0, queued: sequencer?.queued ?? 0 });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #start(): Promise<void> {
    const { integrityMemory: memory, clock, log } = this.#parts;
    this.#keeper = memory && (await MemoryKeeper.open({ memory, clock, log }));
    const session = await this.#open();
    const begun = await session.begin();
    if (!begun.accepted) {
      await session.close();
      throw new PointsmanError(begun.refusal);
    }
    this.#run(session);
    await this.#startWatch(session);
  }

  async #open(): Promise<Session> {
    let own: Session | undefined;
    const session = await openSession(this.#parts, this.#lasting, (broken) => this.#broke(own, broken));
    own = session;
    this.#session = session;
    return session;
  }

  #run(session: Session): void {
    if (this.#status !== "starting" && this.#status !== "reopening") return;
    this.#status = "running";
    this.#parts.log.write("info", "controller-running", {
      epoch: session.sequencer.epoch,
      entries: this.#followers.size,
    });
    session.touchAll();
  }

  async #startWatch(session: Session): Promise<void> {
    invariant(this.#book !== undefined, "the facts are open once the journal is");
    this.#watches = new Watches({
      ...this.#parts,
      book: this.#book,
      touch: (service) => this.#session?.loop.touch(service),
      beat: () => {
        this.#touchOpen();
        this.#keeper?.beat();
      },
      take: (survey) => this.surveyed(survey),
    });
    await this.#watches.start(this.#parts.sources(session.replayed.installation));
  }

  #openBook(installation: ReturnType<Operations["world"]>["installation"]): FactsBook {
    const { file, cycle } = this.#parts;
    return new FactsBook({
      ...this.#parts,
      policy: file.policy,
      installation,
      boot: this.#lasting.boot,
      health: cycle.health(file.policy),
      integrity: cycle.integrity(file.policy, this.#keeper?.recall(installation)),
      world: () => this.#current().sequencer.head,
      logFacts: () => this.#logFacts(),
      counters: this.#counters,
    });
  }

  #openIntake(verifier: StatementVerifier): StatementIntake {
    return new StatementIntake({
      ...this.#parts,
      verifier,
      head: () => this.#current().sequencer.head,
      now: () => this.#current().sequencer.now(),
      rootAt: (size) => this.#current().sequencer.rootAt(size),
      submit: (command, reason) => this.submit(command, reason),
      dispute: (spoken) => this.#current().disputeLog(spoken),
    });
  }

  /** A journal that was taken over or found damaged is not whole: nothing may rest on it. */
  #logFacts(): { readonly whole: boolean; readonly says: string } {
    return this.#halted === null
      ? { whole: true, says: "The journal holds together." }
      : { whole: false, says: this.#halted.says };
  }

  /** What is on its way is looked at each second, whatever else happens. */
  #touchOpen(): void {
    const session = this.#session;
    if (session === undefined) return;
    for (const { service, failover } of session.sequencer.head.services.values()) {
      if (failover !== null) session.loop.touch(service);
    }
  }

  #current(): Session {
    invariant(this.#session !== undefined, "a controller is asked once it was started");
    return this.#session;
  }

  #broke(session: Session | undefined, broken: Broken): void {
    // Before it is in use its first append tells; after it was given up it does not matter.
    if (session === undefined || session !== this.#session || this.#halted !== null) return;
    if (broken.kind === "halt") this.#halt(session, broken.refusal);
    else if (this.#status === "running") void this.#reopen(session, broken.code);
    else this.#giveUp(session, reopening(broken.code));
  }

  #giveUp(session: Session, refusal: Refusal): void {
    session.giveUp(refusal);
    session.sequencer.settle(refusal, new Map());
  }

  /** Acts no more. What is known stays to be seen. */
  #halt(session: Session, refusal: Refusal): void {
    this.#halted ??= refusal;
    this.#status = "halted";
    this.#parts.log.write("error", "controller-halted", { code: refusal.code, says: refusal.says });
    this.#giveUp(session, refusal);
    void this.#watches?.end();
  }

  /** The journal alone knows what became of the last append: everything starts again from what it holds. */
  async #reopen(session: Session, code: string): Promise<void> {
    this.#status = "reopening";
    this.#counters.add("reopened");
    this.#parts.log.write("warn", "journal-reopening", { code });
    session.giveUp(reopening(code));
    await within(this.#parts.clock, stopPatienceMs, session.effects.idle());
    await session.close();
    await retrying(this.#parts.clock, reopenDelay, async () => {
      return this.#status !== "reopening" || (await this.#tryReopen(session, code));
    });
    session.sequencer.settle(reopening(code), new Map());
  }

  /** Whether that is over, for better or worse. */
  async #tryReopen(before: Session, code: string): Promise<boolean> {
    try {
      const session = await this.#open();
      before.sequencer.settle(notRecorded(code), session.replayed.results);
      const begun = await session.begin();
      if (begun.accepted) this.#run(session);
      if (begun.accepted || this.#halted !== null) return true;
      await session.close();
      return false;
    } catch (error) {
      const refusal = error instanceof PointsmanError ? error.refusal : faulty(String(error));
      this.#parts.log.write("error", "journal-not-reopened", { code: refusal.code, says: refusal.says });
      if (refusal.code === policyMovedOn) {
        this.#parts.onAdopted?.();
        return true;
      }
      // A journal that cannot be reached may come back; one that does not hold together does not mend itself.
      if (!lastingDamage.has(refusal.code)) return false;
      this.#halt(before, refusal);
      return true;
    }
  }

  async #stop(): Promise<void> {
    // Whoever started it hears of a start that fails.
    if (this.#status === "starting") await this.#starting?.catch(() => undefined);
    const session = this.#session;
    const acting = this.#status === "running";
    if (this.#status !== "halted") this.#status = "stopping";
    await this.#watches?.end();
    if (session !== undefined && acting) {
      session.quiesce();
      await within(this.#parts.clock, stopPatienceMs, session.effects.idle());
      await within(this.#parts.clock, stopPatienceMs, session.recordStop());
      await within(this.#parts.clock, stopPatienceMs, this.#keeper?.end() ?? Promise.resolve());
      this.#giveUp(session, notRunning("stopped"));
    }
    await session?.close();
    if (this.#halted === null) this.#status = "stopped";
    this.#parts.log.write("info", "controller-stopped", { entries: this.#followers.size });
  }
}
