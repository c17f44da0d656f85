import { formatDuration, since, type Instant } from "../../values/time.ts";
import type { Signing } from "../policy/policy.ts";
import { announced, type Expectation } from "./expectation.ts";
import { keyWitnesses, type KeyMemory } from "./key-memory.ts";
import { dsNames } from "./key-rdata.ts";
import { roleOf } from "./key-stage.ts";
import type { Expected } from "./report.ts";
import type { ServerSurvey, ZoneSurvey } from "./survey.ts";
import type { KnownKey, ZoneBaseline } from "./zone-state.ts";

/** A change of the DNSKEY set that neither the policy nor people explain. */
interface UnexplainedKey {
  readonly fingerprint: string;
  readonly tag: number;
  readonly algorithm: number;
  /** It should be there, and is not. */
  readonly gone: boolean;
  readonly why: string;
}

export interface KeyJudgement {
  readonly unexplained: readonly UnexplainedKey[];
  readonly expected: readonly Expected[];
  /** The keys that are explained from now on. */
  readonly known: readonly KnownKey[] | null;
}

/**
 * Which changes of the DNSKEY sets were foreseen: inside the declared method and window, or announced. Nothing is judged
 * while nobody can tell whether a set is authentic: lack of an answer is not integrity.
 */
export function judgeKeys(
  survey: ZoneSurvey,
  expectation: Expectation,
  baseline: ZoneBaseline,
  keys: ReadonlyMap<string, KeyMemory>,
): KeyJudgement {
  const witnesses = keyWitnesses(survey);
  if (witnesses.length === 0 || baseline.keys === null) return { unexplained: [], expected: [], known: baseline.keys };
  const { at } = survey;
  const present = new Set(witnesses.flatMap((server) => (server.keys ?? []).map(({ fingerprint }) => fingerprint)));
  const before = new Set(baseline.keys.map(({ fingerprint }) => fingerprint));
  const judging = { expectation, baseline, keys, witnesses, at };
  const unexplained: UnexplainedKey[] = [];
  const expected: Expected[] = [];
  const known: KnownKey[] = [];
  for (const key of baseline.keys) {
    const verdict = present.has(key.fingerprint) ? "same" : goneKey(judging, key);
    if (verdict === "same" || verdict === "unknown" || "why" in verdict) known.push(key);
    if (typeof verdict !== "string" && "why" in verdict) unexplained.push({ ...key, gone: true, why: verdict.why });
    else if (typeof verdict !== "string") expected.push(told(verdict.by, `key ${key.tag} was removed`));
  }
  for (const key of keys.values()) {
    const { fingerprint, tag, algorithm, firstSeen, fromTheStart } = key;
    if (!present.has(fingerprint) || before.has(fingerprint)) continue;
    const verdict = newKey(judging, key);
    if (verdict === "unknown") continue;
    if ("why" in verdict) unexplained.push({ fingerprint, tag, algorithm, gone: false, why: verdict.why });
    else {
      expected.push(told(verdict.by, `key ${tag} was added`));
      known.push({ fingerprint, tag, algorithm, firstSeen, fromTheStart });
    }
  }
  return { unexplained, expected, known };
}

interface Judging {
  readonly expectation: Expectation;
  readonly baseline: ZoneBaseline;
  readonly keys: ReadonlyMap<string, KeyMemory>;
  readonly witnesses: readonly ServerSurvey[];
  readonly at: Instant;
}

type Explanation = { readonly by: Expected["by"] } | { readonly why: string } | "unknown";

function told(by: Expected["by"], says: string): Expected {
  return { what: "keys", by, says };
}

function goneKey(judging: Judging, { fingerprint }: KnownKey): Explanation {
  if (announced(judging.expectation, "keys", judging.at) !== undefined) return { by: "announced" };
  const { signing } = judging.expectation;
  const key = judging.keys.get(fingerprint);
  if (signing === null) return { why: "the policy does not say who rolls the keys, and nobody announced it" };
  const role = key === undefined ? undefined : signing.roles.get(roleOf(key, signing));
  if (role === undefined || role.rolledBy === "signer")
    return authenticated(judging, judging.witnesses) ?? { by: "signer" };
  return { why: "people roll it, and nobody announced it" };
}

