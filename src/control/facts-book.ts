import { endpointText } from "../core/policy/endpoint.ts";
import { fingerprintOfKey } from "../core/authority/keys.ts";
import type { Facts, NameFacts, NameserverReading, PathFacts } from "../core/cycle/facts.ts";
import type { World } from "../core/cycle/world.ts";
import type { Health } from "../core/health/health.ts";
import type { Integrity, IntegrityHistory, SurveyTaken } from "../core/integrity/integrity-book.ts";
import type { IntegrityReport } from "../core/integrity/report.ts";
import { judgeResolver, type ResolverReport } from "../core/integrity/resolver-judgement.ts";
import type { ResolverSurvey } from "../core/integrity/resolver-survey.ts";
import type { ZoneSurvey } from "../core/integrity/survey.ts";
import type { ZoneState } from "../core/integrity/zone-state.ts";
import { zoneKey } from "../core/policy/zone-key.ts";
import type { Policy, Service } from "../core/policy/policy.ts";
import type { AutomationSigner } from "../ports/automation.ts";
import type { ChangePath } from "../ports/change-path.ts";
import type { ClockWitnessSink } from "../ports/clock-witness.ts";
import type { Clock } from "../ports/clock.ts";
import type { ObservationBatch } from "../ports/observations.ts";
import type { Reading } from "../ports/records.ts";
import { invariant } from "../values/invariant.ts";
import { asJson, canonicalJson } from "../values/json.ts";
import type { Sha256 } from "../values/sha256.ts";
import { instant, second } from "../values/time.ts";
import type { Counters } from "./counters.ts";
import type { Observed } from "./drafts.ts";
import { publishers, readPlacesOf } from "./nameservers.ts";
import { ObservationMemory } from "./observation-memory.ts";
import { pathFactsOf } from "./path-facts.ts";

export interface FactsBookParts {
  readonly policy: Policy;
  readonly installation: Sha256;
  readonly boot: string;
  readonly mode: "act" | "observe";
  readonly paths: readonly ChangePath[];
  readonly health: Health;
  readonly integrity: Integrity;
  /** What the journal says of zones and services. */
  readonly world: () => Pick<World, "zones" | "services">;
  readonly clock: Clock;
  readonly clockHealth: () => Facts["clock"];
  /** Left out: what vantages say of the time is not heard. */
  readonly clockWitnesses?: ClockWitnessSink | undefined;
  /** What is known of the journal itself. */
  readonly logFacts: () => Facts["log"];
  readonly counters: Counters;
  /** Left out: nothing is signed as the automation. */
  readonly automation?: AutomationSigner | undefined;
}

/** As facts carry it; null: there is no key. */
export function fingerprintOfAutomation(automation: AutomationSigner | undefined): string | null {
  return automation === undefined ? null : (fingerprintOfKey(automation.key) ?? null);
}

/** How well a vantage can know its skew. */
const skewErrorMs = second;

/** All that is known and not in the journal. It lives as long as the process: a journal opened anew finds it as it was. */
export class FactsBook {
  readonly #parts: FactsBookParts;
  readonly #services = new Map<string, Pages>();
  readonly #memory: ObservationMemory;
  #clock: Facts["clock"];
  /** Grows with whatever is taken in: facts of the same moment and version are the same. */
  #version = 0;
  readonly #resolvers = new Map<string, ResolverReport>();
  readonly #automationKey: string | null;
  readonly #latest = new Map<string, Latest>();

  constructor(parts: FactsBookParts) {
    this.#parts = parts;
    this.#clock = parts.clockHealth();
    this.#automationKey = fingerprintOfAutomation(parts.automation);
    this.#memory = new ObservationMemory(parts.policy);
    for (const service of parts.policy.services.values()) this.#services.set(service.id, blankPages(parts, service));
  }

