import { fleetEventOf, serviceEventOf, serviceOf } from "../../src/control/events.ts";
import type { CrashPoint } from "../../src/control/crash-points.ts";
import type { ZoneLook } from "../../src/control/zone-watch.ts";
import { createController } from "../../src/control/controller.ts";
import type { Controller, PolicyFile } from "../../src/control/parts.ts";
import type { SignedStatement, StatementKind } from "../../src/core/authority/statement.ts";
import type { Sender } from "../../src/core/cycle/command.ts";
import type { Explanation } from "../../src/core/cycle/explanation.ts";
import type { Facts } from "../../src/core/cycle/facts.ts";
import type { ServiceRequest } from "../../src/core/cycle/service-command.ts";
import type { FleetEvent, ServiceEvent } from "../../src/core/failover/event.ts";
import type { ZoneSurvey } from "../../src/core/integrity/survey.ts";
import type { ChangeKind } from "../../src/core/integrity/zone-state.ts";
import type { ServiceState } from "../../src/core/failover/state.ts";
import { surveyIntervalMs, surveyTargets } from "../../src/core/integrity/expected-of.ts";
import type { SurveyRequest } from "../../src/ports/zone-survey.ts";
import { activeSites } from "../../src/core/plan/placement.ts";
import { rrset, type RRset } from "../../src/core/plan/rrset.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { CommandResult } from "../../src/ports/operations.ts";
import { clockWitnesses } from "../../src/platform/clock-witnesses.ts";
import { openMemoryJournal, type MemoryFault } from "../../src/journal/memory/journal.ts";
import type { Entry } from "../../src/transparency/entry.ts";
import { commandId } from "../../src/values/ids.ts";
import { sha256 } from "../../src/values/sha256.ts";
import { utf8 } from "../../src/values/octets.ts";
import { add, minute } from "../../src/values/time.ts";
import { Auditor, type SeenEvent } from "./auditor.ts";
import { simulatedAutomation } from "./automation.ts";
import { SimulatedPaths } from "./change-path.ts";
import { simulatedEntropy, SimulatedClock } from "./clock.ts";
import { simulatedCycle } from "./cycle.ts";
import { found, SimulatedDns } from "./dns.ts";
import { simulatedReaders } from "./dns-readers.ts";
import { hexOf, simulatedPolicy, steered, targetsOf, ttlSeconds, type PolicyOptions } from "./policy.ts";
import { commandOf, fingerprint, keyOf, makeStatement, proves, team, type Said, type SayOptions } from "./signing.ts";
import { SimulatedMemoryFile } from "./memory-file.ts";
import { SimulatedSites } from "./sites.ts";
import { simulatedAuthenticator, simulatedSurvey } from "./surveys.ts";
import { SimulatedVantages } from "./vantages.ts";
import { WatchedStore } from "./watched-store.ts";

export interface WorldOptions extends PolicyOptions {
  readonly seed?: number;
  readonly mode?: "act" | "observe";
  /** Answers are validated, and every zone is surveyed once a minute. */
  readonly integrity?: "watched";
}

type EventOf<Type extends ServiceEvent["type"]> = Extract<ServiceEvent, { type: Type }>;

/** The person at the controller's own machine. */
const ana: Sender = { kind: "local-user", id: "uid:1000", method: "local-user" };

/**
 * An installation in a world of its own: the real controller, the real core and a journal in memory, over simulated time,
 * nameservers, change paths, sites and vantages. Everything follows from the seed.
 */
export class World {
  readonly clock: SimulatedClock;
  readonly dns: SimulatedDns;
  readonly paths: SimulatedPaths;
  readonly sites: SimulatedSites;
  readonly vantages: SimulatedVantages;
  readonly auditor: Auditor;
  readonly store = new WatchedStore();
  /** Every entry of a service's stream, in order. */
  readonly seen: SeenEvent[] = [];
  /** Every entry of the stream `fleet`, in order. */
  readonly fleet: FleetEvent[] = [];
  /** The integrity monitor, where there is one. */
  monitor: "works" | "hangs" = "works";
  /** What is remembered of zones from run to run. */
  readonly memoryFile = new SimulatedMemoryFile();
  /** What the controller logged. */
  readonly logged: string[] = [];
  /** What goes wrong with an append; asked for each. */
  journalFault: () => MemoryFault | undefined = () => undefined;
  /** Called at each crash point; throws to stop the controller there. */
  onCrashPoint: (point: CrashPoint) => void = () => {};
  clockTrust: Facts["clock"] = { trustworthy: true, errorMs: 0, says: "" };
  file: PolicyFile;
  readonly #entropy;
  readonly #mode: "act" | "observe";
  readonly #watched: boolean;
  #controller: Controller | undefined;
  /** Which of the processes lives. */
  #life = 0;
  #commands = 0;
  #journalDied = false;

