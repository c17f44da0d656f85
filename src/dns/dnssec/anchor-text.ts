import { fromHex, utf8 } from "../../values/octets.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { minute, hour, instant, parseInstant, type Instant } from "../../values/time.ts";
import { canonicalName, nameFromText, type Name } from "../wire/name.ts";
import { rdataFromText } from "../wire/rdata.ts";
import { classFromText, rrclass } from "../wire/rrtype.ts";
import { anchorOctetsMax } from "./limits.ts";
import { parseDnskey, parseDs } from "./parse.ts";
import type { DelegationSigner, DnsKey } from "./records.ts";

/** One trust anchor: a digest of a key, or the key itself, believed without a signature (RFC 4033 §2). */
export type TrustAnchor = {
  readonly zone: Name;
  /** When it begins and ends to be believed; null: no such limit. Only RFC 9718 XML says so. */
  readonly from: Instant | null;
  readonly until: Instant | null;
} & ({ readonly form: "ds"; readonly ds: DelegationSigner } | { readonly form: "dnskey"; readonly key: DnsKey });

/**
 * Reads trust anchors: the XML of RFC 9718 §2, or DS and DNSKEY records as master-file text (RFC 1035 §5.1: comments,
 * parentheses, TTL and class left out or not; names absolute with or without the final dot).
 * @throws PointsmanError `anchor-unreadable`, naming the record that is at fault.
 */
export function readAnchors(text: string): readonly TrustAnchor[] {
  if (utf8(text).length > anchorOctetsMax) throw unreadable(`it has more than ${anchorOctetsMax} octets`);
  const anchors = text.trimStart().startsWith("<") ? readXml(text) : readMasterFile(text);
  if (anchors.length === 0) throw unreadable("it has no DS and no DNSKEY");
  return anchors;
}

function readMasterFile(text: string): readonly TrustAnchor[] {
  // A `;` begins a comment, and parentheses join lines. Neither DS nor DNSKEY has quotes or escapes.
  const joined = text
    .replace(/;[^\n]*/g, "")
    .replace(/\(([^()]*)\)/g, (_, inner: string) => inner.replace(/\s+/g, " "));
  const anchors: TrustAnchor[] = [];
  for (const line of joined.split(/\r?\n/)) {
    const words = line.split(/\s+/).filter((word) => word !== "");
    if (words.length > 0) anchors.push(readRecord(words));
  }
  return anchors;
}

function readRecord(words: readonly string[]): TrustAnchor {
  const shown = words.join(" ").slice(0, 80);
  const zone = canonical(nameFromText(words[0] ?? ""));
  let at = 1;
  // A TTL and a class stand before the type, in either order, each or none.
  while (at < 3 && (/^\d+$/.test(words[at] ?? "") || classFromText(words[at] ?? "") === rrclass.IN)) at += 1;
  const type = (words[at] ?? "").toUpperCase();
  if (zone === undefined) throw unreadable(`"${shown}" does not begin with a domain name`);
  if (type !== "DS" && type !== "DNSKEY") throw unreadable(`"${shown}" is neither a DS nor a DNSKEY`);
  const rdata = fromHex(rdataFromText(type, words.slice(at + 1).join(" ")) ?? "-");
  const always = { zone, from: null, until: null };
  if (type === "DS") {
    const ds = rdata === undefined ? undefined : parseDs(rdata);
    if (ds === undefined) throw unreadable(`"${shown}" is not a DS (RFC 4034 §5.3)`);
    return { ...always, form: "ds", ds };
  }
  const key = rdata === undefined ? undefined : parseDnskey(zone, rdata);
  if (key === undefined) throw unreadable(`"${shown}" is not a DNSKEY (RFC 4034 §2.2)`);
  return { ...always, form: "dnskey", key };
}

/** In lower case, as all zones of a chain are. */
function canonical(zone: Name | undefined): Name | undefined {
  return zone === undefined ? undefined : canonicalName(zone);
}

/** RFC 9718 §2.1.1. What else an element or attribute says is not looked at: the digest alone is believed. */
function readXml(text: string): readonly TrustAnchor[] {
  const body = text.replace(/<!--[^]*?-->/g, "");
  const zone = canonical(nameFromText(element(body, "Zone")));
  if (zone === undefined) throw unreadable("its <Zone> is not a domain name");
  return [...body.matchAll(/<KeyDigest\b([^>]*)>([^]*?)<\/KeyDigest\s*>/g)].map(([, attributes = "", inner = ""]) => {
    const fields = ["KeyTag", "Algorithm", "DigestType", "Digest"].map((tag) => element(inner, tag));
    const rdata = fromHex(rdataFromText("DS", fields.join(" ")) ?? "-");
    const ds = rdata === undefined ? undefined : parseDs(rdata);
    if (ds === undefined) throw unreadable(`the <KeyDigest> of tag ${fields[0] ?? ""} is not a DS (RFC 9718 §2.1.1)`);
    const from = dateTime(attributes, "validFrom") ?? null;
    return { zone, from, until: dateTime(attributes, "validUntil") ?? null, form: "ds", ds };
  });
}

function element(xml: string, tag: string): string {
  const found = [...xml.matchAll(new RegExp(`<${tag}>\\s*([^<>&]*?)\\s*</${tag}\\s*>`, "g"))];
  if (found.length !== 1) throw unreadable(`it has ${found.length} <${tag}> where one belongs (RFC 9718 §2.1.1)`);
  return found[0]?.[1] ?? "";
}

/** An xsd:dateTime such as `2017-02-02T00:00:00+00:00`; `undefined` when the attribute is not there. */
function dateTime(attributes: string, name: string): Instant | undefined {
  const [, text] = new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes) ?? [];
  if (text === undefined) return undefined;
  const [, local = "", sign = "+", hours = "0", minutes = "0"] = /^(.*?)(?:Z|([+-])(\d\d):(\d\d))$/.exec(text) ?? [];
  const at = parseInstant(`${local}Z`);
  if (at === undefined) throw unreadable(`${name}="${text}" is not a time such as 2017-02-02T00:00:00+00:00`);
  const offset = Number(hours) * hour + Number(minutes) * minute;
  return instant(sign === "-" ? at + offset : at - offset);
}

function unreadable(what: string): PointsmanError {
  return new PointsmanError({
    code: "anchor-unreadable",
    says: `The trust anchor cannot be read: ${what}.`,
    figures: {},
    mend: "Give DS or DNSKEY records as in a zone file, or the XML of RFC 9718 (data.iana.org/root-anchors).",
  });
}
