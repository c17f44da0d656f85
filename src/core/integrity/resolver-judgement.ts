import { since, formatDuration, second, type Instant } from "../../values/time.ts";
import type { ServiceState } from "../failover/state.ts";
import { sameData, type RRset } from "../plan/rrset.ts";
import type { Policy } from "../policy/policy.ts";
import type { WatchedExpectation } from "./expectation.ts";
import { watchedIn, zonesSeenIn } from "./expected-of.ts";
import type { IntegrityFinding } from "./report.ts";
import type { ResolverAnswer, ResolverSurvey } from "./resolver-survey.ts";

/** Unknown is never success: only a resolver that was seen to refuse what is broken is `validating`. */
type ResolverValidation = "validating" | "not-validating" | "no-response" | "unclear" | "not-checked";

/**
 * `as-expected`: what the journal says. `behind`: what stood before. `other`: neither. `no-answer`: silence, or a
 * response that is no answer. `not-known`: the journal does not say yet what should stand.
 */
type ResolverView = "as-expected" | "behind" | "other" | "no-answer" | "not-known";

/** What one round of questions to one resolver came to. JSON. */
export interface ResolverReport {
  readonly resolver: string;
  readonly vantage: string;
  readonly at: Instant;
  readonly validation: ResolverValidation;
  /** Of the transport or the response to the broken name; null: nothing to tell. */
  readonly code: string | null;
  readonly watched: readonly {
    readonly name: string;
    readonly type: string;
    readonly view: ResolverView;
    readonly authenticated: boolean;
    /** Until it asks again, in seconds; null: no answer, or none with a TTL. */
    readonly ttlLeft: number | null;
  }[];
  /** None rings integrity: what a resolver does says nothing of the zone, which its nameservers alone speak for. */
  readonly findings: readonly IntegrityFinding[];
}

/**
 * Judges what a resolver answered. `not-validating` is advice: its users are not protected, and nothing fails. What
 * keeps its users from the right answer is availability: silence, an old answer past its TTL, another answer.
 * @returns undefined for a resolver that the policy does not list.
 */
export function judgeResolver(
  policy: Policy,
  survey: ResolverSurvey,
  services: ReadonlyMap<string, ServiceState>,
): ResolverReport | undefined {
  const listed = policy.resolvers?.get(survey.resolver);
  if (listed === undefined) return undefined;
  const zones = zonesSeenIn(policy, listed.view);
  const { resolver, vantage, at, broken } = survey;
  const judged = survey.watched.map((answer) => {
    const zone = zones.get(answer.zone);
    const expected = zone && watchedIn(policy, zone, services).find((one) => isOf(one, answer));
    return { answer, expected, view: viewOf(answer, expected), required: zone?.dnssec === "required" };
  });
  const validation = validations[broken.outcome];
  const isSilent =
    judged.every(({ answer }) => answer.outcome === "no-response") &&
    (broken.outcome === "no-response" || (broken.outcome === "not-asked" && judged.length > 0));
  const findings = isSilent
    ? [silent(survey)]
    : [
        ...(validation === "not-validating" ? [notValidating(survey)] : []),
        ...judged.flatMap(({ answer, expected, view }) => answerFindings(survey, answer, expected, view)),
        ...judged.flatMap(({ answer, required }) =>
          validation === "validating" && required ? unauthenticated(survey, answer) : [],
        ),
      ];
  return {
    resolver,
    vantage,
    at,
    validation,
    code: broken.code,
    watched: judged.map(({ answer: { name, type, rrset, authenticated }, view }) => {
      const ttlLeft = rrset === null || rrset === "absent" ? null : rrset.ttl;
      return { name, type, view, authenticated, ttlLeft };
    }),
    findings,
  };
}

const validations = {
  validates: "validating",
  answers: "not-validating",
  "no-response": "no-response",
  unclear: "unclear",
  "not-asked": "not-checked",
} as const;

function isOf(one: { readonly name: string; readonly type: string }, answer: ResolverAnswer): boolean {
  return one.name === answer.name && one.type === answer.type;
}

