import { formatDuration, formatInstant, minute, type Instant } from "../../values/time.ts";
import { sameData } from "../plan/rrset.ts";
import { announced, type Expectation, type WatchedExpectation } from "./expectation.ts";
import type { KeyJudgement } from "./key-judgement.ts";
import type { ServerMemory } from "./memory.ts";
import { serverClasses, serverText, type IntegrityFinding, type ServerClass, type ServerReport } from "./report.ts";
import type { SerialJudgement } from "./serials.ts";
import { askedText, type AuthenticityFinding, type ServerSurvey, type WatchedSurvey } from "./survey.ts";
import type { ZoneBaseline } from "./zone-state.ts";

/** What a server's answers are judged with. */
export interface ServerContext {
  readonly vantage: string;
  readonly at: Instant;
  readonly now: Instant;
  readonly expectation: Expectation;
  readonly baseline: ZoneBaseline | null;
  readonly everSecure: boolean;
  readonly keys: KeyJudgement;
  readonly serial: SerialJudgement;
}

export interface ServerJudgement {
  readonly report: ServerReport;
  readonly aspects: ServerMemory["aspects"];
  /** Of all that it answered, the worst; by a clock in doubt, time alone makes nothing bogus. */
  readonly authenticity: AuthenticityFinding;
}

/** Everything that is wrong with what one address of one nameserver answered, and the class that it gives. */
export function judgeServer(server: ServerSurvey, context: ServerContext): ServerJudgement {
  const { provider, nameserver, address, soa, signedUntil } = server;
  const common = { provider, nameserver, address, serial: soa?.serial ?? null, signedUntil };
  const authenticity = worstOf(server, context.expectation);
  if (server.outcome !== "answer") {
    const silence = notAnswering(server);
    return {
      report: { ...common, class: classOf([silence]), authenticity: null, findings: [silence] },
      aspects: new Map(),
      authenticity,
    };
  }
  const aspects = new Map<string, "right" | "wrong">();
  const findings = [
    ...authenticityFindings(server, authenticity, context),
    ...setFindings(server, context, aspects),
    ...watchedFindings(server, context, aspects),
    ...context.serial.findings,
    ...expiring(server, authenticity, context),
  ];
  if (authenticity.authenticity === "bogus" || authenticity.authenticity === "secure")
    aspects.set("authenticity", authenticity.authenticity === "bogus" ? "wrong" : "right");
  return { report: { ...common, class: classOf(findings), authenticity, findings }, aspects, authenticity };
}

/** The same with one finding more. */
export function withFinding(judgement: ServerJudgement, finding: IntegrityFinding | undefined): ServerJudgement {
  if (finding === undefined) return judgement;
  const findings = [...judgement.report.findings, finding];
  return { ...judgement, report: { ...judgement.report, class: classOf(findings), findings } };
}

/** Codes that give another class than their own name. */
const classOfCode: ReadonlyMap<string, ServerClass> = new Map([
  ["insecure-where-required", "insecure-after-secure"],
  ["unauthorised-key", "unauthorised"],
  ["unauthorised-ns", "unauthorised"],
  ["unauthorised-rrset", "unauthorised"],
  ["view-leak", "unauthorised"],
  ["replayed", "unauthorised"],
]);

function classOf(findings: readonly IntegrityFinding[]): ServerClass {
  const found = new Set(findings.map(({ code }) => classOfCode.get(code) ?? code));
  return serverClasses.find((one) => found.has(one)) ?? "ok";
}

function notAnswering(server: ServerSurvey): IntegrityFinding {
  const about = serverText(server);
  const silent = server.outcome === "no-response" || server.outcome === "no-route";
  return {
    code: silent ? "no-response" : "lame",
    bell: "availability",
    about,
    says: silent
      ? `${about} does not answer (${server.code ?? server.outcome}).`
      : `${about} answers, and not for the zone (${server.code ?? server.outcome}).`,
    figures: { code: server.code ?? server.outcome },
    mend: silent
      ? "See whether the server runs and can be reached."
      : "Configure the zone there, or take it out of the NS.",
  };
}

const worstFirst = ["bogus", "unverifiable", "indeterminate", "insecure", "secure"] as const;
const ofTime: ReadonlySet<string> = new Set(["signature-expired", "signature-not-yet-valid"]);

