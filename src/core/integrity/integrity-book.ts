import { since, type Instant } from "../../values/time.ts";
import type { ServiceState } from "../failover/state.ts";
import type { Policy, Service } from "../policy/policy.ts";
import { zoneIn, zoneKey } from "../policy/zone-key.ts";
import type { ClockFacts } from "./clock.ts";
import type { ZoneEvent } from "./evolve-zone.ts";
import { expectationOf, isSurveyed, surveyFreshMs } from "./expected-of.ts";
import { announced } from "./expectation.ts";
import { judgeSurvey } from "./judge.ts";
import { addressIn, historyOf, remembered, type ServerMemory, type ZoneHistory, type ZoneMemory } from "./memory.ts";
import { eachOnce, type IntegrityFinding, type IntegrityReport } from "./report.ts";
import type { ZoneSurvey } from "./survey.ts";
import type { ZoneFacts } from "./zone-facts.ts";
import { alarmKey, initialZone, type ZoneState } from "./zone-state.ts";

/** What the journal says, and the time, when a survey is judged. */
interface IntegrityMoment {
  readonly zones: ReadonlyMap<string, ZoneState>;
  readonly services: ReadonlyMap<string, ServiceState>;
  readonly clock: ClockFacts;
  readonly now: Instant;
}

export interface SurveyTaken {
  readonly report: IntegrityReport;
  /** To be recorded in the stream `fleet`, in this order, by the controller; none where nothing changed. */
  readonly events: readonly ZoneEvent[];
  /** Services for which it may matter. */
  readonly services: readonly string[];
}

/** By `zoneKey`: what is kept over a restart. */
export type IntegrityHistory = ReadonlyMap<string, ZoneHistory>;

/**
 * The integrity of every zone of a policy, folded in memory from surveys. Without clock or chance: the same calls give
 * the same. It knows nothing at first, but for what the journal says and an earlier run kept, and is made anew for another
 * policy.
 */
export interface Integrity {
  /** Undefined for a survey of a zone, or of a nameserver, that the policy does not have. */
  receive(survey: ZoneSurvey, moment: IntegrityMoment): SurveyTaken | undefined;
  /** What a decision of this service may rest on. A zone that was never surveyed is left out. */
  zonesOf(service: Service, moment: Pick<IntegrityMoment, "zones" | "now">): readonly ZoneFacts[];
  /** The last report of each zone and vantage. */
  reports(): readonly IntegrityReport[];
  /** What the next run should know; of a zone that was not surveyed yet, as it was given. */
  history(): IntegrityHistory;
}

/** @param kept what an earlier run of this installation left; what the policy does not have any more is let go. */
export function createIntegrity(policy: Policy, kept: IntegrityHistory = new Map()): Integrity {
  const book = new IntegrityBook(policy, kept);
  return {
    receive: (survey, moment) => book.receive(survey, moment),
    zonesOf: (service, moment) => book.zonesOf(service, moment),
    reports: () => book.reports(),
    history: () => book.history(),
  };
}

interface Page {
  readonly memory: ZoneMemory;
  /** By vantage: the last report, and the one before. */
  readonly reports: ReadonlyMap<string, readonly [IntegrityReport, IntegrityReport?]>;
}

class IntegrityBook {
  readonly #policy: Policy;
  readonly #pages = new Map<string, Page>();
  readonly #kept: IntegrityHistory;

  constructor(policy: Policy, kept: IntegrityHistory) {
    this.#policy = policy;
    this.#kept = stillSurveyed(policy, kept);
  }

