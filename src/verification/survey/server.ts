import { rrset, type RRset } from "../../core/plan/rrset.ts";
import { endpointText } from "../../core/policy/endpoint.ts";
import type { AuthenticityFinding, ServerSurvey, WatchedSurvey } from "../../core/integrity/survey.ts";
import type { Signature, SignedRRset } from "../../dns/dnssec/records.ts";
import { nearest } from "../../dns/dnssec/signature-view.ts";
import type { Validator } from "../../dns/dnssec/validator.ts";
import type { Validation } from "../../dns/dnssec/verdict.ts";
import { canonicalText, type Name } from "../../dns/wire/name.ts";
import { soaFigures } from "../../dns/wire/rdata.ts";
import { rrtype, typeToText } from "../../dns/wire/rrtype.ts";
import { WireError } from "../../dns/wire/wire-error.ts";
import type { DnsAnswer, DnsQuestion } from "../../ports/dns-query.ts";
import type { SurveyRequest } from "../../ports/zone-survey.ts";
import { toHex } from "../../values/octets.ts";
import { duration, second, type Instant } from "../../values/time.ts";
import type { Asked, ReaderMeans } from "../ask.ts";
import { askedName, typeOf } from "../record-reader.ts";
import { askAgain, reach, type Reach } from "./asking.ts";
import { findingOf, unanswered } from "./findings.ts";
import { inTurns } from "./in-turns.ts";
import { surveyKeys } from "./keys.ts";
import { nameText } from "./name-text.ts";
import { readOf, type Read } from "./read.ts";

type SurveyedServer = SurveyRequest["servers"][number];

/** One round at one zone, the same for all its servers. */
export interface Round {
  readonly means: ReaderMeans;
  readonly zone: Name;
  readonly watched: readonly Pick<WatchedSurvey, "name" | "type" | "at">[];
  /** Whose chain ends at the DNSKEY set given. */
  validatorOf(keys: DnsAnswer): Validator;
}

/** Questions that one server is asked at a time: a survey is no load test. */
const questionsAtOnceMax = 4;
const apexTypes = [rrtype.NS, rrtype.DNSKEY, rrtype.CDS, rrtype.CDNSKEY];

/**
 * Asks one address of one nameserver all that a survey wants to know, and judges what it says. Never rejects. What is bogus
 * is asked for once more as a whole: a zone that is published anew between two questions fits neither of its versions.
 */
export async function surveyServer(round: Round, server: SurveyedServer, signal: AbortSignal): Promise<ServerSurvey> {
  const first = await look(round, server, signal);
  const isBogus = [first, ...first.watched].some(({ finding }) => finding.authenticity === "bogus");
  return isBogus && !signal.aborted ? await look(round, server, signal) : first;
}

async function look(round: Round, server: SurveyedServer, signal: AbortSignal): Promise<ServerSurvey> {
  const { means, zone } = round;
  const reached = await reach(means, server, { name: zone, type: rrtype.SOA }, signal);
  const soa = readOf(reached.answer, zone, { name: zone, type: rrtype.SOA });
  const figures = soa.outcome === "answer" ? figuresOf(soa.rrset) : undefined;
  if (soa.outcome !== "answer" || soa.rrset === undefined || figures === undefined) {
    const failed = soa.outcome === "answer" ? ({ outcome: "lame", code: "no-soa" } as const) : soa;
    const finding = unanswered(failed.code, `No SOA came to be judged (${failed.code}).`);
    return { ...nothing(server, finding), ...transportsOf(reached), outcome: failed.outcome, code: failed.code };
  }
  const answers = await askAll(round, server, reached, signal);
  const read = (type: number) => answers.find(({ question }) => question.type === type && question.name === zone)?.read;
  const keysAsked = answers.find(({ question }) => question.type === rrtype.DNSKEY && question.name === zone)?.asked;
  const validator = round.validatorOf(answerFrom(keysAsked, server));
  const judge = ({ question, asked }: Answer): Promise<Validation> | undefined =>
    asked.outcome === "message" ? validator.judge(question, asked.message, asked.at, signal) : undefined;
  const ofZone = await judge({ question: { name: zone, type: rrtype.SOA }, asked: reached.answer, read: soa });
  const dnskey = rrsetOf(read(rrtype.DNSKEY));
  const now = reached.answer.at;
  const seen = [soa, ...answers.map((answer) => answer.read)].flatMap((one) => rrsetOf(one)?.signatures ?? []);
  return {
    ...nothing(server, ofZone === undefined ? unanswered("no-answer", "No SOA came.") : findingOf(ofZone)),
    ...transportsOf(reached),
    outcome: "answer",
    code: null,
    soa: figures,
    ns: namesOf(read(rrtype.NS)),
    keys: dnskey === undefined ? emptyOf(read(rrtype.DNSKEY)) : await surveyKeys({ zone, dnskey, soa: soa.rrset, now }),
    keysTtlMs: dnskey === undefined ? null : dnskey.ttl * second,
    cds: hexOf(read(rrtype.CDS)),
    cdnskey: hexOf(read(rrtype.CDNSKEY)),
    ...validityOf(seen, now),
    watched: await watchedOf(round, answers, judge),
  };
}

