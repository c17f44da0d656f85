import type { BrokenNameSurvey, ResolverAnswer } from "../core/integrity/resolver-survey.ts";
import type { Resolver } from "../core/policy/policy.ts";
import type { ServerEndpoint } from "../dns/resolution/ask.ts";
import { resolverPort } from "../dns/resolution/resolver.ts";
import { sameName, nameOf } from "../dns/wire/name.ts";
import { rcode, rcodeToText, rrtype } from "../dns/wire/rrtype.ts";
import { WireError } from "../dns/wire/wire-error.ts";
import type { DnsAnswer, DnsQueryPort, DnsQuestion } from "../ports/dns-query.ts";
import type { ResolverSurveyor, ResolverSurveyRequest } from "../ports/resolver-survey.ts";
import { meansIn, type ReaderMeans } from "./ask.ts";
import { rrsetOf, typeOf } from "./record-reader.ts";
import { inTurns } from "./survey/in-turns.ts";

/**
 * Asks a resolver as its users do, with RD and DO set and CD clear: first for the name that is broken on purpose, then
 * for what is steered. What it says is believed to be its answer, and nothing else.
 */
export function resolverSurveyor(means: ReaderMeans): ResolverSurveyor {
  return {
    async survey({ resolver, vantage, brokenName, watched }, signal) {
      const common = { server: endpointOf(resolver), means: meansIn(means, resolver.view) };
      const asUsers = resolverPort({ ...common, checking: "enabled" });
      const unchecked = resolverPort({ ...common, checking: "disabled" });
      const at = means.clock.now();
      const broken = brokenName === null ? notAsked : await askBroken(brokenName, asUsers, unchecked, signal);
      const answers = await inTurns(watched, questionsAtOnceMax, (one) => askWatched(one, asUsers, signal));
      return { resolver: resolver.id, vantage, at, broken, watched: answers };
    },
  };
}

/** At one resolver. */
const questionsAtOnceMax = 4;

const notAsked: BrokenNameSurvey = { outcome: "not-asked", code: null };

function endpointOf({ endpoint, channel }: Resolver): ServerEndpoint {
  if (!("name" in channel)) return { ...endpoint, transport: channel.via };
  const { name, pins, path } = channel;
  const identity = { name, pins, trust: null };
  return channel.via === "dot"
    ? { ...endpoint, transport: "dot", identity }
    : { ...endpoint, transport: "doh", identity, path };
}

/**
 * A resolver that cannot reach the zone says SERVFAIL too, so one that refuses is asked again with CD set: only one that
 * has the data, and gives it to nobody else, was seen to validate (RFC 4035 §5.5).
 */
async function askBroken(
  text: string,
  asUsers: DnsQueryPort,
  unchecked: DnsQueryPort,
  signal: AbortSignal,
): Promise<BrokenNameSurvey> {
  const question: DnsQuestion = { name: nameOf(text), type: rrtype.A };
  const first = await asUsers.query("closest", question, signal);
  if (first.outcome === "no-response") return { outcome: "no-response", code: first.code };
  if (first.outcome === "message") {
    if (!hasData(first, question)) return { outcome: "unclear", code: emptyCode(first) };
    // What validates is not broken: a mistake of the policy, or mended since.
    return first.message.flags.ad
      ? { outcome: "unclear", code: "name-is-not-broken" }
      : { outcome: "answers", code: null };
  }
  if (first.code !== rcodeToText(rcode.SERVFAIL).toLowerCase()) return { outcome: "unclear", code: first.code };
  const second = await unchecked.query("closest", question, signal);
  return second.outcome === "message" && hasData(second, question)
    ? { outcome: "validates", code: first.code }
    : { outcome: "unclear", code: "broken-name-out-of-reach" };
}

type Answered = Extract<DnsAnswer, { outcome: "message" }>;

function hasData({ message }: Answered, { type }: DnsQuestion): boolean {
  return message.answer.some((record) => record.type === type);
}

function emptyCode({ message: { flags } }: Answered): string {
  return flags.rcode === rcode.NOERROR ? "no-data" : rcodeToText(flags.rcode).toLowerCase();
}

async function askWatched(
  one: ResolverSurveyRequest["watched"][number],
  port: DnsQueryPort,
  signal: AbortSignal,
): Promise<ResolverAnswer> {
  const question = { name: nameOf(one.name), type: typeOf(one.type) };
  const asked = await port.query("closest", question, signal);
  const { zone, name, type } = one;
  const none = { zone, name, type, rrset: null, authenticated: false } as const;
  if (asked.outcome !== "message") return { ...none, outcome: asked.outcome, code: asked.code };
  const { answer, flags } = asked.message;
  try {
    const own = answer.filter((record) => record.type === question.type && sameName(record.name, question.name));
    return { ...none, outcome: "answer", code: null, rrset: rrsetOf(own), authenticated: flags.ad };
  } catch (error) {
    if (error instanceof WireError) return { ...none, outcome: "unusable", code: error.code };
    throw error;
  }
}
