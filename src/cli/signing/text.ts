import type { StatementResponse } from "../../api/contract/statement.ts";
import type { AnyStatement } from "../../core/authority/terms.ts";
import { sha256 } from "../../values/sha256.ts";
import { utf8 } from "../../values/octets.ts";
import { formatInstant } from "../../values/time.ts";
import { printable, type Paint } from "../frame/terminal.ts";

/** Exactly what is signed, in words: the effect, and the bounds of the statement. */
export function statementWords(statement: AnyStatement, text: string, paint: Paint): string {
  const { kind, by, as, says, policy, log, incident, reason, notBefore, expires } = statement;
  const capacity = [
    as.duty === null ? "" : `duty ${as.duty}`,
    as.role === null ? "" : `role ${as.role}`,
    as.delegation === null ? "" : `under ${as.delegation}`,
  ].filter((part) => part !== "");
  return printable(
    [
      paint.bold(says[0] ?? ""),
      ...says.slice(1).map((line) => `  ${line}`),
      paint.dim(`  statement  ${kind} ${sha256(utf8(text)).slice(0, 16)}`),
      paint.dim(`  by         ${by.person} with ${by.key}${capacity.length === 0 ? "" : `, ${capacity.join(", ")}`}`),
      paint.dim(`  counts     ${formatInstant(notBefore)} to ${formatInstant(expires)}`),
      paint.dim(`  policy     version ${policy.version}, ${policy.hash.slice(0, 12)}`),
      paint.dim(`  log        ${log.size} entries, ${log.root.slice(0, 12)}`),
      ...(incident === null ? [] : [paint.dim(`  incident   ${incident}`)]),
      ...(reason === null ? [] : [paint.dim("  reason     sealed")]),
    ].join("\n"),
  );
}

export function acceptedWords({ statement, entries }: StatementResponse, paint: Paint): string {
  const where = entries.map(({ sequence, type }) => `${sequence} ${type}`).join(", ");
  return `${paint.good("Accepted.")} Statement ${statement.slice(0, 16)}\n${paint.dim(`  in the journal: ${where}`)}`;
}