  private constructor(options: WorldOptions) {
    const seed = options.seed ?? 1;
    this.file = simulatedPolicy(options);
    const { policy } = this.file;
    const targets = targetsOf(policy);
    this.clock = new SimulatedClock(seed);
    this.dns = new SimulatedDns(policy, this.clock, seed);
    this.paths = new SimulatedPaths(this.dns, this.clock);
    this.sites = new SimulatedSites(targets, this.clock);
    this.vantages = new SimulatedVantages(policy, targets, this.sites, this.clock, seed);
    this.auditor = new Auditor(policy, this.dns, this.sites, this.store, () => this.clock.now());
    this.paths.onSend = (order) => this.auditor.onSend(order);
    this.store.onEntry = (entry) => this.#onEntry(entry);
    this.#entropy = simulatedEntropy(seed);
    this.#mode = options.mode ?? "act";
    this.#watched = options.integrity === "watched";
    this.auditor.validates = this.#watched;
  }

  /** A controller that has seen a full round and knows what stands. */
  static async start(options: WorldOptions = {}): Promise<World> {
    const world = await World.unstarted(options);
    await world.startController();
    await world.until(() => world.services().every((id) => isSettled(world.state(id), world.facts(id))), minute);
    return world;
  }

  /** Everything but the controller. */
  static unstarted(options: WorldOptions = {}): Promise<World> {
    return Promise.resolve(new World(options));
  }

  get policy(): Policy {
    return this.file.policy;
  }

