import type { CheckedAuthenticity } from "../core/failover/verification.ts";
import { sameData } from "../core/plan/rrset.ts";
import { publicView } from "../core/policy/zone-key.ts";
import type { Validation } from "../dns/dnssec/verdict.ts";
import type { Validator } from "../dns/dnssec/validator.ts";
import { nameFromOctets, type Name, nameOf } from "../dns/wire/name.ts";
import type { Message } from "../dns/wire/record.ts";
import { rrtype } from "../dns/wire/rrtype.ts";
import type { AnswerAuthenticator } from "../ports/answer-authenticator.ts";
import type { DnsQuestion } from "../ports/dns-query.ts";
import type { NameserverEndpoint, Reading } from "../ports/records.ts";
import { invariant } from "../values/invariant.ts";
import type { NonEmpty } from "../values/non-empty.ts";
import type { Instant } from "../values/time.ts";
import { ask, type ReaderMeans } from "./ask.ts";
import { askedName, readingOf, typeOf } from "./record-reader.ts";

/** Who asks from here, as one of a view's audience. */
export interface Onlooker {
  readonly vantage: string;
  readonly means: ReaderMeans;
}

export interface AuthenticatorParts {
  /** Of a view, those that corroborate each other; the first of them validates. */
  readonly onlookersOf: (view: string) => NonEmpty<Onlooker>;
  /** Of a view: its chains of trust come by ways of its own; only the answer is this nameserver's. */
  readonly validatorOf: (view: string) => Validator;
}

type Expected = Parameters<AnswerAuthenticator["authenticate"]>[1];

/**
 * Validates what one address of one nameserver answers over TCP, where nobody on the way puts in an answer of their own.
 * Where an alias is secure, the addresses that it leads to are validated too, each by its own zone. What nobody signed is
 * asked for from every vantage: a forger would have to stand in the way of each.
 */
export function answerAuthenticator({ onlookersOf, validatorOf }: AuthenticatorParts): AnswerAuthenticator {
  return {
    async authenticate(server, expected, signal) {
      const view = server.view ?? publicView;
      const [first, ...others] = onlookersOf(view);
      const answer = await streamed(first, server, expected, signal);
      if ("code" in answer) return { verdict: "indeterminate", code: answer.code, vantages: [] };
      const validator = validatorOf(view);
      const { question, message, at } = answer;
      const own = await validator.judge(question, message, at, signal);
      const target = own.verdict === "secure" ? aliasTarget(message, question.type) : undefined;
      const behind = target === undefined ? [] : await addressesOf(validator, target, first.means, signal);
      const { verdict, code } = worstOf([own, ...behind]);
      const elsewhere = verdict === "insecure" ? others : [];
      const also = await Promise.all(
        elsewhere.map(async (one) => ({ one, answer: await streamed(one, server, expected, signal) })),
      );
      const seen = [{ one: first, answer }, ...also].filter((each) => isData(each.answer, expected));
      return { verdict, code, vantages: seen.map(({ one }) => one.vantage) };
    },
  };
}

interface Streamed {
  readonly question: DnsQuestion;
  readonly message: Message;
  readonly reading: Reading;
  readonly at: Instant;
}

/** What the nameserver says of its zone over TCP, with its signatures; or why it says nothing. */
async function streamed(
  { means }: Onlooker,
  server: NameserverEndpoint,
  expected: Expected,
  signal: AbortSignal,
): Promise<Streamed | { readonly code: string }> {
  const question = { name: askedName(expected, means.entropy), type: typeOf(expected.type) };
  const asked = await ask(means, server, question, "tcp", signal, "signatures");
  if (asked.outcome !== "message") return { code: asked.code };
  const reading = readingOf(asked.message, { zone: nameOf(expected.zone), ...question }, asked.at);
  if (reading.outcome !== "answer") return { code: reading.code };
  return { question, message: asked.message, reading, at: asked.at };
}

function isData(answer: Streamed | { readonly code: string }, { rrset }: Expected): boolean {
  return "reading" in answer && answer.reading.outcome === "answer" && sameData(answer.reading.rrset, rrset);
}

/** Where a steered alias leads. */
function aliasTarget({ answer }: Message, type: number): Name | undefined {
  const alias = type === rrtype.CNAME ? answer.find((record) => record.type === rrtype.CNAME) : undefined;
  return alias === undefined ? undefined : nameFromOctets(alias.rdata);
}

function addressesOf(
  validator: Validator,
  name: Name,
  { clock }: ReaderMeans,
  signal: AbortSignal,
): Promise<readonly Validation[]> {
  const now = clock.now();
  return Promise.all([rrtype.A, rrtype.AAAA].map((type) => validator.resolve({ name, type }, now, signal)));
}

const worstFirst: readonly Validation["verdict"][] = ["bogus", "unverifiable", "indeterminate", "insecure", "secure"];

function worstOf(validations: readonly Validation[]): Pick<CheckedAuthenticity, "verdict" | "code"> {
  const [worst] = validations.toSorted((a, b) => worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict));
  invariant(worst !== undefined, "an answer was validated");
  return { verdict: worst.verdict, code: worst.reasons.at(-1)?.code ?? worst.verdict };
}
