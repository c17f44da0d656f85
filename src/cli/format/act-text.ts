import type { ActResponse } from "../../api/contract/act.ts";
import type { FailoverView } from "../../api/contract/status.ts";
import type { Paint } from "../frame/terminal.ts";
import { clean } from "./clean.ts";
import { headerWords, placementWords } from "./words.ts";

/** What was done, and where it stands in the journal. */
export function actText(given: ActResponse, done: string, paint: Paint): string {
  const response = clean(given);
  const entries = response.entries.map(({ sequence, type }) => `${sequence} ${type}`).join(", ");
  const { failover } = response;
  return [
    ...headerWords(response.header, paint),
    `${paint.good("Done.")} ${done}`,
    paint.dim(`  in the journal: ${entries}`),
    ...(failover === null ? [] : [`  ${failover.id} is ${failover.status}; follow it with: pointsman status --watch`]),
  ].join("\n");
}

/** What a person reads before they say yes. */
export function approvalText(failover: FailoverView): string {
  return [
    `${failover.id} (${failover.purpose}, scope ${failover.scope}): ` +
      `${placementWords(failover.placementBefore)} -> ${placementWords(failover.placementAfter)}`,
    `plan ${failover.planHash.slice(0, 12)}, open until ${failover.expiresAt}`,
    ...(failover.heldBy.length === 0 ? [] : [`held by ${failover.heldBy.join(", ")}`]),
  ].join("\n");
}

/** The exact command that approves this plan and no other. */
export function approveCommand(failover: FailoverView): string {
  return `pointsman approve ${failover.id} --plan ${failover.planHash.slice(0, 12)}`;
}
