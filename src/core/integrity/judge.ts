import type { Instant } from "../../values/time.ts";
import { asJson, canonicalJson } from "../../values/json.ts";
import { judgeDelegation, type DelegationJudgement } from "./delegation.ts";
import { divergences } from "./divergence.ts";
import { announced, type Expectation } from "./expectation.ts";
import { firstBaseline } from "./first-baseline.ts";
import { keyAdvice } from "./key-advice.ts";
import { judgeKeys, type KeyJudgement } from "./key-judgement.ts";
import { foldKeys } from "./key-memory.ts";
import { generatedKeys, keyReport, timingOf } from "./key-stage.ts";
import { placeKey, type ServerMarks, type ServerMemory, type ZoneMemory } from "./memory.ts";
import { withoutFuture } from "./past.ts";
import { registrationFindings } from "./registration.ts";
import type { Bell, Expected, IntegrityFinding, IntegrityReport } from "./report.ts";
import { foldPending, rolloverFindings, type Rollover } from "./rollover.ts";
import { judgeSerial, newestSoas } from "./serials.ts";
import { judgeServer, withFinding, type ServerJudgement } from "./server.ts";
import { splits } from "./split.ts";
import type { ServerSurvey, ZoneSurvey } from "./survey.ts";
import { inForce, type ZoneBaseline } from "./zone-state.ts";

/**
 * Judges one survey of one zone from one vantage, and remembers what the next one is to be judged by. Pure: a fold over
 * surveys of the same zone and view, of any vantages, in the order of their making.
 * @param before `remembered()` at the start. What must outlive a restart stands in the report's `baseline`; what should, in
 *   the memory's `ZoneHistory`.
 * @param now what counts down counts from here; windows are looked up at the survey's own time.
 */
export function judgeSurvey(
  before: ZoneMemory,
  survey: ZoneSurvey,
  expectation: Expectation,
  now: Instant,
): { readonly memory: ZoneMemory; readonly report: IntegrityReport } {
  const { at } = survey;
  const memory = expectation.clock.trustworthy ? withoutFuture(before, at) : before;
  const baseline = filled(expectation.baseline, firstBaseline(survey));
  const folded = foldKeys(memory, survey, expectation.baseline);
  const everSecure = memory.everSecure || baseline?.secure === true;
  const keys = baseline === null ? noKeys : judgeKeys(survey, expectation, baseline, folded.keys);
  const delegation =
    baseline === null
      ? noDelegation
      : judgeDelegation(survey, expectation, baseline, { seen: folded.keys, known: keys.known });
  const servers = judgeServers({ memory, survey, expectation, baseline, everSecure, keys, now });
  const cdsPending = foldPending(memory.cdsPending, survey);
  const timing = timingOf(survey, expectation.signing);
  const rollover: Rollover = { survey, expectation, keys: folded.keys, everSecure, timing, at };
  const places = new Map([
    ...memory.servers,
    ...servers.map(({ memory: one }) => [placeKey(one.vantage, one.address), one] as const),
  ]);
  const marks = new Map([
    ...memory.marks,
    ...servers.map(({ memory: one, marks: own }) => [placeKey(one.vantage, one.address), own] as const),
  ]);
  const secureNow = servers.some(({ memory: one }) => one.answers && one.authenticity === "secure");
  const findings = [
    ...servers.flatMap(({ judgement }) => judgement.report.findings),
    ...delegation.findings,
    ...rolloverFindings(rollover, cdsPending),
    ...keyAdvice(rollover),
    ...registrationFindings(expectation.expires, now),
    ...servers.flatMap(({ memory: one }) => [...splits(one, places.values(), now, expectation.freshForMs)]),
  ];
  const ringing = (bell: Bell): readonly IntegrityFinding[] => findings.filter((one) => one.bell === bell);
  const nsChange = nsFrom(survey, expectation, baseline);
  const next = baseline && {
    ns: nsChange?.ns ?? baseline.ns,
    parentNs: delegation.parentNs,
    ds: delegation.ds,
    keys: keys.known,
    secure: stillSecure(expectation, everSecure || secureNow, secureNow, at),
  };
  const { zone, view, vantage } = survey;
  const report: IntegrityReport = {
    zone,
    view,
    vantage,
    at,
    servers: servers.map(({ judgement }) => judgement.report),
    availability: ringing("availability"),
    integrity: ringing("integrity"),
    advice: ringing("advice"),
    expected: [...(nsChange === undefined ? [] : [nsChange.expected]), ...keys.expected, ...delegation.expected],
    keys: [
      ...[...folded.keys.values()].map((key) => keyReport(key, expectation.signing, timing, now)),
      ...generatedKeys(folded, expectation.signing, timing, now),
    ],
    baseline: sameBaseline(next, expectation.baseline) ? null : next,
  };
  const after: ZoneMemory = {
    servers: places,
    marks,
    ...folded,
    everSecure: next?.secure ?? (everSecure || secureNow),
    cdsPending,
  };
  return { memory: after, report };
}

