import { announced, type Expectation } from "./expectation.ts";
import { dsParts } from "./key-rdata.ts";
import type { KeyMemory } from "./key-memory.ts";
import { wantedDs } from "./rollover.ts";
import type { Expected, IntegrityFinding } from "./report.ts";
import type { DelegationSurvey, ZoneSurvey } from "./survey.ts";
import type { ZoneBaseline } from "./zone-state.ts";

export interface DelegationJudgement {
  readonly findings: readonly IntegrityFinding[];
  readonly expected: readonly Expected[];
  /** What the parent should say from now on. */
  readonly parentNs: readonly string[] | null;
  readonly ds: readonly string[] | null;
}

/** Whether the parent says what an entry explains: whom it delegates to, and whom it trusts. */
export function judgeDelegation(
  survey: ZoneSurvey,
  expectation: Expectation,
  baseline: ZoneBaseline,
  keys: ReadonlyMap<string, KeyMemory>,
): DelegationJudgement {
  const { delegation } = survey;
  const kept = { parentNs: baseline.parentNs, ds: baseline.ds };
  if (delegation === null) return { findings: [], expected: [], ...kept };
  if (delegation.finding.authenticity === "bogus")
    return { findings: [bogusParent(delegation)], expected: [], ...kept };
  const findings: IntegrityFinding[] = [];
  const expected: Expected[] = [];
  const settle = (
    what: "parent-ns" | "ds",
    seen: readonly string[] | null,
    known: readonly string[] | null,
    by: () => Expected["by"] | undefined,
  ): readonly string[] | null => {
    if (seen === null || (known !== null && seen.join(" ") === known.join(" "))) return known;
    if (known === null) return seen;
    const explained = by();
    if (explained === undefined) {
      findings.push(unauthorised(delegation, what, seen, known));
      return known;
    }
    expected.push({ what, by: explained, says: `the parent's ${what === "ds" ? "DS" : "NS"} changed` });
    return seen;
  };
  const foretold = (what: "parent-ns" | "ds"): "announced" | undefined =>
    announced(expectation, what, survey.at) === undefined ? undefined : "announced";
  const parentNs = settle("parent-ns", delegation.ns, baseline.parentNs, () => foretold("parent-ns"));
  const ds = settle(
    "ds",
    delegation.ds,
    baseline.ds,
    () => foretold("ds") ?? dsExplained(survey, expectation, baseline, keys),
  );
  return { findings, expected, parentNs, ds };
}

/** As the zone's own CDS ask (RFC 7344), or as its signer does through the registrar's door, for keys that are explained. */
function dsExplained(
  survey: ZoneSurvey,
  { signing }: Expectation,
  baseline: ZoneBaseline,
  keys: ReadonlyMap<string, KeyMemory>,
): "cds" | "signer" | undefined {
  const seen = survey.delegation?.ds ?? [];
  const wanted = wantedDs(survey);
  const asked = (rdata: string): boolean => wanted?.includes(rdata) === true || baseline.ds?.includes(rdata) === true;
  if (
    signing?.parent === "cds" &&
    wanted !== undefined &&
    seen.every(asked) &&
    (seen.length > 0 || wanted.length === 0)
  )
    return "cds";
  const ours = (rdata: string): boolean => {
    const ds = dsParts(rdata);
    const known = [...keys.values()].filter(({ tag, algorithm }) => tag === ds?.tag && algorithm === ds.algorithm);
    return known.some(({ fingerprint }) => baseline.keys?.some((key) => key.fingerprint === fingerprint) === true);
  };
  return signing?.parent === "api" &&
    seen.length > 0 &&
    seen.every((rdata) => baseline.ds?.includes(rdata) === true || ours(rdata))
    ? "signer"
    : undefined;
}

function bogusParent({ parent, finding }: DelegationSurvey): IntegrityFinding {
  return {
    code: "delegation-bogus",
    bell: "integrity",
    about: "parent",
    says: `What ${parent} says of the delegation is bogus (${finding.code}): ${finding.says}`,
    figures: { parent, code: finding.code },
    mend: "Ask those who run the parent; nothing in the zone itself mends it.",
  };
}

function unauthorised(
  { parent }: DelegationSurvey,
  what: "parent-ns" | "ds",
  seen: readonly string[],
  known: readonly string[],
): IntegrityFinding {
  const type = what === "ds" ? "DS" : "NS";
  return {
    code: what === "ds" ? "unauthorised-ds" : "unauthorised-delegation",
    bell: "integrity",
    about: "parent",
    says: `${parent} gives the ${type} ${shownList(seen)}, and ${shownList(known)} should stand there.`,
    figures: { parent, seen, expected: known },
    mend: `Call the registrar at once. If it is meant so, announce it: --kind ${what === "ds" ? "rollover" : "delegation"}.`,
  };
}

function shownList(list: readonly string[]): string {
  return list.length === 0 ? "none" : list.map(shown).join(", ");
}

/** A DS by its tag; a name as it is. */
function shown(value: string): string {
  const ds = /^[0-9a-f]{10,}$/.test(value) ? dsParts(value) : undefined;
  return ds === undefined ? value : `for key ${ds.tag} (algorithm ${ds.algorithm}, digest ${ds.digestType})`;
}
