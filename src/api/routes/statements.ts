import { statementHash } from "../../core/authority/statement.ts";
import type { Operations } from "../../ports/operations.ts";
import type { ReasonOpening, StatementSource } from "../../ports/statements.ts";
import { fromBase64 } from "../../values/octets.ts";
import type { Refusal } from "../../values/refusal.ts";
import { version } from "../contract/common.ts";
import type { ReasonFile, StatementFile, StatementResponse } from "../contract/statement.ts";
import { badRequest } from "./refusals.ts";

/** Hands a statement to the controller. Whatever way it came, the answer is the same. */
export async function takeStatement(
  operations: Operations,
  { statement, proof, reason }: StatementFile,
  source: StatementSource,
): Promise<{ readonly response: StatementResponse } | { readonly refusal: Refusal }> {
  const opening = reason === null ? null : openingOf(reason);
  if (opening === undefined) {
    operations.refusedAtDoor(source, "bad-request");
    return { refusal: badRequest("The reason's salt and value are not base64.") };
  }
  const result = await operations.submitStatement({ statement, proof }, opening, source);
  if (!result.accepted) return { refusal: result.refusal };
  const entries = result.entries.map((sequence, index) => ({ sequence, type: result.events[index]?.type ?? "" }));
  return { response: { v: version, statement: statementHash({ statement }), entries } };
}

function openingOf(reason: ReasonFile): ReasonOpening | undefined {
  const [salt, value] = [fromBase64(reason.salt), fromBase64(reason.value)];
  return salt === undefined || value === undefined ? undefined : { salt, value };
}