function worstOf({ finding, watched }: ServerSurvey, { clock }: Expectation): AuthenticityFinding {
  const all = [finding, ...watched.map((one) => one.finding)];
  const sure = all.map((one) =>
    one.authenticity === "bogus" && ofTime.has(one.code) && !clock.trustworthy
      ? { authenticity: "indeterminate" as const, code: "clock-doubtful", says: `${one.says} ${clock.says}` }
      : one,
  );
  return worstFirst.flatMap((verdict) => sure.find(({ authenticity }) => authenticity === verdict) ?? [])[0] ?? finding;
}

function* authenticityFindings(
  server: ServerSurvey,
  { authenticity, code, says }: AuthenticityFinding,
  { expectation, everSecure, at }: ServerContext,
): Iterable<IntegrityFinding> {
  const about = serverText(server);
  const common = { about, figures: { code } };
  const required = expectation.dnssec === "required";
  if (code === "clock-doubtful")
    yield {
      ...common,
      code: "clock-doubtful",
      bell: "advice",
      says: `${about} is bogus by the time here, which is in doubt: ${says}`,
      mend: "Repair the time of this host; nothing is said of the zone until then.",
    };
  else if (authenticity === "bogus")
    yield {
      ...common,
      code: "bogus",
      bell: "integrity",
      says: `${about} is bogus (${code}): ${says}`,
      mend: "Mend its signatures, keys or DS; look first at what changed there last.",
    };
  else if (authenticity === "insecure" && everSecure && announced(expectation, "insecure", at) === undefined)
    yield {
      ...common,
      code: "insecure-after-secure",
      bell: "integrity",
      says: `${about} was secure, and is insecure now (${code}): ${says}`,
      mend: "See who took the DS away. If it is meant so, announce it: --kind unsigning.",
    };
  else if (authenticity === "insecure" && required && announced(expectation, "insecure", at) === undefined)
    yield {
      ...common,
      code: "insecure-where-required",
      bell: "integrity",
      says: `${about} is insecure, and the policy requires DNSSEC (${code}): ${says}`,
      mend: "Sign the zone and have its DS published, or write dnssec: unsigned.",
    };
  else if ((authenticity === "indeterminate" || authenticity === "unverifiable") && (required || everSecure))
    yield {
      ...common,
      code: "unverified",
      bell: "availability",
      says: `It cannot be known whether ${about} is authentic (${code}): ${says}`,
      mend: "See whether the nameservers of the zones above answer.",
    };
}

/** NS and DNSKEY sets that no entry explains. */
function* setFindings(
  server: ServerSurvey,
  { baseline, expectation, keys, at }: ServerContext,
  aspects: Map<string, "right" | "wrong">,
): Iterable<IntegrityFinding> {
  const about = serverText(server);
  if (server.ns !== null && baseline?.ns) {
    const right = sameList(server.ns, baseline.ns) || announced(expectation, "ns", at) !== undefined;
    aspects.set("ns", right ? "right" : "wrong");
    if (!right)
      yield {
        code: "unauthorised-ns",
        bell: "integrity",
        about,
        says: `${about} gives the NS ${server.ns.join(" ")}, and ${baseline.ns.join(" ")} should stand there.`,
        figures: { seen: server.ns, expected: baseline.ns },
        mend: "Find out who changed it. If it is meant so, announce it: --kind delegation.",
      };
  }
  if (server.keys === null) return;
  const foreign = keys.unexplained.filter(({ fingerprint, gone }) =>
    gone
      ? server.keys?.every((key) => key.fingerprint !== fingerprint)
      : server.keys?.some((key) => key.fingerprint === fingerprint),
  );
  aspects.set("keys", foreign.length === 0 ? "right" : "wrong");
  for (const { tag, algorithm, gone, why } of foreign)
    yield {
      code: "unauthorised-key",
      bell: "integrity",
      about: `${about} key ${tag}`,
      says: gone
        ? `${about} does not publish key ${tag} (algorithm ${algorithm}) any more: ${why}.`
        : `${about} publishes key ${tag} (algorithm ${algorithm}), which nothing explains: ${why}.`,
      figures: { tag, algorithm },
      mend: "Find out who did it. If it is meant so, announce it: --kind rollover; or declare under signing who rolls.",
    };
}