function newKey(judging: Judging, key: KeyMemory): Explanation {
  if (announced(judging.expectation, "keys", judging.at) !== undefined) return { by: "announced" };
  const { signing } = judging.expectation;
  if (signing === null) return { why: "the policy does not say who rolls the keys, and nobody announced it" };
  const holders = judging.witnesses.filter(({ keys }) =>
    keys?.some(({ fingerprint }) => fingerprint === key.fingerprint),
  );
  const why = outsideDeclared(judging, key, signing, holders);
  return why === undefined ? (authenticated(judging, holders) ?? { by: "signer" }) : { why };
}

/** The set must be signed by what was trusted before; a zone that was never secure has nothing to lose by it. */
function authenticated(judging: Judging, holders: readonly ServerSurvey[]): Explanation | undefined {
  const verdicts = new Set(holders.map(({ finding }) => finding.authenticity));
  const untrusted = { why: "the set is not signed by a key that was trusted before" };
  if (verdicts.has("secure")) return holders.some((one) => isContinued(judging, one)) ? undefined : untrusted;
  if (!verdicts.has("insecure")) return "unknown";
  return judging.baseline.secure ? untrusted : undefined;
}

/**
 * Secure, by a key that was explained before or that a DS explained before names: a DS and a key that came together would
 * vouch for one another. Where no parent is asked an anchor of our own vouches; a zone may become secure at one stroke.
 */
function isContinued({ baseline }: Judging, { finding, keys: set }: ServerSurvey): boolean {
  if (finding.authenticity !== "secure") return false;
  if (baseline.ds === null || !baseline.secure) return true;
  return (set ?? []).some((key) => {
    const isKnown = baseline.keys?.some(({ fingerprint }) => fingerprint === key.fingerprint) === true;
    return key.signsKeys && (isKnown || baseline.ds?.some((rdata) => dsNames(rdata, key) !== "no") === true);
  });
}

/** Why a new key lies outside what the policy declares of the signer: its algorithm, role, number and time. */
function outsideDeclared(
  { keys }: Judging,
  key: KeyMemory,
  signing: Signing,
  holders: readonly ServerSurvey[],
): string | undefined {
  if (!signing.algorithms.includes(key.algorithm)) return `algorithm ${key.algorithm} is not declared`;
  const role = roleOf(key, signing);
  const rule = signing.roles.get(role);
  if (rule === undefined) return `the policy declares no ${role}`;
  if (rule.rolledBy === "person") return `people roll the ${role}, and nobody announced it`;
  if (!holders.some(({ provider }) => provider !== null && signing.signers.includes(provider)))
    return "no provider that signs publishes it";
  const peers = [...keys.values()].filter((one) => one.providers.length > 0 && roleOf(one, signing) === role);
  // At a rollover there are two, whatever the method; each signer has its own (RFC 6781 §4.1, RFC 8901).
  const most = 2 * signing.signers.length + (role === "zsk" ? 0 : signing.standby);
  if (peers.length > most) return `${peers.length} keys of role ${role} at once, and the method has ${most} at most`;
  const ages = peers
    .filter((one) => one.fingerprint !== key.fingerprint && !one.fromTheStart && one.firstSeen < key.firstSeen)
    .map(({ firstSeen }) => since(firstSeen, key.firstSeen));
  const youngestMs = ages.length === 0 ? undefined : Math.min(...ages);
  if (youngestMs !== undefined && youngestMs < rule.minAgeMs)
    return `the ${role} before it was ${formatDuration(youngestMs)} old, and is kept for ${formatDuration(rule.minAgeMs)} at least`;
  return undefined;
}