interface Answer {
  readonly question: DnsQuestion;
  readonly asked: Asked;
  readonly read: Read;
}

function askAll(
  { means, zone, watched }: Round,
  server: SurveyedServer,
  { transport }: Reach,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const ofApex = apexTypes.map((type) => ({ name: zone, type }));
  return inTurns([...ofApex, ...watched.map((one) => questionOf(one, means))], questionsAtOnceMax, async (question) => {
    const asked = await askAgain(means, server, question, transport, signal);
    return { question, asked, read: readOf(asked, zone, question) };
  });
}

function questionOf(one: Round["watched"][number], { entropy }: ReaderMeans): DnsQuestion {
  return { name: askedName(one, entropy), type: typeOf(one.type) };
}

/** A watched RRset that was not answered is left out: nothing is known of it. */
async function watchedOf(
  { watched }: Round,
  answers: readonly Answer[],
  judge: (answer: Answer) => Promise<Validation> | undefined,
): Promise<readonly WatchedSurvey[]> {
  const ofWatched = answers.slice(apexTypes.length).flatMap((answer, index) => {
    const one = watched[index];
    const judged = answer.read.outcome === "answer" ? judge(answer) : undefined;
    if (one === undefined || answer.read.outcome !== "answer" || judged === undefined) return [];
    const { rrset: found } = answer.read;
    return [
      judged.then((validation) => ({ ...one, rrset: dataOf(found), ...judgementOf(validation, answer.question) })),
    ];
  });
  return Promise.all(ofWatched);
}

function judgementOf(
  validation: Validation,
  question: DnsQuestion,
): Pick<WatchedSurvey, "finding" | "inception" | "expiration"> {
  const [name, type] = [canonicalText(question.name), typeToText(question.type)];
  const own = validation.answer.find((link) => link.name === name && link.type === type);
  const held = own?.signatures.find(({ state }) => state === "valid");
  return {
    finding: findingOf(validation),
    inception: held?.inception ?? null,
    expiration: held?.expiration ?? null,
  };
}

/** Canonical data, which the core compares by. */
function dataOf(found: SignedRRset | undefined): RRset | "absent" {
  return found === undefined ? "absent" : rrset(found.ttl, found.rdata.map(toHex));
}

/** All of a survey that comes of answers, empty. */
function nothing(server: SurveyedServer, finding: AuthenticityFinding): ServerSurvey {
  return {
    provider: server.provider,
    nameserver: server.name,
    address: endpointText(server),
    outcome: "no-response",
    code: null,
    latencyMs: null,
    udp: null,
    tcp: null,
    soa: null,
    ns: null,
    keys: null,
    keysTtlMs: null,
    cds: null,
    cdnskey: null,
    finding,
    signedUntil: null,
    signedFrom: null,
    watched: [],
  };
}

function transportsOf({ udp, tcp, latencyMs }: Reach): Pick<ServerSurvey, "udp" | "tcp" | "latencyMs"> {
  return { udp, tcp, latencyMs: udp || tcp ? duration(latencyMs) : null };
}

/** What the server gave for its keys, as the end of a chain asks for it. */
function answerFrom(asked: Asked | undefined, { address }: SurveyedServer): DnsAnswer {
  if (asked?.outcome === "message") return { outcome: "message", message: asked.message, from: address };
  const outcome = asked?.outcome === "malformed" ? "unusable" : "no-response";
  return { outcome, code: asked?.code ?? "not-asked", from: address };
}

function rrsetOf(read: Read | undefined): SignedRRset | undefined {
  return read?.outcome === "answer" ? read.rrset : undefined;
}

/** Null where it was not answered, nothing where it was, and is not there. */
function emptyOf(read: Read | undefined): readonly [] | null {
  return read?.outcome === "answer" ? [] : null;
}

function hexOf(read: Read | undefined): readonly string[] | null {
  return rrsetOf(read)?.rdata.map(toHex).toSorted() ?? emptyOf(read);
}

function namesOf(read: Read | undefined): readonly string[] | null {
  return rrsetOf(read)?.rdata.flatMap(nameText).toSorted() ?? emptyOf(read);
}

function figuresOf(found: SignedRRset | undefined): ServerSurvey["soa"] | undefined {
  try {
    const [rdata] = found?.rdata ?? [];
    if (rdata === undefined) return undefined;
    const { serial, refresh, retry, expire } = soaFigures(rdata);
    return { serial, refreshMs: refresh * second, retryMs: retry * second, expireMs: expire * second };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function validityOf(signatures: readonly Signature[], now: Instant): Pick<ServerSurvey, "signedUntil" | "signedFrom"> {
  const ends = signatures.map(({ expiration }) => nearest(expiration, now)).toSorted((a, b) => a - b);
  const begins = signatures.map(({ inception }) => nearest(inception, now)).toSorted((a, b) => b - a);
  return { signedUntil: ends[0] ?? null, signedFrom: begins[0] ?? null };
}