/** A survey that began before a change may end after it. */
const surveySpanMs = minute;

function* watchedFindings(
  server: ServerSurvey,
  context: ServerContext,
  aspects: Map<string, "right" | "wrong">,
): Iterable<IntegrityFinding> {
  for (const seen of server.watched) {
    const expected = context.expectation.watched.find(({ name, type }) => name === seen.name && type === seen.type);
    // What did not come is no answer: it is neither right nor wrong.
    if (seen.finding.code === "no-answer") continue;
    if (expected === undefined) {
      const leak = leakOf(seen, context);
      aspects.set(askedText(seen), leak === undefined ? "right" : "wrong");
      if (leak !== undefined) yield leaked(server, seen, leak);
      continue;
    }
    const current = expected.byVantage[context.vantage] ?? expected.current;
    if (current.length === 0) continue;
    const right = current.some((rrset) => sameData(rrset, seen.rrset)) || isOld(seen, expected, context);
    aspects.set(askedText(seen), right ? "right" : "wrong");
    if (right) continue;
    const leak = leakOf(seen, context);
    yield leak === undefined ? unexpectedAnswer(server, seen) : leaked(server, seen, leak);
  }
}

function isOld(
  { rrset }: WatchedSurvey,
  { earlier, since }: WatchedExpectation,
  { at, serial }: ServerContext,
): boolean {
  return (serial.behind || at <= since + surveySpanMs) && earlier.some((one) => sameData(one, rrset));
}

/** The view whose answer this is. */
function leakOf({ name, type, rrset }: WatchedSurvey, { expectation }: ServerContext): string | undefined {
  return expectation.otherViews.find(
    (one) => one.name === name && one.type === type && rrset !== "absent" && sameData(one.rrset, rrset),
  )?.view;
}

function leaked(server: ServerSurvey, seen: WatchedSurvey, view: string): IntegrityFinding {
  const about = `${serverText(server)} ${askedText(seen)}`;
  return {
    code: "view-leak",
    bell: "integrity",
    about,
    says: `${about} is what the view ${view} answers.`,
    figures: { ...rdataOf(seen), view },
    mend: "See how the server tells the views apart: by address, key or interface.",
  };
}

function rdataOf({ name, type, rrset }: WatchedSurvey) {
  return { name, type, rdata: rrset === "absent" ? [] : rrset.rdata };
}

function unexpectedAnswer(server: ServerSurvey, seen: WatchedSurvey): IntegrityFinding {
  const about = `${serverText(server)} ${askedText(seen)}`;
  const { rrset } = seen;
  return {
    bell: "integrity",
    about,
    figures: rdataOf(seen),
    code: "unauthorised-rrset",
    says: `${about} is ${rrset === "absent" ? "absent" : "another RRset"}, and no entry explains it.`,
    mend: "Find out who changed it; pointsman why says what should stand.",
  };
}

/** Named when this part of a signature's life is left, at most {@link expiringMsMax}: signers renew well before. */
const expiringPart = 0.1;
const expiringMsMax = 2 * 24 * 60 * minute;

function* expiring(
  server: ServerSurvey,
  { authenticity }: AuthenticityFinding,
  { now }: ServerContext,
): Iterable<IntegrityFinding> {
  const { signedUntil, signedFrom, watched } = server;
  if (signedUntil === null || authenticity !== "secure") return;
  const lives = watched.map(({ inception, expiration }) => (expiration ?? 0) - (inception ?? expiration ?? 0));
  const lifeMs = Math.max(0, signedUntil - (signedFrom ?? signedUntil), ...lives);
  const leftMs = Math.max(0, signedUntil - now);
  if (leftMs > Math.min(expiringMsMax, lifeMs * expiringPart)) return;
  const about = serverText(server);
  yield {
    code: "expiring",
    bell: "integrity",
    about,
    says: `A signature at ${about} ends in ${formatDuration(leftMs)}, on ${formatInstant(signedUntil)}.`,
    figures: { signedUntil, leftMs, lifeMs },
    mend: "See why the signer does not renew it, and whether the new zone reaches this server.",
  };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
