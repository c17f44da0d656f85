import type { DurationMs } from "../../values/time.ts";
import type { Policy } from "../policy/policy.ts";
import { isFresh, type CheckState } from "./check-state.ts";
import type { ProbeTarget } from "./observation.ts";

/** Why a vantage or a domain has no voice. `too-few-voices`: for several reasons at once. */
export type Silence = "stale" | "cut-off" | "not-yet-judged" | "too-few-voices";
export type Say = "up" | "down" | Silence;

/** What the fold keeps of a vantage. It changes in place. */
export interface Witness {
  readonly id: string;
  /** By number of the check. */
  states: (CheckState | undefined)[];
  /** Since when its control checks fail; `undefined`: they pass, or it was not heard yet. */
  cutOffSince: DurationMs | undefined;
  /** Its last batch, so that none counts twice, and the boot before, so that none of that counts late. */
  lastRound: { readonly boot: string; readonly ordinal: number; readonly bootBefore: string | undefined } | undefined;
}

/** Whose voices are counted together, and how many voices decide. */
export interface Electorate {
  readonly witnesses: ReadonlyMap<string, Witness>;
  /** Each is one voice. */
  readonly domains: readonly (readonly Witness[])[];
  /** A majority of all domains of the policy, not of those heard. */
  readonly quorum: number;
}

/**
 * Vantages by domain. Those on the controller's own host are one domain whatever the policy says, and so is everything
 * that claims to share a domain with one of them; a policy with `lab: true` alone may tell them apart (design §3).
 */
export function electorate(policy: Policy, sameHostVantages: readonly string[]): Electorate {
  const hosted = new Set(policy.lab ? [] : sameHostVantages.map((id) => policy.vantages.get(id)?.domain));
  const witnesses = new Map<string, Witness>();
  const domains = new Map<string, Witness[]>();
  const host: Witness[] = [];
  for (const vantage of policy.vantages.values()) {
    const witness: Witness = { id: vantage.id, states: [], cutOffSince: undefined, lastRound: undefined };
    witnesses.set(vantage.id, witness);
    const domain = hosted.has(vantage.domain) ? host : (domains.get(vantage.domain) ?? []);
    domain.push(witness);
    if (domain !== host) domains.set(vantage.domain, domain);
  }
  const all = host.length > 0 ? [host, ...domains.values()] : [...domains.values()];
  return { witnesses, domains: all, quorum: Math.floor(all.length / 2) + 1 };
}

/** What one domain says of one target. */
export function domainSays(domain: readonly Witness[], target: ProbeTarget, mono: DurationMs): Say {
  const says = domain.map((witness) => witnessSays(witness, target, mono));
  if (says.includes("up")) return "up";
  // They share their way to the world: once it failed one of them, a failure that another sees may be that way's.
  if (says.includes("cut-off")) return "cut-off";
  return says.includes("down") ? "down" : sameSilence(says);
}

/** What one vantage says of one target. */
export function witnessSays(witness: Witness, target: ProbeTarget, mono: DurationMs): Say {
  if (witness.cutOffSince !== undefined) return "cut-off";
  const state = witness.states[target.check];
  if (state === undefined) return "not-yet-judged";
  if (!isFresh(state, target.definition, mono)) return "stale";
  return state.state === "unknown" ? "not-yet-judged" : state.state;
}

/** The reason that all who are silent share. */
export function sameSilence(says: readonly string[]): Silence {
  const reasons = new Set(says.filter((say) => say !== "up" && say !== "down"));
  const [reason = "too-few-voices"] = reasons;
  if (reasons.size > 1) return "too-few-voices";
  return reason === "stale" || reason === "cut-off" || reason === "not-yet-judged" ? reason : "too-few-voices";
}
