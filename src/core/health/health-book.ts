import { invariant } from "../../values/invariant.ts";
import { duration, type DurationMs } from "../../values/time.ts";
import type { Policy } from "../policy/policy.ts";
import { freshForMs, isFresh, judge } from "./check-state.ts";
import { commonCause, type SiteStanding } from "./common-cause.ts";
import { rates, witnessed } from "./figures.ts";
import type { Health, Moment, Round } from "./health.ts";
import { judgeSite, type SiteJudgement } from "./judgement.ts";
import type { ProbeTarget } from "./observation.ts";
import { readiness } from "./ready.ts";
import { nextBucketAt } from "./recent.ts";
import { schedule, type Schedule } from "./schedule.ts";
import { serviceMemories, type ServiceMemory } from "./service-memory.ts";
import { condition, signalState, type Signalled } from "./signal.ts";
import { siteBoard, type SiteBoard } from "./site-board.ts";
import type { CommonCause, ServiceHealth, SignalState, SiteHealth } from "./verdict.ts";
import { electorate, type Electorate, type Witness } from "./voice.ts";

/**
 * The health of an installation, folded in memory: one small value a vantage and check. It knows nothing at first, and
 * must be made anew for another policy, whose checks have other numbers; then a full round has to be seen again.
 * @param targets in the order of their numbers.
 * @throws InvariantError for targets out of order or of a service that the policy lacks.
 */
export function createHealth(
  policy: Policy,
  targets: readonly ProbeTarget[],
  { sameHostVantages }: { readonly sameHostVantages: readonly string[] },
): Health {
  const book = new HealthBook(policy, targets, electorate(policy, sameHostVantages));
  return {
    receive: (round, moment) => book.receive(round, moment),
    advance: (moment) => book.advance(moment),
    serviceHealth: (service, moment) => book.serviceHealth(service, moment),
    nextChangeAt: (mono) => book.nextChangeAt(mono),
  };
}

class HealthBook {
  readonly #targets: readonly ProbeTarget[];
  readonly #voices: Electorate;
  readonly #services: ReadonlyMap<string, ServiceMemory>;
  readonly #board: SiteBoard;
  readonly #schedule: Schedule = schedule();
  readonly #touched = new Set<string>();
  #mono: DurationMs | undefined;

  constructor(policy: Policy, targets: readonly ProbeTarget[], voices: Electorate) {
    this.#targets = targets;
    this.#voices = voices;
    this.#services = serviceMemories(policy, targets);
    this.#board = siteBoard(policy);
  }

