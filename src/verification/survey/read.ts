import type { SignedRRset } from "../../dns/dnssec/records.ts";
import { rrsetsOf } from "../../dns/dnssec/rrset.ts";
import { sameName, type Name } from "../../dns/wire/name.ts";
import type { DnsQuestion } from "../../ports/dns-query.ts";
import type { Asked } from "../ask.ts";
import { authorityOf } from "../authority.ts";

/** One answer, read as the zone's own word on an RRset. */
export type Read =
  /** With authority. `rrset` is `undefined` where there is none of that type. */
  | { readonly outcome: "answer"; readonly rrset: SignedRRset | undefined }
  | { readonly outcome: "no-response" | "lame" | "malformed" | "no-route"; readonly code: string };

export function readOf(asked: Asked, zone: Name, { name, type }: DnsQuestion): Read {
  if (asked.outcome !== "message") return { outcome: asked.outcome, code: asked.code };
  if (asked.message.flags.tc) return { outcome: "malformed", code: "truncated-over-tcp" };
  const authority = authorityOf(asked.message, zone, name);
  if (authority.kind === "lame") return { outcome: "lame", code: authority.code };
  if (authority.kind === "cut") return { outcome: "lame", code: "referral" };
  const found = rrsetsOf(authority.records).find((one) => one.type === type && sameName(one.name, name));
  return { outcome: "answer", rrset: found };
}
