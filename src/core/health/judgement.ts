/*
 * The rules, from observations to the verdict of a site. Each has a test of its own.
 *
 * 1. Rise and fall. A check at a vantage is up after `rise` passes in a row and down after `fall` failures in a row;
 *    between the two it stays what it was, and before either it has no voice: nothing is decided until a full round was seen.
 * 2. Freshness. An observation counts for three intervals and the time-out. Then the voice is stale, and it begins anew.
 * 3. Control checks. A vantage whose control checks fail is cut off: it has no voice, what it saw so far is forgotten, and
 *    after it is back it needs a full round again.
 * 4. Domains. The vantages of one domain are one voice. It says up if any of them with a voice does, and down only if all of
 *    them with a voice do: a pass proves that the site answered, certificate and all, while a failure may be the vantage's own.
 *    An error towards up holds still; an error towards down moves traffic. While one of its vantages is cut off a domain never
 *    says down, so losing a vantage that way takes a verdict away and makes none.
 * 5. Quorum. A target (one check at one address) is up or down when a majority of all domains of the policy says so; of all,
 *    not of those heard, so that the last one heard cannot decide alone. Less is `disputed` when fresh voices contradict each
 *    other, otherwise `unknown`. A band may ask for more domains, never for fewer.
 * 6. Parts. A record is what its targets are, a site what its records are that are not `none`: `partly` when one is up and
 *    another down, `disputed` when one is disputed, `unknown` when one is unknown or there is none, and up or down only when
 *    all of them are. So unknown is never down, and never up either.
 */
import type { DurationMs } from "../../values/time.ts";
import type { ProbeTarget } from "./observation.ts";
import type { SiteHealth, Verdict } from "./verdict.ts";
import { domainSays, sameSilence, type Electorate, type Say } from "./voice.ts";

/** The targets of a site, by record; a record that is `none` there is not among them. */
export interface SiteTargets {
  readonly site: string;
  readonly records: ReadonlyMap<string, readonly ProbeTarget[]>;
}

interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
}

export interface TargetJudgement extends Judgement {
  readonly target: ProbeTarget;
  /** In the order of the domains. */
  readonly says: readonly Say[];
}

export interface SiteJudgement extends Judgement {
  readonly site: string;
  readonly records: ReadonlyMap<string, Judgement>;
  readonly targets: readonly TargetJudgement[];
  readonly domains: SiteHealth["domains"];
}

/** The verdict of a site at monotonic time `mono`, with those of its records and targets. */
export function judgeSite(site: SiteTargets, voices: Electorate, mono: DurationMs): SiteJudgement {
  const targets: TargetJudgement[] = [];
  const records = new Map<string, Judgement>();
  for (const [record, ofRecord] of site.records) {
    const judged = ofRecord.map((target) => judgeTarget(target, voices, mono));
    targets.push(...judged);
    records.set(record, together(judged, "checks-differ"));
  }
  const whole = together([...records.values()], "records-differ");
  return { ...whole, site: site.site, records, targets, domains: countDomains(targets, voices) };
}

function judgeTarget(target: ProbeTarget, voices: Electorate, mono: DurationMs): TargetJudgement {
  const says = voices.domains.map((domain) => domainSays(domain, target, mono));
  return { target, says, ...count(says, voices.quorum) };
}

function count(says: readonly Say[], quorum: number): Judgement {
  const up = says.filter((say) => say === "up").length;
  const down = says.filter((say) => say === "down").length;
  if (up >= quorum) return { verdict: "up", reason: "quorum" };
  if (down >= quorum) return { verdict: "down", reason: "quorum" };
  if (up > 0 && down > 0) return { verdict: "disputed", reason: "contradiction" };
  return { verdict: "unknown", reason: sameSilence(says) };
}

function together(parts: readonly Judgement[], differ: string): Judgement {
  const among = (verdict: Verdict): Judgement | undefined => parts.find((part) => part.verdict === verdict);
  const partly = among("partly");
  if (partly !== undefined) return { verdict: "partly", reason: partly.reason };
  if (among("up") !== undefined && among("down") !== undefined) return { verdict: "partly", reason: differ };
  const disputed = among("disputed");
  if (disputed !== undefined) return { verdict: "disputed", reason: disputed.reason };
  if (parts.length === 0) return { verdict: "unknown", reason: "not-checked" };
  const unknown = parts.filter((part) => part.verdict === "unknown").map((part) => part.reason);
  const [reason = "quorum"] = unknown;
  if (unknown.length > 0) return { verdict: "unknown", reason: new Set(unknown).size > 1 ? "too-few-voices" : reason };
  return { verdict: among("up") === undefined ? "down" : "up", reason: "quorum" };
}

function countDomains(targets: readonly TargetJudgement[], voices: Electorate): SiteHealth["domains"] {
  const counts = { up: 0, down: 0, partly: 0, silent: 0 };
  for (const index of voices.domains.keys()) counts[wholeSay(targets.map((target) => target.says[index]))] += 1;
  return counts;
}

function wholeSay(says: readonly (Say | undefined)[]): keyof SiteHealth["domains"] {
  const up = says.includes("up");
  const down = says.includes("down");
  if (up && down) return "partly";
  if (says.length === 0 || says.some((say) => say !== "up" && say !== "down")) return "silent";
  return up ? "up" : "down";
}
