import type { PlanResponse } from "../../api/contract/plan.ts";
import { inView } from "../../api/contract/in-view.ts";
import type { Paint } from "../frame/terminal.ts";
import { clean } from "./clean.ts";
import { indented } from "./table.ts";
import { gateLines, headerWords, placementWords, rrsetWords, section } from "./words.ts";

export function planText(given: PlanResponse, paint: Paint): string {
  const plan = clean(given);
  const who = plan.whoCanAct.length === 0 ? "" : ` (${plan.whoCanAct.join(", ")})`;
  return [
    ...headerWords(plan.header, paint),
    `${paint.bold(plan.service)}  ${placementWords(plan.placementBefore)} -> ${placementWords(plan.placementAfter)} (${plan.purpose}, scope ${plan.scope})`,
    ...plan.says.map((line) => `  ${line}`),
    ...section(
      "changes",
      plan.changes.map(({ provider, view, name, type, before, after }) => [
        provider,
        inView(`${name} ${type}`, view),
        rrsetWords(before),
        "->",
        paint.bold(rrsetWords(after)),
      ]),
      paint,
    ),
    `  ${paint.bold("gates")}`,
    indented(gateLines(plan.gates, paint), "    "),
    plan.needs === "nothing" ? "  Needs nobody's word." : `  Needs: ${plan.needs}${who}`,
    `  plan ${plan.planHash.slice(0, 12)}, open until ${plan.expiresAt}`,
    ...(plan.passes
      ? [paint.good("It would pass.")]
      : [
          paint.bad("It would not pass now."),
          ...(plan.manual.length === 0 ? [] : ["By hand, as input for nsupdate:", indented(plan.manual, "  ")]),
        ]),
  ].join("\n");
}