const noKeys: KeyJudgement = { unexplained: [], expected: [], known: null };
const noDelegation: DelegationJudgement = { findings: [], expected: [], parentNs: null, ds: null };

interface Judging {
  readonly memory: ZoneMemory;
  readonly survey: ZoneSurvey;
  readonly expectation: Expectation;
  readonly baseline: ZoneBaseline | null;
  readonly everSecure: boolean;
  readonly keys: KeyJudgement;
  readonly now: Instant;
}

interface JudgedServer {
  readonly judgement: ServerJudgement;
  readonly memory: ServerMemory;
  readonly marks: ServerMarks;
}

function judgeServers({ memory, survey, expectation, ...judging }: Judging): readonly JudgedServer[] {
  const { vantage, at } = survey;
  const newest = newestSoas(survey.servers);
  const mayStepBack = inForce(expectation.announcements, at).some(({ kind }) => kind === "migration");
  const judged = survey.servers.map((server) => {
    const place = placeKey(vantage, server.address);
    const before = { marks: memory.marks.get(place), behindSince: memory.servers.get(place)?.behindSince ?? null };
    const serial = judgeSerial(server, before, newest.get(server.provider), at, mayStepBack);
    return { server, serial, judgement: judgeServer(server, { vantage, at, expectation, serial, ...judging }) };
  });
  // What differs since somebody altered it is a matter of integrity, and no lag.
  const whole = judged.filter(({ judgement }) => judgement.report.findings.every(({ bell }) => bell !== "integrity"));
  const diverging = divergences(whole.map(({ server }) => server));
  return judged.map(({ server, serial, judgement: first }) => {
    const judgement = withFinding(first, diverging.get(server.address));
    return { judgement, memory: remember(server, vantage, at, judgement, serial.behindSince), marks: serial.marks };
  });
}

function remember(
  { provider, nameserver, address, outcome }: ServerSurvey,
  vantage: string,
  at: Instant,
  { authenticity, aspects }: ServerJudgement,
  behindSince: Instant | null,
): ServerMemory {
  return {
    provider,
    nameserver,
    address,
    vantage,
    at,
    answers: outcome === "answer",
    authenticity: authenticity.authenticity,
    code: authenticity.code,
    behindSince,
    aspects,
  };
}

/** What was never answered before is learnt when it is. */
function filled(known: ZoneBaseline | null, first: ZoneBaseline | null): ZoneBaseline | null {
  if (known === null || first === null) return known ?? first;
  const { ns, parentNs, ds, keys } = known;
  return {
    ns: ns ?? first.ns,
    parentNs: parentNs ?? first.parentNs,
    ds: ds ?? first.ds,
    keys: keys ?? first.keys,
    secure: known.secure,
  };
}

/** An announced change of the NS set: the newest of it that an authentic nameserver gives stands from now on. */
function nsFrom(
  survey: ZoneSurvey,
  expectation: Expectation,
  baseline: ZoneBaseline | null,
): { readonly ns: readonly string[]; readonly expected: Expected } | undefined {
  if (baseline === null || announced(expectation, "ns", survey.at) === undefined) return undefined;
  const newest = newestSoas(survey.servers);
  const ahead = survey.servers.find(
    ({ provider, soa, ns, finding }) =>
      ns !== null && finding.authenticity !== "bogus" && soa !== null && newest.get(provider)?.serial === soa.serial,
  );
  if (ahead?.ns === undefined || ahead.ns === null || ahead.ns.join(" ") === baseline.ns?.join(" ")) return undefined;
  return { ns: ahead.ns, expected: { what: "ns", by: "announced", says: `the NS set is ${ahead.ns.join(" ")} now` } };
}

/** A zone that leaves DNSSEC as announced, and is seen to have left, is not held to it afterwards. */
function stillSecure(expectation: Expectation, ever: boolean, secureNow: boolean, at: Instant): boolean {
  return ever && (secureNow || announced(expectation, "insecure", at) === undefined);
}

function sameBaseline(a: ZoneBaseline | null, b: ZoneBaseline | null): boolean {
  if (a === null || b === null) return a === b;
  return canonicalJson(asJson(a)) === canonicalJson(asJson(b));
}
