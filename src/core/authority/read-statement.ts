import { parseCanonicalJson } from "../../values/json.ts";
import { utf8 } from "../../values/octets.ts";
import { statementFrame } from "./statement.ts";
import { termsOf, type AnyStatement } from "./terms.ts";

/** Octets of a statement at most; what is larger is refused before anything else is looked at. */
export const statementOctetsMax = 32_768;

/** Why octets are no statement; the sentence is in refusals.ts. */
export type StatementFault = "statement-too-large" | "statement-not-canonical" | "statement-malformed";

/** Reads a statement strictly: canonical octets, every member and no other, and terms of its kind's form. */
export function readStatement(text: string): AnyStatement | StatementFault {
  if (utf8(text).length > statementOctetsMax) return "statement-too-large";
  const value = parseCanonicalJson(text);
  if (value === undefined) return "statement-not-canonical";
  const read = statementFrame.safeParse(value);
  return (read.success ? termsOf(read.data) : undefined) ?? "statement-malformed";
}