  /** Takes in what a vantage saw. Returns the services for which it may matter. */
  receive(batch: ObservationBatch): readonly string[] {
    const { counters, installation, policy, health } = this.#parts;
    counters.add("batches");
    if (batch.installation !== installation || batch.policy !== policy.hash) {
      counters.add("batchesDropped");
      return [];
    }
    counters.add("observations", batch.observations.length);
    this.#version += 1;
    this.#memory.receive(batch);
    this.#hear(batch);
    return health.receive(batch, this.#moment());
  }

  /** Takes in what was seen of a zone. `undefined` for one that the policy does not have. */
  receiveSurvey(survey: ZoneSurvey): SurveyTaken | undefined {
    const { integrity, world, clock, clockHealth } = this.#parts;
    const { zones, services } = world();
    this.#version += 1;
    return integrity.receive(survey, { zones, services, clock: clockHealth(), now: clock.now() });
  }

  /** What every zone came to when it was last looked at, by zone and vantage. */
  zoneReports(): readonly IntegrityReport[] {
    return this.#parts.integrity.reports();
  }

  /** What the next run should know of zones. */
  integrityHistory(): IntegrityHistory {
    return this.#parts.integrity.history();
  }

  /** Takes in what a resolver answered. No decision rests on it. */
  receiveResolver(survey: ResolverSurvey): void {
    const { policy, world } = this.#parts;
    const report = judgeResolver(policy, survey, world().services);
    if (report !== undefined) this.#resolvers.set(report.resolver, report);
  }

  /** What every resolver came to when it was last asked. */
  resolverReports(): readonly ResolverReport[] {
    return [...this.#resolvers.values()];
  }

  /** Lets time pass. Returns the services for which that may matter: all of them when the clock's trust changed. */
  advance(): readonly string[] {
    const before = this.#clock;
    this.#version += 1;
    this.#clock = this.#parts.clockHealth();
    const changed = this.#parts.health.advance(this.#moment());
    return before.trustworthy === this.#clock.trustworthy ? changed : [...this.#parts.policy.services.keys()];
  }

  /** Milliseconds until health may change without a new observation; `undefined`: nothing waits for time. */
  nextChangeInMs(): number | undefined {
    const mono = this.#parts.clock.monotonic();
    const at = this.#parts.health.nextChangeAt(mono);
    return at === undefined ? undefined : at - mono;
  }

  /** Keeps what one address of a nameserver answered. Returns whether it differs from what it answered before. */
  setReading(service: string, record: string, place: Place, reading: Reading): boolean {
    const pages = this.#pages(service);
    const list = pages.readings[record];
    invariant(list !== undefined, "a reading is of a record that the policy has");
    const next = readingFacts(place, reading);
    this.#version += 1;
    const before = list.find((each) => samePlace(each, next));
    invariant(before !== undefined, "a reading is of a nameserver that the policy has");
    pages.readings = { ...pages.readings, [record]: list.map((each) => (each === before ? next : each)) };
    return !sameAnswer(before, next);
  }

  /** Keeps what stands around a name at a provider. Returns whether that is news. */
  setName(service: string, facts: NameFacts): boolean {
    const pages = this.#pages(service);
    this.#version += 1;
    const before = pages.names.find((each) => each.provider === facts.provider && each.name === facts.name);
    pages.names = [...pages.names.filter((each) => each !== before), facts].toSorted(byProviderAndName);
    return before === undefined || !sameName(before, facts);
  }

  has(service: string): boolean {
    return this.#services.has(service);
  }

  /** What a decision of this service may rest on now. JSON through and through. */
  factsFor(service: string): Facts {
    const { readings, names, paths, definition } = this.#pages(service);
    const { boot, mode, health, integrity, world } = this.#parts;
    const { zones } = world();
    const states = definition.zones.map((key) => zones.get(key));
    const log = this.#parts.logFacts();
    const moment = this.#moment();
    const known = this.#latest.get(service);
    if (
      known?.at === moment.mono &&
      known.version === this.#version &&
      known.facts.log.whole === log.whole &&
      known.states.every((state, index) => state === states[index])
    )
      return known.facts;
    const facts = {
      boot,
      mode,
      clock: this.#clock,
      log,
      automationKey: this.#automationKey,
      health: health.serviceHealth(service, moment),
      readings,
      names,
      paths,
      zones: integrity.zonesOf(definition.service, { zones, now: moment.now }),
    };
    this.#latest.set(service, { at: moment.mono, version: this.#version, states, facts });
    return facts;
  }

  /** What the verdict on a site of a service was last judged on. */
  observed(service: string, site: string): readonly Observed[] {
    return this.#memory.of(service, site);
  }

  #hear({ vantage, skewMs }: ObservationBatch): void {
    if (skewMs === 0) return;
    this.#parts.clockWitnesses?.heard({ source: "vantage", from: vantage, offsetMs: skewMs, errorMs: skewErrorMs });
  }

  #pages(service: string): Pages {
    const pages = this.#services.get(service);
    invariant(pages !== undefined, "facts are asked of a service that the policy has");
    return pages;
  }

