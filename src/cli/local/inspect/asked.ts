import { domainToASCII } from "node:url";
import { canonicalName, nameFromText, type Name } from "../../../dns/wire/name.ts";
import { typeFromText } from "../../../dns/wire/rrtype.ts";
import { badUsage } from "../../frame/failure.ts";

/** A domain name as people type it: with or without the final dot, in any script. @throws PointsmanError `bad-usage`. */
export function readName(text: string): Name {
  const isAscii = /^[ -~]*$/.test(text);
  const name = nameFromText(isAscii ? text : domainToASCII(text));
  if (name !== undefined) return canonicalName(name);
  throw badUsage(`"${text}" is not a domain name.`, "Give it as in login.example.com.");
}

const metaTypes = new Set(["OPT", "TKEY", "TSIG", "IXFR", "AXFR", "MAILA", "MAILB", "ANY"]);

/** @throws PointsmanError `bad-usage` for what is no type, or none that a single answer could be validated for. */
export function readType(text: string): number {
  const type = typeFromText(text);
  if (type !== undefined && !metaTypes.has(text.toUpperCase())) return type;
  throw badUsage(
    `"${text}" is not a type of records that can be looked at.`,
    "Give A, AAAA, MX, TXT, TLSA, HTTPS, or TYPE65280.",
  );
}
