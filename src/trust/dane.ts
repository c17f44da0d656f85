import type { X509Certificate } from "node:crypto";
import type { Validator } from "../dns/dnssec/validator.ts";
import type { Validation } from "../dns/dnssec/verdict.ts";
import { nameFromText, nameToText, type Name } from "../dns/wire/name.ts";
import { rrtype } from "../dns/wire/rrtype.ts";
import type { Instant } from "../values/time.ts";
import type { TrustedAddresses } from "./addresses.ts";
import { refusalOf } from "./judgement.ts";
import { matches, usableTlsa, type Tlsa } from "./tlsa.ts";

/** The TLSA records that bind a server, and the names that its certificate may be made out to. */
export interface DaneBinding {
  /** Empty: there is none, and the public authorities alone decide. */
  readonly records: readonly Tlsa[];
  /** The TLSA base domain first (RFC 7671 §7), without the final dot. */
  readonly names: readonly string[];
}

interface DaneQuery {
  readonly host: Name;
  readonly port: number;
  readonly addresses: TrustedAddresses;
  readonly validator: Validator;
  readonly now: Instant;
  readonly signal: AbortSignal;
}

/**
 * Asks for the TLSA records of a server: under the name that a secure alias leads to first, then under its own (RFC 7671
 * §7). Only secure ones bind (RFC 6698 §4.1). Where the addresses are insecure, records could bind nobody, and none are
 * asked for (RFC 7672 §2.2.2).
 * @throws TrustError when the records are bogus, or it is not known whether there are any: that might be an attack.
 */
export async function daneBinding(query: DaneQuery): Promise<DaneBinding> {
  const own = nameToText(query.host);
  const none = { records: [], names: [plain(own)] };
  if (query.addresses.verdict !== "secure") return none;
  const target = targetOf(query.addresses.validations);
  for (const base of target === own ? [own] : [target, own]) {
    // oxlint-disable-next-line no-await-in-loop -- the second name is asked only where the first has none
    const records = await recordsUnder(base, query);
    if (records.length > 0) return { records, names: [...new Set([base, own].map(plain))] };
  }
  return none;
}

async function recordsUnder(base: string, { port, validator, now, signal }: DaneQuery): Promise<readonly Tlsa[]> {
  const name = nameFromText(`_${port}._tcp.${base}`);
  // A name too long for these two labels can have no such records.
  if (name === undefined) return [];
  const validation = await validator.resolve({ name, type: rrtype.TLSA }, now, signal);
  const refusal = refusalOf(validation, "not-bogus");
  if (refusal !== undefined) throw refusal;
  if (validation.verdict !== "secure") return [];
  return usableTlsa(validation.answer.filter(({ type }) => type === "TLSA").flatMap(({ rdata }) => rdata));
}

/** The owner of the addresses: where aliases end. */
function targetOf(validations: readonly Validation[]): string {
  const found = validations.find(({ answer, type }) => answer.some((link) => link.type === type)) ?? validations[0];
  return found?.answer.findLast(({ type }) => type === found.type)?.name ?? found?.name ?? ".";
}

function plain(name: string): string {
  return name.replace(/\.$/, "");
}

/** What a server proved by the public authorities: that a trusted one vouches for a certificate made out to the name. */
export type PublicProof = "proven" | "not-proven";

/**
 * Whether the certificate, the first of its path, is one that the records name (RFC 7671 §5). `anchor`: a certificate in its path is named as one
 * to trust (DANE-TA); whether the path leads there MUST be checked with these as the only authorities.
 */
export function judgeCertificate(
  { records }: DaneBinding,
  path: readonly X509Certificate[],
  byAuthorities: PublicProof,
):
  | { readonly outcome: "matches" | "differs" }
  | { readonly outcome: "anchor"; readonly authorities: readonly string[] } {
  const [leaf, ...issuers] = path;
  if (leaf === undefined) return { outcome: "differs" };
  for (const record of records) {
    const { usage } = record;
    // RFC 7671 §5.1: neither names nor dates of it count.
    if (usage === 3 && matches(record, leaf)) return { outcome: "matches" };
    if (byAuthorities === "not-proven") continue;
    if (usage === 1 && matches(record, leaf)) return { outcome: "matches" };
    if (usage === 0 && issuers.some((issuer) => matches(record, issuer))) return { outcome: "matches" };
  }
  const anchors = records.filter(({ usage }) => usage === 2);
  const authorities = issuers.filter((issuer) => anchors.some((record) => matches(record, issuer)));
  const given = anchors
    .filter(({ selector, matching }) => selector === 0 && matching === 0)
    .map(({ data }) => pemOf(data));
  const all = [...authorities.map((issuer) => issuer.toString()), ...given];
  return all.length === 0 ? { outcome: "differs" } : { outcome: "anchor", authorities: all };
}

/** A record may hold the whole certificate, which the server then need not send (RFC 7671 §5.2.2). */
function pemOf(der: Uint8Array): string {
  const lines = Buffer.from(der).toString("base64").replaceAll(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
