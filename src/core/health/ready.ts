import { formatDuration, formatInstant, since, type DurationMs, type Instant } from "../../values/time.ts";
import type { ReadinessDefinition } from "../policy/policy.ts";
import type { Moment } from "./health.ts";
import type { SiteJudgement, TargetJudgement } from "./judgement.ts";
import type { ProbeTarget } from "./observation.ts";
import type { Readiness } from "./verdict.ts";
import { witnessSays, type Electorate } from "./voice.ts";

/**
 * Whether a site is proven fit to be a target: every check on every one of its records up by quorum and fresh (an http
 * check over TLS is up only where the certificate was trusted), and what the service's readiness asks. What cannot be
 * shown is `could-not-run`; one thing that is shown to be wrong makes it `failed`.
 */
export function readiness(
  site: SiteJudgement,
  asked: readonly ReadinessDefinition[],
  voices: Electorate,
  moment: Moment,
): Readiness {
  const lacks = [
    ...unchecked(site),
    ...site.targets.flatMap(notUp),
    ...asked.flatMap((definition) => certificates(site, definition, voices, moment)),
  ];
  const failed = lacks.some((lack) => lack.failed);
  const state = failed ? "failed" : lacks.length > 0 ? "could-not-run" : "passed";
  return { state, reasons: lacks.map((lack) => lack.says) };
}

interface Lack {
  readonly failed: boolean;
  readonly says: string;
}

function unchecked(site: SiteJudgement): Lack[] {
  if (site.records.size === 0) return [{ failed: true, says: `${site.site} has no record of this service` }];
  const checked = new Set(site.targets.map((judged) => judged.target.record));
  const without = [...site.records.keys()].filter((record) => !checked.has(record));
  return without.map((record) => ({ failed: false, says: `no check looks at record ${record} of ${site.site}` }));
}

function notUp(judged: TargetJudgement): Lack[] {
  if (judged.verdict === "up") return [];
  const says = `check ${place(judged.target)} is ${judged.verdict} (${judged.reason})`;
  return [{ failed: judged.verdict === "down", says }];
}

function certificates(
  site: SiteJudgement,
  { minValidityMs }: ReadinessDefinition,
  voices: Electorate,
  moment: Moment,
): Lack[] {
  const targets = site.targets.map((judged) => judged.target).filter(overTls);
  if (targets.length === 0) return [{ failed: false, says: `no https check shows the certificate of ${site.site}` }];
  return targets.flatMap((target): Lack[] => {
    const until = earliestEnd(target, voices, moment.mono);
    if (until === undefined) return [{ failed: false, says: `no certificate was seen at ${place(target)}` }];
    if (until - moment.now >= minValidityMs) return [];
    const left = formatDuration(since(moment.now, until));
    const says = `the certificate at ${place(target)} ends ${formatInstant(until)}, in ${left}; at least ${formatDuration(minValidityMs)} is required`;
    return [{ failed: true, says }];
  });
}

function overTls({ definition }: ProbeTarget): boolean {
  return definition.type === "http" && definition.scheme === "https";
}

function earliestEnd(target: ProbeTarget, voices: Electorate, mono: DurationMs): Instant | undefined {
  let earliest: Instant | undefined;
  for (const witness of voices.witnesses.values()) {
    const until = witness.states[target.check]?.certificateUntil ?? undefined;
    if (until === undefined || witnessSays(witness, target, mono) !== "up") continue;
    if (earliest === undefined || until < earliest) earliest = until;
  }
  return earliest;
}

function place(target: ProbeTarget): string {
  return `${target.definition.name} of record ${target.record} at ${target.address}`;
}
