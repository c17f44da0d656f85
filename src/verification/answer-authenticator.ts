import type { CheckedAuthenticity } from "../core/failover/verification.ts";
import type { Validation } from "../dns/dnssec/verdict.ts";
import type { Validator } from "../dns/dnssec/validator.ts";
import { nameFromOctets, type Name, nameOf } from "../dns/wire/name.ts";
import type { Message } from "../dns/wire/record.ts";
import { rrtype, typeFromText } from "../dns/wire/rrtype.ts";
import type { AnswerAuthenticator } from "../ports/answer-authenticator.ts";
import { invariant } from "../values/invariant.ts";
import { ask, type ReaderMeans } from "./ask.ts";
import { authorityOf } from "./authority.ts";

export interface AuthenticatorParts {
  readonly means: ReaderMeans;
  /** Its chains of trust come by ways of its own; only the answer is this nameserver's. */
  readonly validator: Validator;
  /** The vantage that looks from here; null: none does. */
  readonly vantage: string | null;
}

/**
 * Validates what one address of one nameserver answers over TCP, where nobody on the way puts in an answer of their own.
 * Where an alias is secure, the addresses that it leads to are validated too, each by its own zone.
 */
export function answerAuthenticator({ means, validator, vantage }: AuthenticatorParts): AnswerAuthenticator {
  return {
    async authenticate(server, { zone, name: text, type: mnemonic }, signal) {
      const type = typeFromText(mnemonic);
      invariant(type !== undefined, `${mnemonic} is a type of records`);
      const name = nameOf(text);
      const asked = await ask(means, server, { name, type }, "tcp", signal, "signatures");
      if (asked.outcome !== "message") return { verdict: "indeterminate", code: asked.code, vantages: [] };
      const authority = authorityOf(asked.message, nameOf(zone), name);
      if (authority.kind !== "zone") {
        const code = authority.kind === "lame" ? authority.code : "referral";
        return { verdict: "indeterminate", code, vantages: [] };
      }
      const own = await validator.judge({ name, type }, asked.message, asked.at, signal);
      const target = own.verdict === "secure" ? aliasTarget(asked.message, type) : undefined;
      const behind = target === undefined ? [] : await addressesOf(validator, target, means, signal);
      const { verdict, code } = worstOf([own, ...behind]);
      return { verdict, code, vantages: vantage === null ? [] : [vantage] };
    },
  };
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