function viewOf({ rrset }: ResolverAnswer, expected: WatchedExpectation | undefined): ResolverView {
  if (rrset === null) return "no-answer";
  if (expected === undefined || expected.current.length === 0) return "not-known";
  const among = (known: readonly (RRset | "absent")[]): boolean => known.some((one) => sameData(one, rrset));
  if (among(expected.current)) return "as-expected";
  return among(expected.earlier) ? "behind" : "other";
}

/** What a resolver may take beyond a TTL: the change reaches the last nameserver a while after the first. */
const slackMs = 60 * second;

function answerFindings(
  survey: ResolverSurvey,
  answer: ResolverAnswer,
  expected: WatchedExpectation | undefined,
  view: ResolverView,
): readonly IntegrityFinding[] {
  const about = `resolver ${survey.resolver} ${answer.name} ${answer.type}`;
  const { name, type, code } = answer;
  if (view === "no-answer")
    return [
      {
        code: "resolver-no-answer",
        bell: "availability",
        about,
        says: `Resolver ${survey.resolver} gives no answer for ${name} ${type} (${code ?? answer.outcome}).`,
        figures: { name, type, code },
        mend: "Ask it for the name yourself: pointsman inspect --resolver says whether the zone or the resolver is at fault.",
      },
    ];
  if (expected === undefined || (view !== "behind" && view !== "other")) return [];
  if (view === "other")
    return [
      {
        code: "resolver-differs",
        bell: "availability",
        about,
        says: `Resolver ${survey.resolver} answers ${name} ${type} with what no entry explains.`,
        figures: { name, type, rdata: answer.rrset === "absent" || answer.rrset === null ? [] : answer.rrset.rdata },
        mend: "See whether it rewrites answers (a local zone, a policy zone), and whether the nameservers agree.",
      },
    ];
  const ttlLeft = answer.rrset === "absent" || answer.rrset === null ? 0 : answer.rrset.ttl;
  const tailMs = Math.max(0, ...expected.earlier.map((one) => (one === "absent" ? 0 : one.ttl))) * second + slackMs;
  const sinceMs = since(expected.since, survey.at);
  // Inside the TTL of what stood before, an old answer is the tail of every change.
  if (sinceMs <= tailMs) return [];
  return [
    {
      code: "resolver-behind",
      bell: "availability",
      about,
      says: `Resolver ${survey.resolver} answers ${name} ${type} with what stood before, ${formatDuration(sinceMs)} after the change; ${ttlLeft} s are left of it there.`,
      figures: { name, type, sinceMs, ttlLeft },
      mend: "Flush the name there. See whether it stretches TTLs or serves stale answers (RFC 8767).",
    },
  ];
}

function unauthenticated(
  { resolver }: ResolverSurvey,
  { name, type, outcome, authenticated }: ResolverAnswer,
): readonly IntegrityFinding[] {
  if (outcome !== "answer" || authenticated) return [];
  return [
    {
      code: "resolver-unauthenticated",
      bell: "advice",
      about: `resolver ${resolver} ${name} ${type}`,
      says: `Resolver ${resolver} validates, and does not call ${name} ${type} authentic (AD is clear).`,
      figures: { name, type },
      mend: "See whether it has the zone's trust anchor, and no negative one for it.",
    },
  ];
}

function notValidating({ resolver, broken }: ResolverSurvey): IntegrityFinding {
  return {
    code: "not-validating",
    bell: "advice",
    about: `resolver ${resolver}`,
    says: `Resolver ${resolver} answers the name that is broken on purpose: it does not validate, and whoever asks it is not protected.`,
    figures: { code: broken.code },
    mend: "Turn validation on there, or ask another resolver.",
  };
}

function silent({ resolver, broken, watched }: ResolverSurvey): IntegrityFinding {
  const code = broken.code ?? watched[0]?.code ?? "no-response";
  return {
    code: "resolver-no-response",
    bell: "availability",
    about: `resolver ${resolver}`,
    says: `Resolver ${resolver} does not answer (${code}).`,
    figures: { code },
    mend: "See whether it runs and can be reached from here.",
  };
}
