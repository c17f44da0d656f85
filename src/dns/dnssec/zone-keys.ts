import { add, day, second, type Instant } from "../../values/time.ts";
import { equalOctets } from "../../values/octets.ts";
import { canonicalText, type Name, sameName } from "../wire/name.ts";
import { rrtype } from "../wire/rrtype.ts";
import { isSupportedAlgorithm, isSupportedDigest, type AlgorithmOptions } from "./algorithms.ts";
import { dsMatches } from "./digest.ts";
import type { Inquiry } from "./inquiry.ts";
import { dsMax, keysPerZoneMax } from "./limits.ts";
import { parseDnskey } from "./parse.ts";
import { publicKeyOf } from "./public-key.ts";
import { bogus, earlier, fault, reason, spent, timeText, type Fault } from "./reasons.ts";
import type { DelegationSigner, DnsKey, SignedRRset } from "./records.ts";
import { rrsetsOf } from "./rrset.ts";
import { checkRRset, type RRsetCheck } from "./signature.ts";
import type { Step, Trust } from "./step.ts";
import type { KeyView, SignatureView, ZoneLink } from "./verdict.ts";
import { bareLink, dsView, keyView } from "./views.ts";

/** However long a TTL is, a zone is asked again after this. */
const keptMax = day;

/**
 * Asks a zone for its DNSKEY set and validates it: some key of it is vouched for, and that key signed the set (RFC 4035
 * §5.2). Where nothing that vouches is of a supported algorithm and digest, the zone counts as insecure.
 */
export async function zoneStep(inquiry: Inquiry, zone: Name, trust: Trust): Promise<Step> {
  const unsupported = whyUnsupported(zone, trust, inquiry.options);
  const claimed = trust.ds.map((ds) => dsView(ds, [], inquiry.options));
  if (unsupported !== undefined) {
    const link = { ...bareLink(zone, "insecure"), ds: claimed };
    return { kind: "insecure", fault: unsupported, link, reasons: trust.reasons, until: trust.until };
  }
  const asked = await inquiry.ask(zone, { name: zone, type: rrtype.DNSKEY });
  const rrset = asked.message === null ? undefined : rrsetsOf(asked.message.answer).find((one) => isKeysOf(one, zone));
  if (rrset === undefined) {
    const why = asked.fault ?? bogus("no-dnskey", about(zone), `${voucherText(trust)}, and there is no DNSKEY set.`);
    return failedStep(trust, why, { ...bareLink(zone, why.verdict), ds: claimed });
  }
  return judgeKeys(inquiry, zone, rrset, trust);
}

/** Validates a DNSKEY set in hand: some key of it is vouched for, and signed it. */
export async function judgeKeys(inquiry: Inquiry, zone: Name, rrset: SignedRRset, trust: Trust): Promise<Step> {
  const { options, now } = inquiry;
  if (rrset.rdata.length > keysPerZoneMax) {
    const why = spent(about(zone), `There are ${rrset.rdata.length} keys; up to ${keysPerZoneMax} are looked at.`);
    return failedStep(trust, why, bareLink(zone, why.verdict));
  }
  const keys = rrset.rdata.flatMap((rdata) => parseDnskey(zone, rdata) ?? []);
  const vouched = keys.filter((key) => isVouchedFor(key, trust, options));
  inquiry.budget.step();
  const check: RRsetCheck | undefined =
    vouched.length === 0 ? undefined : await checkRRset(rrset, zone, vouched, inquiry);
  const signatures = check !== undefined && "views" in check ? check.views : [];
  const linkOf = linker(zone, { keys, vouched, trust, signatures, options });
  if (check?.outcome === "valid") {
    const kept = add(now, Math.min(check.ttl * second, keptMax));
    const until = earlier(trust.until, earlier(check.until, kept));
    const { tag, algorithm } = check.key;
    const has = keys.length === 1 ? "Its one key is" : `Its ${keys.length} keys are`;
    const says = `${has} signed by key ${tag} (algorithm ${algorithm}), ${timesText(check.until)}.`;
    const reasons = [...trust.reasons, reason("keys-secure", about(zone), says)];
    return { kind: "zone", zone: { zone, keys, until, trust }, link: linkOf("secure"), reasons, until };
  }
  const why = check === undefined ? noneVouched(zone, keys, trust) : whyNotValid(zone, check, vouched);
  if (why.verdict === "insecure") {
    const until = earlier(trust.until, add(now, Math.min(rrset.ttl * second, keptMax)));
    return { kind: "insecure", fault: why, link: linkOf("insecure"), reasons: trust.reasons, until };
  }
  return failedStep(trust, why, linkOf(why.verdict));
}

/** Whether it is the DNSKEY set of this zone. */
export function isKeysOf({ type, name }: SignedRRset, zone: Name): boolean {
  return type === rrtype.DNSKEY && sameName(name, zone);
}