  receive(survey: ZoneSurvey, { zones, services, clock, now }: IntegrityMoment): SurveyTaken | undefined {
    const zone = zoneIn(this.#policy, survey);
    if (zone === undefined) return undefined;
    if (!survey.servers.every(({ address }) => isSurveyed(this.#policy, zone, address))) return undefined;
    const key = zoneKey(survey.view, survey.zone);
    const state = zones.get(key) ?? initialZone(survey.zone, survey.view);
    const before = this.#pages.get(key) ?? { memory: remembered(this.#kept.get(key)), reports: new Map() };
    const known = { clock, keysElsewhere: this.#keysElsewhere(survey.zone) };
    const { memory, report } = judgeSurvey(
      before.memory,
      survey,
      expectationOf(this.#policy, zone, state, services, known),
      now,
    );
    const last = before.reports.get(survey.vantage)?.[0];
    const pair: readonly [IntegrityReport, IntegrityReport?] = last === undefined ? [report] : [report, last];
    const reports = new Map([...before.reports, [survey.vantage, pair] as const]);
    this.#pages.set(key, { memory, reports });
    const events = [...baselineEvents(report), ...alarmEvents(state, reports, now)];
    return { report, events, services: matters(before.memory, memory, now) ? this.#servicesIn(survey) : [] };
  }

  zonesOf(service: Service, { zones, now }: Pick<IntegrityMoment, "zones" | "now">): readonly ZoneFacts[] {
    const names = new Set([...service.records.values()].map(({ zone, view }) => zoneKey(view, zone)));
    return [...names].flatMap((key): ZoneFacts[] => {
      const page = this.#pages.get(key);
      if (page === undefined) return [];
      const state = zones.get(key);
      const [{ zone, view } = { zone: "", view: "" }] = [...page.reports.values()].map(([report]) => report);
      const announcements = state?.announcements ?? [];
      return [
        {
          zone,
          view,
          everSecure: page.memory.everSecure || state?.baseline?.secure === true,
          leavingDnssec: announced({ announcements }, "insecure", now) !== undefined,
          freshForMs: surveyFreshMs,
          servers: [...page.memory.servers.values()].map(rowOf),
        },
      ];
    });
  }

  reports(): readonly IntegrityReport[] {
    return [...this.#pages.values()].flatMap(({ reports }) => [...reports.values()].map(([report]) => report));
  }

  history(): IntegrityHistory {
    return new Map([...this.#kept, ...[...this.#pages].map(([key, { memory }]) => [key, historyOf(memory)] as const)]);
  }

  /** By fingerprint: the zones beside this one in which a key stands now. Two views of one zone may well share theirs. */
  #keysElsewhere(zone: string): ReadonlyMap<string, readonly string[]> {
    const zones = new Map<string, readonly string[]>();
    for (const [key, { memory }] of this.#pages) {
      const other = key.split(" ")[1] ?? key;
      if (other === zone) continue;
      for (const { fingerprint, providers } of memory.keys.values())
        if (providers.length > 0) zones.set(fingerprint, [...(zones.get(fingerprint) ?? []), other]);
    }
    return zones;
  }

  #servicesIn({ zone, view }: Pick<ZoneSurvey, "zone" | "view">): readonly string[] {
    return [...this.#policy.services.values()]
      .filter(({ records }) => [...records.values()].some((record) => record.zone === zone && record.view === view))
      .map(({ id }) => id);
  }
}

/** Zones of the policy, and nameservers that it has for them. */
function stillSurveyed(policy: Policy, kept: IntegrityHistory): IntegrityHistory {
  return new Map(
    [...policy.zones].flatMap(([key, zone]) => {
      const history = kept.get(key);
      if (history === undefined) return [];
      const marks = new Map([...history.marks].filter(([place]) => isSurveyed(policy, zone, addressIn(place))));
      return [[key, { ...history, marks }]];
    }),
  );
}

function rowOf({ provider, nameserver, address, vantage, answers, authenticity, code, at }: ServerMemory) {
  return { provider, nameserver, address, vantage, answers, authenticity, code, at };
}

/** A row says something else than before, or says anything again after a silence of ours. */
function matters(before: ZoneMemory, after: ZoneMemory, now: Instant): boolean {
  return [...after.servers].some(([key, row]) => {
    const known = before.servers.get(key);
    if (known === undefined || since(known.at, now) > surveyFreshMs) return true;
    return known.answers !== row.answers || known.authenticity !== row.authenticity || known.code !== row.code;
  });
}

function baselineEvents({ zone, view, baseline, expected }: IntegrityReport): readonly ZoneEvent[] {
  return baseline === null ? [] : [{ type: "zone-baseline-set", zone, view, baseline, because: expected }];
}

/** An entry has room for so many. */
const alarmsWrittenMax = 64;

/**
 * The alarms over all vantages, where they are others than those last written. Integrity rings at once; a lack of
 * answers once two rounds of a vantage agree on it, since one lost packet is no outage.
 */
function alarmEvents(state: ZoneState, pages: Page["reports"], now: Instant): readonly ZoneEvent[] {
  const fresh = [...pages.values()].filter(([{ at }]) => since(at, now) <= surveyFreshMs);
  const integrity = eachOnce(fresh.flatMap(([report]) => report.integrity)).slice(0, alarmsWrittenMax);
  const availability = eachOnce(
    fresh.flatMap(([report, before]) => {
      const known = new Set(before?.availability.map(alarmKey));
      return report.availability.filter((finding) => known.has(alarmKey(finding)));
    }),
  ).slice(0, alarmsWrittenMax);
  if (isWritten(integrity, state.alarms.integrity) && isWritten(availability, state.alarms.availability)) return [];
  const { zone, view } = state;
  return [{ type: "zone-integrity-changed", zone, view, availability, integrity }];
}

function isWritten(found: readonly IntegrityFinding[], written: readonly string[]): boolean {
  return found.map(alarmKey).join("\n") === written.join("\n");
}
