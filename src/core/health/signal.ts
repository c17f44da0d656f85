import { duration, type DurationMs } from "../../values/time.ts";
import { unreachable } from "../../values/invariant.ts";
import type { Signal } from "../policy/policy.ts";
import type { CommonCause, SignalFigures, SignalState, SiteHealth } from "./verdict.ts";

/** The part of a service's health that signals look at. */
export interface Signalled {
  readonly judged: boolean;
  readonly sites: { readonly [site: string]: Pick<SiteHealth, "verdict" | "domains" | "errorPercent" | "latencyMs"> };
  readonly commonCause: CommonCause;
}

/** Whether what a signal looks for is there at this moment, however long; `unknown` is neither. */
export interface Condition {
  readonly met: "yes" | "no" | "unknown";
  readonly figures: SignalFigures;
}

export function condition(signal: Signal, health: Signalled): Condition {
  switch (signal.kind) {
    case "verdict":
      return verdictIs(signal, health);
    case "error-rate":
      return over(health.judged, "errorPercent", health.sites[signal.site]?.errorPercent, signal.overPercent);
    case "latency":
      return over(health.judged, "latencyMs", health.sites[signal.site]?.latencyMs, signal.overMs);
    case "regional-loss":
      return regionLost(signal.region, health);
    default:
      return unreachable(signal, "kind of signal");
  }
}

/** Where a signal stands that has been met for `heldMs`; its length counts only while it is met. */
export function signalState(signal: Signal, { met, figures }: Condition, heldMs: DurationMs): SignalState {
  if (met === "unknown") return { state: "unknown", figures };
  if (met === "no") return { state: "clear", figures };
  const withTime = { ...figures, heldMs, forMs: signal.forMs };
  if (heldMs >= signal.forMs) return { state: "holds", figures: withTime };
  return { state: "pending", inMs: duration(signal.forMs - heldMs), figures: withTime };
}

function verdictIs(signal: Extract<Signal, { kind: "verdict" }>, { judged, sites }: Signalled): Condition {
  const site = sites[signal.site];
  const seen = site?.verdict ?? "unknown";
  const domains = site === undefined ? 0 : witnesses(signal.verdict, site);
  const figures = { verdict: seen, wanted: signal.verdict, domains, neededDomains: signal.vantages };
  if (!judged || seen === "unknown" || seen === "disputed") return { met: "unknown", figures };
  return { met: seen === signal.verdict && domains >= signal.vantages ? "yes" : "no", figures };
}

// A site may be partly up because domains see one record up and the other down, or because they differ on which: whoever
// does not say that all is up stands for it.
function witnesses(verdict: "down" | "partly", { domains }: Pick<SiteHealth, "domains">): number {
  return verdict === "down" ? domains.down : domains.partly + domains.down;
}

function over(judged: boolean, name: string, seen: number | null | undefined, limit: number): Condition {
  const figures = { [name]: seen ?? null, over: limit };
  if (!judged || seen === null || seen === undefined) return { met: "unknown", figures };
  return { met: seen > limit ? "yes" : "no", figures };
}

function regionLost(region: string, { judged, commonCause }: Signalled): Condition {
  const lost = commonCause.kind === "regional" && commonCause.what === "region" ? commonCause.name : null;
  const figures = { region, lost };
  if (!judged || commonCause.kind === "common") return { met: "unknown", figures };
  return { met: lost === region ? "yes" : "no", figures };
}