  #moment(): Parameters<Health["advance"]>[0] {
    const { clock } = this.#parts;
    return { mono: clock.monotonic(), now: clock.now() };
  }
}

/** Facts as they were made last, and what they were made from. */
interface Latest {
  readonly at: number;
  readonly version: number;
  readonly states: readonly (ZoneState | undefined)[];
  readonly facts: Facts;
}

/** Which nameserver, by which of its addresses. */
export interface Place {
  readonly provider: string;
  readonly nameserver: string;
  readonly address: string;
}

interface Pages {
  readings: { readonly [record: string]: readonly NameserverReading[] };
  names: readonly NameFacts[];
  readonly paths: readonly PathFacts[];
  readonly definition: { readonly service: Service; readonly zones: readonly string[] };
}

function blankPages({ policy, paths, mode }: FactsBookParts, service: Service): Pages {
  const records = [...service.records.values()];
  const readings = records.map((record) => [
    record.id,
    publishers(policy, record).flatMap((provider) =>
      readPlacesOf(provider).map((endpoint) => unread(provider.id, endpoint.name, endpointText(endpoint))),
    ),
  ]);
  const providers = new Set(records.flatMap((record) => publishers(policy, record)));
  return {
    readings: Object.fromEntries(readings),
    names: [],
    paths: [...providers].flatMap((provider) => pathFactsOf(provider, paths, mode)),
    definition: { service, zones: [...new Set(records.map(({ view, zone }) => zoneKey(view, zone)))] },
  };
}

function unread(provider: string, nameserver: string, address: string): NameserverReading {
  return { provider, nameserver, address, outcome: "unread", code: null, rrset: null, at: instant(0) };
}

function readingFacts(place: Place, reading: Reading): NameserverReading {
  const { provider, nameserver, address } = place;
  const { outcome, at } = reading;
  return reading.outcome === "answer"
    ? { provider, nameserver, address, outcome, code: null, rrset: reading.rrset, at }
    : { provider, nameserver, address, outcome, code: reading.code, rrset: null, at };
}

function samePlace(a: Place, b: Place): boolean {
  return a.provider === b.provider && a.nameserver === b.nameserver && a.address === b.address;
}

function sameAnswer(a: NameserverReading, b: NameserverReading): boolean {
  return withoutTime(a) === withoutTime(b);
}

function sameName(a: NameFacts, b: NameFacts): boolean {
  return withoutTime(a) === withoutTime(b);
}

function withoutTime(facts: NameserverReading | NameFacts): string {
  return canonicalJson({ ...asJson(facts), at: 0 });
}

function byProviderAndName(a: NameFacts, b: NameFacts): number {
  const left = `${a.provider} ${a.name}`;
  const right = `${b.provider} ${b.name}`;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