  receive(round: Round, { mono, now }: Moment): readonly string[] {
    this.#catchUp(mono);
    const witness = this.#voices.witnesses.get(round.vantage);
    if (witness !== undefined && isNew(witness, round)) {
      const wasCutOff = witness.cutOffSince !== undefined;
      witness.lastRound = { boot: round.boot, ordinal: round.ordinal, bootBefore: bootBefore(witness, round) };
      if (!round.controlsPass) this.#cutOff(witness, mono);
      else {
        witness.cutOffSince = undefined;
        const changed = this.#fold(witness, round, { mono, now });
        if (wasCutOff) this.#touchAll();
        for (const memory of wasCutOff ? this.#services.values() : changed) this.#settle(memory, mono);
      }
      this.#catchUp(mono);
    }
    return this.#drain();
  }

  advance({ mono }: Moment): readonly string[] {
    this.#catchUp(mono);
    return this.#drain();
  }

  serviceHealth(service: string, moment: Moment): ServiceHealth {
    const { mono } = moment;
    this.#catchUp(mono);
    const memory = this.#services.get(service);
    invariant(memory !== undefined, `service ${service} stands in the policy`);
    const judgements = memory.sites.map((site) => judgeSite(site, this.#voices, mono));
    const cause = this.#causeFor(memory, mono);
    const sites = Object.fromEntries(judgements.map((site) => [site.site, this.#siteHealth(memory, site, moment)]));
    const heard = this.#voices.domains.filter((_, domain) => isHeard(judgements, domain)).length;
    return {
      judged: memory.judged,
      sites,
      cutOff: [...this.#voices.witnesses.values()].filter(isCutOff).map((witness) => witness.id),
      voices: { heard, all: this.#voices.domains.length },
      commonCause: cause,
      signals: signals(memory, { judged: memory.judged, sites, commonCause: cause }, mono),
    };
  }

  nextChangeAt(mono: DurationMs): DurationMs | undefined {
    this.#catchUp(mono);
    return this.#schedule.next();
  }

  /** Everything that time alone has changed until `mono`, in its order, so that it does not matter when one asks. */
  #catchUp(mono: DurationMs): void {
    invariant(this.#mono === undefined || mono >= this.#mono, "monotonic time does not go back");
    if (this.#mono === undefined) for (const memory of this.#services.values()) this.#settle(memory, mono);
    this.#mono = mono;
    for (let next = this.#schedule.next(); next !== undefined && next <= mono; next = this.#schedule.next()) {
      const due = this.#schedule.take();
      const memory = this.#services.get(due?.what ?? "");
      invariant(memory !== undefined, "only services are scheduled");
      if (memory.scheduledAt === next) memory.scheduledAt = undefined;
      this.#settle(memory, next);
    }
  }

  /** Folds the observations in; returns the services for which something may be different now. */
  #fold(witness: Witness, round: Round, { mono, now }: Moment): Set<ServiceMemory> {
    const changed = new Set<ServiceMemory>();
    for (const observation of round.observations) {
      const target = this.#targets[observation.check];
      if (target === undefined) continue;
      // Dated by its age, so that a batch that was held up on its way is as old as it is.
      const at = duration(Math.max(0, mono - Math.max(0, now - observation.at)));
      const before = witness.states[target.check];
      const after = judge(before, observation, target.definition, at);
      witness.states[target.check] = after;
      const memory = this.#services.get(target.service);
      invariant(memory !== undefined, "every target belongs to a service");
      const same = before?.state === after.state && isFresh(before, target.definition, mono);
      if (memory.watchesRates || !same) changed.add(memory);
    }
    return changed;
  }

  #cutOff(witness: Witness, mono: DurationMs): void {
    if (witness.cutOffSince !== undefined) return;
    Object.assign(witness, { cutOffSince: mono, states: [] });
    this.#touchAll();
    for (const memory of this.#services.values()) this.#settle(memory, mono);
  }

  /** Brings verdicts, signals and the board of sites to what holds at `mono`, and schedules the next look. */
  #settle(memory: ServiceMemory, mono: DurationMs): void {
    const judgements = memory.sites.map((site) => judgeSite(site, this.#voices, mono));
    if (!memory.judged) memory.judged = isWhole(judgements, this.#voices.quorum);
    for (const { site, verdict } of judgements) {
      const before = memory.verdicts.get(site)?.verdict;
      if (before === verdict) continue;
      memory.verdicts.set(site, { verdict, since: mono });
      if (this.#board.move(site, before, verdict, mono)) this.#standingChanged(mono);
    }
    const waiting = this.#settleSignals(memory, judgements, mono);
    const print = fingerprint(memory, judgements, waiting);
    if (print !== memory.fingerprint) this.#touched.add(memory.id);
    memory.fingerprint = print;
    this.#scheduleNext(memory, mono, waiting);
  }

  #settleSignals(memory: ServiceMemory, judgements: readonly SiteJudgement[], mono: DurationMs): SignalState[] {
    if (memory.service.bands.length === 0) return [];
    const none = { errorPercent: null, latencyMs: null };
    const measured = judgements.map((site) => {
      const figures = memory.watchesRates ? rates(site, this.#voices, mono) : none;
      return [site.site, { verdict: site.verdict, domains: site.domains, ...figures }];
    });
    const cause: CommonCause = memory.watchesRegions ? this.#causeFor(memory, mono) : { kind: "none" };
    const seen: Signalled = { judged: memory.judged, sites: Object.fromEntries(measured), commonCause: cause };
    for (const { name, when } of memory.service.bands) {
      if (condition(when, seen).met !== "yes") memory.metSince.delete(name);
      else if (!memory.metSince.has(name)) memory.metSince.set(name, mono);
    }
    return Object.values(signals(memory, seen, mono));
  }

  #standingChanged(mono: DurationMs): void {
    this.#touchAll();
    for (const memory of this.#services.values()) if (memory.watchesRegions) this.#schedule.add(mono, memory.id);
  }

  #scheduleNext(memory: ServiceMemory, mono: DurationMs, waiting: readonly SignalState[]): void {
    let next = Infinity;
    for (const target of memory.targets) {
      for (const witness of this.#voices.witnesses.values()) {
        const state = witness.states[target.check];
        if (state === undefined || !isFresh(state, target.definition, mono)) continue;
        next = Math.min(next, state.at + freshForMs(target.definition) + 1);
        if (memory.watchesRates) next = Math.min(next, nextBucketAt(target.definition, mono));
      }
    }
    for (const signal of waiting) if (signal.state === "pending") next = Math.min(next, mono + signal.inMs);
    if (next === Infinity || (memory.scheduledAt !== undefined && memory.scheduledAt <= next)) return;
    memory.scheduledAt = duration(next);
    this.#schedule.add(memory.scheduledAt, memory.id);
  }

  /** The common cause as one service meets it: a site that is down for it fails, whatever the others see there. */
  #causeFor(memory: ServiceMemory, mono: DurationMs): CommonCause {
    const standings = this.#board.standings().map((one) => {
      const own = memory.verdicts.get(one.site.id);
      return own?.verdict === "down" && one.standing !== "failing" ? failingSince(one, own.since) : one;
    });
    return commonCause(standings, this.#voices, mono);
  }

  #siteHealth(memory: ServiceMemory, site: SiteJudgement, moment: Moment): SiteHealth {
    const since = memory.verdicts.get(site.site)?.since ?? moment.mono;
    return {
      verdict: site.verdict,
      heldMs: duration(moment.mono - since),
      reason: site.reason,
      domains: site.domains,
      ...witnessed(site, this.#voices, moment.mono),
      records: Object.fromEntries(site.records),
      ...rates(site, this.#voices, moment.mono),
      ready: readiness(site, memory.service.readiness, this.#voices, moment),
    };
  }

  #touchAll(): void {
    for (const service of this.#services.keys()) this.#touched.add(service);
  }

  #drain(): readonly string[] {
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }
}

function isNew({ lastRound }: Witness, { boot, ordinal }: Round): boolean {
  if (lastRound === undefined) return true;
  return boot === lastRound.boot ? ordinal > lastRound.ordinal : boot !== lastRound.bootBefore;
}

function bootBefore({ lastRound }: Witness, { boot }: Round): string | undefined {
  return lastRound?.boot === boot ? lastRound.bootBefore : lastRound?.boot;
}

function isCutOff(witness: Witness): boolean {
  return witness.cutOffSince !== undefined;
}

function failingSince({ site, failedUntil }: SiteStanding, since: DurationMs): SiteStanding {
  return { site, standing: "failing", since, failedUntil };
}

function isHeard(judgements: readonly SiteJudgement[], domain: number): boolean {
  return judgements.some((site) => site.targets.some(({ says }) => says[domain] === "up" || says[domain] === "down"));
}

/** A full round: of every target a quorum of the domains has reached rise or fall. */
function isWhole(judgements: readonly SiteJudgement[], quorum: number): boolean {
  const targets = judgements.flatMap((site) => site.targets);
  const voiced = targets.map(({ says }) => says.filter((say) => say === "up" || say === "down").length);
  return voiced.length > 0 && voiced.every((voices) => voices >= quorum);
}

function signals(memory: ServiceMemory, seen: Signalled, mono: DurationMs): { [band: string]: SignalState } {
  const states = memory.service.bands.map(({ name, when }) => {
    const heldMs = duration(mono - (memory.metSince.get(name) ?? mono));
    return [name, signalState(when, condition(when, seen), heldMs)];
  });
  return Object.fromEntries(states);
}

/** Equal as long as nothing has changed but figures. */
function fingerprint(memory: ServiceMemory, sites: readonly SiteJudgement[], states: readonly SignalState[]): string {
  const ofSites = sites.map(({ verdict, reason, domains, targets }) =>
    [verdict, reason, ...Object.values(domains), ...targets.map((target) => target.verdict)].join(),
  );
  return [String(memory.judged), ...ofSites, ...states.map((signal) => signal.state)].join(" ");
}
