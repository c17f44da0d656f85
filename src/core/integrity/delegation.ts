import { announced, type Expectation } from "./expectation.ts";
import { dsNames, dsParts } from "./key-rdata.ts";
import type { KeyMemory } from "./key-memory.ts";
import { roleOf } from "./key-stage.ts";
import { wantedDs } from "./rollover.ts";
import type { Expected, IntegrityFinding } from "./report.ts";
import type { Signing } from "../policy/policy.ts";
import type { DelegationSurvey, ZoneSurvey } from "./survey.ts";
import type { KnownKey, ZoneBaseline } from "./zone-state.ts";

export interface DelegationJudgement {
  readonly findings: readonly IntegrityFinding[];
  readonly expected: readonly Expected[];
  /** What the parent should say from now on. */
  readonly parentNs: readonly string[] | null;
  readonly ds: readonly string[] | null;
}

/** Keys as they were seen, and which of them are explained once this survey's were judged. */
export interface ExplainedKeys {
  readonly seen: ReadonlyMap<string, KeyMemory>;
  readonly known: readonly KnownKey[] | null;
}

/** Whether the parent says what an entry explains: whom it delegates to, and whom it trusts. */
export function judgeDelegation(
  survey: ZoneSurvey,
  expectation: Expectation,
  baseline: ZoneBaseline,
  keys: ExplainedKeys,
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

/**
 * As the zone's own CDS ask (RFC 7344), or as its signer does by the way that the policy declares: to the DS of keys of the
 * zone that are explained. A CDS may come and go between two surveys, since its signer may take it away once the parent
 * followed (RFC 7344 §4.1): the key that a new DS names by its digest stays. What no CDS and no such key tells of is nobody's.
 * A DS that comes too soon for caches is a step too early (`early-ds-swap`), and not somebody else's.
 */
function dsExplained(
  survey: ZoneSurvey,
  { signing }: Expectation,
  baseline: ZoneBaseline,
  keys: ExplainedKeys,
): "cds" | "signer" | undefined {
  if (signing === null || signing.parent === "by-hand") return undefined;
  const seen = survey.delegation?.ds ?? [];
  const stood = (rdata: string): boolean => baseline.ds?.includes(rdata) === true;
  const wanted = signing.parent === "cds" ? wantedDs(survey) : undefined;
  if (
    wanted !== undefined &&
    seen.every((rdata) => wanted.includes(rdata) || stood(rdata)) &&
    (seen.length > 0 || wanted.length === 0)
  )
    return "cds";
  const own = ownKeys(keys, signing);
  const named = (rdata: string): boolean => own.some((key) => dsNames(rdata, key) === "yes");
  // One of those left names a key that is there: to take the others away is the end of a rollover, and no insecurity.
  return seen.some(named) && seen.every((rdata) => stood(rdata) || named(rdata)) ? "signer" : undefined;
}

/** Explained keys that nameservers publish for the chain of trust, and whose DS the signer brings to the parent by itself. */
function ownKeys({ seen, known }: ExplainedKeys, signing: Signing): readonly KeyMemory[] {
  return [...seen.values()].filter((key) => {
    const role = roleOf(key, signing);
    const isBySigner = signing.parent === "api" || signing.roles.get(role)?.rolledBy === "signer";
    const isExplained = known?.some(({ fingerprint }) => fingerprint === key.fingerprint) === true;
    return role !== "zsk" && isBySigner && isExplained && key.providers.length > 0;
  });
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
