import type { Placed, ServiceEvent } from "../../failover/event.ts";
import type { Band, Policy, Service, Signal } from "../../policy/policy.ts";
import { add, formatDuration, type Instant } from "../../../values/time.ts";
import { happenedIn, type Happened } from "./beside.ts";
import { Course, isIn, type History, type Span } from "./history.ts";
import { rulingOf, type Ruling } from "./ruling.ts";
import { sightingsOf, unknownMs, type Sighting } from "./sightings.ts";

/** What a proposed policy would have done in a window of recorded history. */
export interface PolicyReplay {
  readonly services: readonly ServiceReplay[];
  /** Services of the journal that the proposed policy has no more. */
  readonly gone: readonly string[];
  /** What this says nothing about, a sentence each. */
  readonly limits: readonly string[];
}

export interface ServiceReplay {
  readonly service: string;
  /** False: the journal has no entry of it. */
  readonly recorded: boolean;
  readonly bands: readonly BandReplay[];
  /** Moves that really happened while no band of the proposed policy had its signal. */
  readonly others: readonly Happened[];
}

export interface BandReplay {
  readonly band: string;
  readonly signal: string;
  /** False: what it looks for is not in the journal. It is not known, and it is not "never". */
  readonly inJournal: boolean;
  /** Milliseconds of the window in which nobody can say whether the signal was there. */
  readonly unknownMs: number;
  /** Times that it was there for less than the band's time. */
  readonly tooShort: number;
  readonly times: readonly Time[];
}

/** One time that a band's signal held, or may have held. */
export interface Time {
  /** What it looks for was there from then on. */
  readonly from: Instant;
  /** It had been there for the band's time; or what held it back was over. */
  readonly at: Instant;
  /** Null: beyond the window. */
  readonly until: Instant | null;
  readonly domains: number | null;
  readonly ruling: Ruling;
  /** What really happened beside it. */
  readonly happened: readonly Happened[];
}

const limits = [
  "Verdicts are as they were recorded: by the checks, vantages and addresses of that time, at the domains that saw them when they changed.",
  "Error rates, latencies and the loss of a whole region are not in the journal: what they would have done is unknown, and not nothing.",
  "Each time is judged from where the service stood without the automation's move of that outage; what came later is as it was.",
  "Budgets and hold-downs begin with the window, and count what this replay moves.",
  "Not replayed: readiness and room of the target, drift, nameservers, authenticity, change paths, common causes, the blast radius and the clock. Each of them may hold a move.",
  "While no controller ran, nothing is known; after its last start it is taken to have run to the window's end.",
] as const;

/** The proposed policy beside the history of a window; `from` is not later than `to`. */
export function replayPolicy(
  policy: Policy,
  history: History,
  window: { readonly from: Instant; readonly to: Instant },
): PolicyReplay {
  return {
    services: [...policy.services.values()].map((service) => replayService(policy, service, history, window)),
    gone: [...history.services.keys()].filter((service) => !policy.services.has(service)),
    limits,
  };
}

type Window = Parameters<typeof replayPolicy>[2];

function replayService(policy: Policy, service: Service, history: History, window: Window): ServiceReplay {
  // What came after the window is not known in it.
  const stream = (history.services.get(service.id) ?? []).filter(({ at }) => at <= window.to);
  const runs = history.runs.filter(({ from }) => from <= window.to);
  const seen = service.bands.map((band) => ({ band, sightings: sightings(band.when, stream, runs) }));
  const held = seen.flatMap(({ band, sightings: all }) => all.flatMap((one) => heldIn(band, one, window)));
  const times = rule({ policy, service, stream, window, stops: history.stops }, held);
  return {
    service: service.id,
    recorded: stream.length > 0,
    bands: seen.map(({ band, sightings: all }) => ({
      band: band.name,
      signal: signalText(band.when),
      inJournal: band.when.kind === "verdict",
      unknownMs: unknownMs(all, window),
      tooShort: all.filter((one) => one.met === "yes" && overlaps(one, window) && isTooShort(band, one)).length,
      times: times.filter((one) => one.band === band.name).map(({ time }) => time),
    })),
    others: othersOf(
      stream,
      window,
      times.map(({ time }) => time),
    ),
  };
}

function sightings(
  signal: Signal,
  stream: readonly Placed<ServiceEvent>[],
  runs: readonly Span[],
): readonly Sighting[] {
  return signal.kind === "verdict" ? sightingsOf(signal, stream, runs) : [];
}

