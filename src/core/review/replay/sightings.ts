import { condition } from "../../health/signal.ts";
import type { Placed, ServiceEvent } from "../../failover/event.ts";
import type { SiteHealth } from "../../health/verdict.ts";
import type { Signal } from "../../policy/policy.ts";
import type { Instant } from "../../../values/time.ts";
import type { Span } from "./history.ts";

/** The one kind of signal that the journal tells of. */
export type VerdictSignal = Extract<Signal, { kind: "verdict" }>;

/** A time in which what a signal looks for was there, was not, or in which nobody can say. */
export interface Sighting extends Span {
  readonly met: "yes" | "no" | "unknown";
  /** Independent domains that saw it when the verdict was written; null: no verdict was written. */
  readonly domains: number | null;
  /** The verdict was the one that is looked for, and too few domains saw it at that moment: more may have come later. */
  readonly tooFewSaw: boolean;
}

/**
 * What was seen of a site, from the changes of its verdict. The time begins anew with each start of a controller, as it
 * does in one; while none ran, and before the first verdict, nothing is known.
 */
export function sightingsOf(
  signal: VerdictSignal,
  stream: readonly Placed<ServiceEvent>[],
  runs: readonly Span[],
): readonly Sighting[] {
  const seen = stream.flatMap(({ event, at }) =>
    event.type === "verdict-changed" && event.site === signal.site ? [{ at, health: event.health }] : [],
  );
  return runs.flatMap((run) => {
    const during = seen.filter(({ at }) => at >= run.from && (run.until === null || at <= run.until));
    const before = seen.findLast(({ at }) => at < run.from);
    const known = before === undefined ? during : [{ at: run.from, health: before.health }, ...during];
    return known.map(({ at, health }, index) =>
      judged(signal, health, { from: at, until: known[index + 1]?.at ?? run.until }),
    );
  });
}

function judged(signal: VerdictSignal, health: SiteHealth, span: Span): Sighting {
  const { met, figures } = condition(signal, {
    judged: true,
    sites: { [signal.site]: health },
    commonCause: { kind: "none" },
  });
  const domains = typeof figures["domains"] === "number" ? figures["domains"] : null;
  const tooFewSaw = met === "no" && health.verdict === signal.verdict;
  return { ...span, met: tooFewSaw ? "unknown" : met, domains, tooFewSaw };
}

/** Milliseconds of the window in which nobody can say whether the signal was there. */
export function unknownMs(
  sightings: readonly Sighting[],
  window: { readonly from: Instant; readonly to: Instant },
): number {
  const known = sightings
    .filter(({ met }) => met !== "unknown")
    .map(({ from, until }) => Math.min(until ?? window.to, window.to) - Math.max(from, window.from))
    .filter((ms) => ms > 0)
    .reduce((sum, ms) => sum + ms, 0);
  return window.to - window.from - known;
}