  get controller(): Controller {
    return found(this.#controller, "controller");
  }

  async startController(): Promise<void> {
    const readers = simulatedReaders(this.dns, this.clock);
    const witnesses = clockWitnesses(this.clock);
    const openJournal = (): Promise<Journal> =>
      Promise.resolve(openMemoryJournal({ store: this.store, entropy: this.#entropy, faultOf: () => this.#fault() }));
    this.#journalDied = false;
    this.#controller = createController({
      cycle: simulatedCycle,
      file: this.file,
      readPolicy: () => undefined,
      settingsHash: sha256(utf8("settings")),
      mode: this.#mode,
      clock: this.clock,
      clockHealth: () => witnesses.weigh(this.clockTrust),
      clockWitnesses: witnesses,
      entropy: this.#entropy,
      automation: simulatedAutomation,
      openJournal,
      sources: (installation) => this.vantages.sources(installation),
      reader: readers,
      names: readers,
      notifier: readers,
      ...(this.#watched ? { authenticator: simulatedAuthenticator(this.dns, this.clock), zoneLook: this.#look() } : {}),
      integrityMemory: this.memoryFile.open(),
      paths: this.#mode === "act" ? this.paths.forPolicy(this.policy) : [],
      caller: this.sites,
      log: {
        write: (level, event, fields) => {
          if (level !== "debug" && level !== "info") this.logged.push(`${event} ${JSON.stringify(fields ?? {})}`);
        },
      },
      controllerId: "simulated",
      version: "0.0.0",
      operator: ana,
      crash: (point) => this.onCrashPoint(point),
    });
    await this.#controller.start();
  }

  /** Surveys every zone now, out of turn. */
  survey(): void {
    for (const target of surveyTargets(this.policy))
      this.controller.surveyed(this.#seen({ ...target, vantage: "office" }, this.#life));
  }

  /** A survey that is handed over at once; the auditor knows of it, unless a process asked that is gone. */
  #seen(request: SurveyRequest, life: number): ZoneSurvey {
    const survey = simulatedSurvey(this.dns, request, this.clock);
    if (life === this.#life) this.auditor.onSurvey(survey, this.controller.about().status === "running");
    return survey;
  }

  /** Looks at the simulated nameservers, unless it hangs. */
  #look(): ZoneLook {
    const life = (this.#life += 1);
    const survey = async (request: SurveyRequest, signal: AbortSignal): Promise<ZoneSurvey> => {
      // oxlint-disable-next-line no-await-in-loop -- it hangs
      while (this.monitor === "hangs" && !signal.aborted) await this.clock.wait(minute, signal);
      return this.#seen(request, life);
    };
    return { surveyor: { survey }, vantagesOf: () => ["office"], everyMs: surveyIntervalMs };
  }

  /** The process is gone, and another starts on the same journal. */
  async restart(): Promise<void> {
    this.auditor.onRestart();
    this.vantages.stopAll();
    await this.startController();
  }

  /** It does nothing any more until it is started again. */
  get hasDied(): boolean {
    return this.#journalDied || this.controller.about().status === "halted";
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Lets time pass until the condition holds. @throws when it does not within the limit. */
  async until(condition: () => boolean, limitMs: number): Promise<void> {
    if (await this.clock.until(condition, limitMs)) return;
    throw new Error(`not within ${limitMs} ms; the last entries: ${this.tail()}; logged: ${this.logged.join("; ")}`);
  }

  /** Until a new entry of this type stands in the journal. */
  async entry<Type extends ServiceEvent["type"]>(type: Type, limitMs = 2 * minute): Promise<EventOf<Type>> {
    const before = this.events(type).length;
    await this.until(() => this.events(type).length > before, limitMs);
    return found(this.events(type)[before], type);
  }

  /** The first entry of this type, waited for if there is none yet. */
  async first<Type extends ServiceEvent["type"]>(type: Type, limitMs = 2 * minute): Promise<EventOf<Type>> {
    await this.until(() => this.events(type).length > 0, limitMs);
    return found(this.events(type)[0], type);
  }

  /** Entries of a type, in order. */
  events<Type extends ServiceEvent["type"]>(type: Type): readonly EventOf<Type>[] {
    return this.seen.flatMap(({ event }) => (isOf(event, type) ? [event] : []));
  }

  services(): readonly string[] {
    return [...this.policy.services.keys()];
  }

  state(service = "login"): ServiceState {
    return found(this.controller.state(service), service);
  }

  facts(service = "login"): Facts {
    return found(this.controller.facts(service), service);
  }

  why(service = "login"): Explanation {
    return found(this.controller.explain(service), service);
  }

  /** Codes of all that holds a service's automation, as `why` shows them. */
  holds(service = "login"): readonly string[] {
    const { initiatives, holds } = this.why(service);
    const gates = initiatives
      .flatMap((one) => one.gates)
      .filter(({ result }) => result === "refuse" || result === "wait");
    return [...new Set([...gates.map(({ gate, code }) => code ?? gate), ...holds.map(({ code }) => code)])].toSorted();
  }

  /** Where the journal says that the service stands. */
  placement(service = "login"): readonly string[] {
    const { placement } = this.state(service);
    return placement === null ? [] : activeSites(placement).map(({ site }) => site);
  }

  /** A person asks. */
  async ask(request: ServiceRequest, service = "login", by: Sender = ana): Promise<CommandResult> {
    this.#commands += 1;
    const id = commandId(`test/${this.#commands}`);
    return await this.controller.submit({ id, service, by, request }, "a test asks");
  }

  /** A statement of a person as their machine makes it now; it is submitted by {@link submit}. */
  statement<Kind extends StatementKind>(said: Said<Kind>, options: SayOptions = {}): SignedStatement {
    this.#commands += 1;
    const nonce = sha256(utf8(`nonce ${this.#commands}`)).slice(0, 32);
    return makeStatement(this.controller.world(), said, nonce, this.clock.now(), options);
  }

  /** Hands a statement over as control does: its signature is checked first, and then it is decided. */
  async submit(signed: SignedStatement, head: "contained" | "not-contained" = "contained"): Promise<CommandResult> {
    if (!proves(signed)) {
      const refusal = { code: "signature-invalid", says: "It was not signed with that key.", figures: {}, mend: "" };
      return { accepted: false, refusal };
    }
    return await this.controller.submit(commandOf(signed, head), "a person's reason");
  }

  /** A person signs, and it is submitted at once. */
  async say<Kind extends StatementKind>(
    person: string,
    kind: Kind,
    subject: Said["subject"],
    terms: Said<Kind>["terms"],
    options: SayOptions = {},
  ): Promise<CommandResult> {
    return await this.submit(this.statement({ person, kind, subject, terms }, options), options.head);
  }

  /** About the open failover's plan. */
  async sayOfPlan<Kind extends StatementKind>(
    person: string,
    kind: Kind,
    terms: Said<Kind>["terms"],
    options: SayOptions = {},
  ): Promise<CommandResult> {
    return await this.say(person, kind, this.plan(), terms, options);
  }

  /** The open failover's plan, as statements name it. */
  plan(service = "login"): Said["subject"] {
    const open = found(this.state(service).failover ?? undefined, "open failover");
    return { type: "plan", id: open.id, hash: open.planHash };
  }

  /** Everybody of the policy enrols their first key: from then on what people ask is signed. */
  async enrol(): Promise<void> {
    for (const person of this.policy.people.keys()) {
      const key = { type: "key", id: fingerprint(person), hash: null };
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { accepted } = await this.say(person, "enrol", key, { key: keyOf(person) });
      if (!accepted) throw new Error(`${person} could not enrol`);
    }
  }

  /** An installation whose people sign; the design's own team unless the options have another. */
  static async signed(options: WorldOptions = {}): Promise<World> {
    const world = await World.start({ ...team, ...options });
    await world.enrol();
    return world;
  }

  /** A person foretells a change of the zone by others. */
  async announce(change: ChangeKind, forMs: number): Promise<CommandResult> {
    this.#commands += 1;
    const id = commandId(`test/${this.#commands}`);
    const from = this.clock.now();
    const request = {
      kind: "announce",
      zone: "example.com.",
      view: "public",
      change,
      from,
      until: add(from, forMs),
    } as const;
    return await this.controller.submit({ id, by: ana, request }, "a test announces");
  }

  /** What a record should hold at these sites. */
  valuesAt(record: string, ...sites: readonly string[]): RRset | "absent" {
    return this.valuesOf("login", record, ...sites);
  }

  valuesOf(service: string, record: string, ...sites: readonly string[]): RRset | "absent" {
    const known = found(this.policy.services.get(service), service);
    const rdata = sites.flatMap((site) => {
      const value = found(known.sites.get(site)?.get(record), `${record} at ${site}`);
      return value === "none" ? [] : value;
    });
    return rdata.length === 0 ? "absent" : rrset(ttlSeconds, rdata);
  }

  /** `login.example.com. A` */
  key(record: string, service = "login"): string {
    const { name, type } = steered(found(this.policy.services.get(service), service), record);
    return `${name} ${type}`;
  }

  /** Somebody else changes a record at the primary. */
  foreignWrite(record: string, to: RRset | "absent"): void {
    this.auditor.disturbed();
    this.dns.foreignWrite(this.key(record), to);
  }

  /** Changes of DNS that were ours. */
  ours(): readonly string[] {
    return this.dns.applied.flatMap(({ attempt }) => (attempt === undefined ? [] : [attempt]));
  }

  /** The last entries, for the message of a test that fails. */
  tail(count = 12): string {
    return this.seen
      .slice(-count)
      .map(({ at, event }) => `${at - this.#beganAt} ${event.type}${detail(event)}`)
      .join(", ");
  }

  #beganAt = 0;

  #fault(): MemoryFault | undefined {
    const fault = this.journalFault();
    this.#journalDied ||= fault === "crash-before" || fault === "crash-after";
    return fault;
  }

  #onEntry(entry: Entry): void {
    if (entry.sequence === 0) this.#beganAt = entry.at;
    const service = serviceOf(entry.stream);
    if (service === undefined) {
      const event = fleetEventOf(entry);
      this.fleet.push(event);
      this.auditor.onFleet(event);
      return;
    }
    const seen = { sequence: entry.sequence, at: entry.at, service, event: serviceEventOf(entry) };
    this.seen.push(seen);
    this.auditor.onEvent(seen);
  }
}

/** An address that is nobody's. */
export const foreignRRset: RRset = rrset(ttlSeconds, [hexOf("A", "203.0.113.250")]);

function isSettled(state: ServiceState, facts: Facts): boolean {
  return state.placement !== null && facts.health.judged;
}

function isOf<Type extends ServiceEvent["type"]>(event: ServiceEvent, type: Type): event is EventOf<Type> {
  return event.type === type;
}

function detail(event: ServiceEvent): string {
  if (event.type === "initiative-held" || event.type === "failover-held") return `(${event.codes.join(" ")})`;
  if (event.type === "verdict-changed") return `(${event.site} ${event.to})`;
  if (event.type === "failover-ended") return `(${event.how})`;
  if (event.type === "attempt-ended" || event.type === "attempt-read-back") return `(${event.code})`;
  return "";
}
