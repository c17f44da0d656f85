import type { GuardResponse } from "../../api/contract/guard.ts";
import type { Paint } from "../frame/terminal.ts";
import { clean } from "./clean.ts";
import { table } from "./table.ts";

export function guardText(given: GuardResponse, paint: Paint): string {
  const guard = clean(given);
  const rows = guard.records.map(({ service, record, name, type, state, says }) => [
    state === "home" ? paint.good(state) : paint.bad(state),
    `${service}/${record}`,
    `${name} ${type}`,
    says,
  ]);
  return [table(rows), guard.clear ? paint.good("Clear.") : paint.bad("Not clear: leave these records alone.")].join(
    "\n",
  );
}