/** RFC 4035 §5.2: no supported algorithm in what vouches: as if there were no DS. RFC 6840 §5.2 for digests. */
function whyUnsupported(zone: Name, { by, ds, keys }: Trust, options: AlgorithmOptions): Fault | undefined {
  const algorithms = [...ds, ...keys].map(({ algorithm }) => algorithm);
  if (!algorithms.some((algorithm) => isSupportedAlgorithm(algorithm, options))) {
    const says = `${by === "ds" ? "Its DS has" : "Its anchor has"} unsupported algorithms alone (${listed(algorithms)}).`;
    return fault("insecure", "unsupported-algorithm", about(zone), says);
  }
  const isUsable =
    keys.some(({ algorithm }) => isSupportedAlgorithm(algorithm, options)) || usableDs(ds, options).length > 0;
  if (isUsable) return undefined;
  const says = `${by === "ds" ? "Its DS has" : "Its anchor has"} unsupported digests alone (${listed(ds.map(({ digestType }) => digestType))}).`;
  return fault("insecure", "unsupported-digest", about(zone), says);
}

function usableDs(ds: readonly DelegationSigner[], options: AlgorithmOptions): readonly DelegationSigner[] {
  return ds.filter(
    ({ algorithm, digestType }) => isSupportedAlgorithm(algorithm, options) && isSupportedDigest(digestType, options),
  );
}

function isVouchedFor(key: DnsKey, { ds, keys }: Trust, options: AlgorithmOptions): boolean {
  if (keys.some(({ rdata }) => equalOctets(rdata, key.rdata))) return isSupportedAlgorithm(key.algorithm, options);
  return usableDs(ds, options)
    .slice(0, dsMax)
    .some((one) => dsMatches(one, key, options) === "match");
}

function noneVouched(zone: Name, keys: readonly DnsKey[], trust: Trust): Fault {
  if (trust.ds.length > dsMax) {
    const says = `${trust.ds.length} DS records vouch for its keys; up to ${dsMax} are looked at, and none of these matches a key.`;
    return spent(about(zone), says);
  }
  const code = trust.by === "anchor" ? "anchor-matches-no-key" : "ds-matches-no-key";
  const tags = listed(keys.map(({ tag }) => tag));
  return bogus(code, about(zone), `${voucherText(trust)}, and none is among the keys that the zone has (${tags}).`);
}

function whyNotValid(zone: Name, check: Exclude<RRsetCheck, { outcome: "valid" }>, vouched: readonly DnsKey[]): Fault {
  switch (check.outcome) {
    case "spent":
      return spent(about(zone), `Its DNSKEY set costs more signature checks than a step of the chain may.`);
    case "no-signature":
      return bogus("no-signature", about(zone), "Its DNSKEY set has no signature.");
    case "invalid":
      return bogus(check.code, about(zone), `Its DNSKEY set: ${check.says}`);
    case "unsupported": {
      // As if the algorithm were unsupported, but only where no key that is vouched for can be used: otherwise whoever
      // drops a signature on the way would make the zone insecure.
      if (vouched.every((key) => publicKeyOf(key).outcome === "beyond-limits")) {
        const says = `The keys that are vouched for (${listed(vouched.map(({ tag }) => tag))}) are beyond the limits of this validator.`;
        return fault("insecure", "unsupported-algorithm", about(zone), says);
      }
      return bogus("no-key-for-signature", about(zone), "No usable key that is vouched for signed its DNSKEY set.");
    }
  }
}

interface Parts {
  readonly keys: readonly DnsKey[];
  readonly vouched: readonly DnsKey[];
  readonly trust: Trust;
  readonly signatures: readonly SignatureView[];
  readonly options: AlgorithmOptions;
}

function linker(
  zone: Name,
  { keys, vouched, trust, signatures, options }: Parts,
): (verdict: ZoneLink["verdict"]) => ZoneLink {
  return (verdict) => {
    const trustOf = (key: DnsKey): KeyView["trustedBy"] => {
      if (vouched.includes(key)) return trust.by;
      return verdict === "secure" ? "signed" : "none";
    };
    return {
      zone: canonicalText(zone),
      verdict,
      ds: trust.ds.slice(0, dsMax).map((ds) => dsView(ds, keys, options)),
      keys: keys.map((key) => keyView(key, trustOf(key))),
      signatures,
    };
  };
}

function failedStep(trust: Trust, why: Fault, link: ZoneLink): Step {
  return { kind: "failed", fault: why, link, reasons: trust.reasons };
}

function voucherText({ by, ds, keys }: Trust): string {
  const tags = listed([...ds, ...keys].map(({ tag }) => tag));
  return `${by === "anchor" ? "Anchors" : "DS records"} vouch for key ${tags}`;
}

function timesText(until: Instant): string {
  return `until ${timeText(until)}`;
}

function listed(numbers: readonly number[]): string {
  return [...new Set(numbers)].slice(0, 12).join(", ");
}

function about(zone: Name): { readonly zone: Name; readonly name: Name; readonly type: number } {
  return { zone, name: zone, type: rrtype.DNSKEY };
}