interface Held {
  readonly band: Band;
  readonly sighting: Sighting;
  readonly at: Instant;
}

/** A sighting long enough, from the moment at which the band would have acted within the window. */
function heldIn(band: Band, sighting: Sighting, window: Window): readonly Held[] {
  const { met, tooFewSaw } = sighting;
  if ((met !== "yes" && !tooFewSaw) || isTooShort(band, sighting)) return [];
  const full = add(sighting.from, band.when.forMs);
  const at = full < window.from ? window.from : full;
  const ended = sighting.until !== null && sighting.until <= at;
  return ended || at > window.to ? [] : [{ band, sighting, at }];
}

function isTooShort({ when }: Band, { from, until }: Span): boolean {
  return until !== null && until - from < when.forMs;
}

function overlaps({ from, until }: Span, window: Window): boolean {
  return from <= window.to && (until === null || until > window.from);
}

interface Ground {
  readonly policy: Policy;
  readonly service: Service;
  readonly stream: readonly Placed<ServiceEvent>[];
  readonly window: Window;
  readonly stops: readonly Span[];
}

interface Ruled {
  readonly band: string;
  readonly time: Time;
}

/** In the order of time, since each move counts for those after it; at one time in the policy's order of the bands. */
function rule(ground: Ground, held: readonly Held[]): readonly Ruled[] {
  const { policy, service, stream, stops, window } = ground;
  const course = new Course(service.id, stream);
  const moves: { readonly band: string; readonly at: Instant }[] = [];
  const waiting = [...held];
  const ruled: Ruled[] = [];
  for (;;) {
    const next = waiting.reduce<Held | undefined>(
      (first, one) => (first && first.at <= one.at ? first : one),
      undefined,
    );
    if (next === undefined) return ruled;
    waiting.splice(waiting.indexOf(next), 1);
    const { band, sighting, at: now } = next;
    const { from, until } = sighting;
    const allStopped = stops.some((stop) => isIn(stop, now));
    const state = course.at(now);
    const placement = course.stood(from, now);
    const ruling: Ruling = sighting.tooFewSaw
      ? { outcome: "unknown", says: tooFewText(band, sighting) }
      : rulingOf({ policy, service, band, state, placement, allStopped, now, moves });
    if (ruling.outcome === "held" && ruling.again !== null && stillHolds(sighting, ruling.again, window)) {
      waiting.push({ ...next, at: ruling.again });
      continue;
    }
    if (ruling.outcome === "moves") moves.push({ band: band.name, at: now });
    const happened = happenedIn(stream, sighting);
    ruled.push({ band: band.name, time: { from, at: now, until, domains: sighting.domains, ruling, happened } });
  }
}

function stillHolds({ until }: Sighting, at: Instant, window: Window): boolean {
  return at <= window.to && (until === null || at < until);
}

function tooFewText(band: Band, { domains }: Sighting): string {
  const needed = band.when.kind === "verdict" ? band.when.vantages : 0;
  return `${domains ?? 0} domains saw it when the verdict changed, and the band asks for ${needed}; whether more saw it later is not in the journal.`;
}

/** What moved by itself or by people, and no band of the proposed policy had anything to do with. */
function othersOf(
  stream: readonly Placed<ServiceEvent>[],
  window: Window,
  times: readonly Time[],
): readonly Happened[] {
  const beside = new Set(times.flatMap(({ happened }) => happened.map(({ failover }) => failover)));
  const moves = new Set(
    stream.flatMap(({ event, at }) =>
      event.type === "failover-proposed" && at >= window.from && !beside.has(event.failover) ? [event.failover] : [],
    ),
  );
  const all = happenedIn(stream, { from: window.from, until: null });
  return all.filter(({ failover }) => failover !== null && moves.has(failover));
}

function signalText(signal: Signal): string {
  const time = formatDuration(signal.forMs);
  switch (signal.kind) {
    case "verdict":
      return `${signal.site} is ${signal.verdict} at ${signal.vantages} domains for ${time}`;
    case "error-rate":
      return `over ${signal.overPercent} % of the checks of ${signal.site} fail for ${time}`;
    case "latency":
      return `${signal.site} takes over ${formatDuration(signal.overMs)} for ${time}`;
    case "regional-loss":
      return `the region ${signal.region} is lost for ${time}`;
  }
}
