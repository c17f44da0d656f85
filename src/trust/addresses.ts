import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { Validator } from "../dns/dnssec/validator.ts";
import type { Validation } from "../dns/dnssec/verdict.ts";
import { canonicalName, labelsOf, nameFromText, type Name } from "../dns/wire/name.ts";
import { rrtype } from "../dns/wire/rrtype.ts";
import type { Instant } from "../values/time.ts";
import { refusalOf, type Requirement } from "./judgement.ts";
import { TrustError } from "./trust-error.ts";

export interface TrustedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The addresses of a name that may be used, and what that rests on. */
export interface TrustedAddresses {
  /** At least one. */
  readonly addresses: readonly TrustedAddress[];
  /** Of the answers that they come from, the weaker; `literal`: an address was given, and nothing asked. */
  readonly verdict: "secure" | "insecure" | "literal";
  /** Of A and AAAA, as they were asked for. */
  readonly validations: readonly Validation[];
}

export interface AddressQuery {
  readonly validator: Validator;
  readonly now: Instant;
  readonly signal: AbortSignal;
  readonly require: Requirement;
  /** 0: both. */
  readonly family: 0 | 4 | 6;
}

/**
 * Resolves A and AAAA, and refuses whatever may not be used. One bogus answer refuses the name. Where one of the two is
 * merely not known, the other may do, for it is proven by itself.
 * @throws TrustError
 */
export async function trustedAddresses(host: string, query: AddressQuery): Promise<TrustedAddresses> {
  const literal = isIP(host);
  if (literal !== 0) {
    return { addresses: [{ address: host, family: literal === 4 ? 4 : 6 }], verdict: "literal", validations: [] };
  }
  const name = readHost(host);
  if (isLocalhost(name)) return loopback(query.family);
  const families = ([4, 6] as const).filter((family) => query.family === 0 || query.family === family);
  const answers = await Promise.all(families.map((family) => askFor(name, family, query)));
  const refusals = answers.flatMap(({ refusal }) => refusal ?? []);
  const found = answers.filter(({ refusal }) => refusal === undefined).flatMap(({ addresses }) => addresses);
  const decisive = refusals.find(({ code }) => code === "trust-bogus" || code === "trust-insecure");
  const [refusal] = refusals;
  if (decisive !== undefined) throw decisive;
  if (found.length === 0) throw refusal ?? noAddress(host, answers[0]?.validation ?? null);
  const used = answers.filter((answer) => answer.refusal === undefined);
  return {
    addresses: found,
    verdict: used.every(({ validation }) => validation.verdict === "secure") ? "secure" : "insecure",
    validations: answers.map(({ validation }) => validation),
  };
}

async function askFor(
  name: Name,
  family: 4 | 6,
  { validator, now, signal, require }: AddressQuery,
): Promise<{ validation: Validation; refusal: TrustError | undefined; addresses: readonly TrustedAddress[] }> {
  const type = family === 4 ? rrtype.A : rrtype.AAAA;
  const validation = await validator.resolve({ name, type }, now, signal);
  const addresses = validation.answer
    .filter((link) => link.type === validation.type)
    .flatMap(({ rdata }) => rdata.map((address): TrustedAddress => ({ address, family })));
  return { validation, refusal: refusalOf(validation, require), addresses };
}

/** A domain name in any script. @throws TrustError `trust-not-a-name`. */
export function readHost(host: string): Name {
  const name = nameFromText(/^[ -~]*$/.test(host) ? host : domainToASCII(host));
  if (name !== undefined) return canonicalName(name);
  throw new TrustError("trust-not-a-name", `"${host}" is not a domain name.`, "Give it as in api.example.com.");
}

/** RFC 6761 §6.3: never asked of anybody. */
function isLocalhost(name: Name): boolean {
  return Buffer.from(labelsOf(name).at(-1) ?? []).toString("latin1") === "localhost";
}

function loopback(family: 0 | 4 | 6): TrustedAddresses {
  const both = [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ] as const;
  return {
    addresses: both.filter((one) => family === 0 || one.family === family),
    verdict: "literal",
    validations: [],
  };
}

function noAddress(host: string, validation: Validation | null): TrustError {
  const says = validation?.outcome === "no-name" ? "does not exist" : "has no address";
  return new TrustError("trust-no-address", `${host} ${says}.`, "Look at how the name is written.", validation);
}
