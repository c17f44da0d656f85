import type { Placed, ServiceEvent } from "../../failover/event.ts";
import { activeSites } from "../../plan/placement.ts";
import type { Placement } from "../../plan/plan.ts";
import type { Instant } from "../../../values/time.ts";
import { isIn, type Span } from "./history.ts";

/** What really happened, by an entry. */
export interface Happened {
  readonly at: Instant;
  readonly sequence: number;
  readonly type: ServiceEvent["type"];
  readonly failover: string | null;
  readonly says: string;
}

/** What happened in that time, and how the failovers ended that began in it. */
export function happenedIn(stream: readonly Placed<ServiceEvent>[], span: Span): readonly Happened[] {
  const begun = new Set(
    stream.flatMap(({ event, at }) => (event.type === "failover-proposed" && isIn(span, at) ? [event.failover] : [])),
  );
  return stream.flatMap(({ event, at, sequence }) => {
    const says = told(event);
    if (says === undefined) return [];
    const failover = "failover" in event ? event.failover : null;
    const belongs = failover !== null && begun.has(failover);
    return belongs || isIn(span, at) ? [{ at, sequence, type: event.type, failover, says }] : [];
  });
}

function told(event: ServiceEvent): string | undefined {
  const { type } = event;
  if (type === "failover-proposed") {
    const who = event.by.kind === "controller" ? (event.initiative ?? "the automation") : event.by.id;
    return `${event.failover} was proposed by ${who}, to ${sitesText(event.plan.placement.after)}`;
  }
  if (type === "failover-approved") return `${event.failover} was approved by ${event.by.id}`;
  if (type === "word-given") return `${event.word.person} signed ${event.word.duty} of ${event.failover}`;
  if (type === "failover-changed") return `${event.failover} changed the records`;
  if (type === "failover-ended") return `${event.failover} ended: ${event.how}`;
  if (type === "initiative-held") return `${event.initiative} was held: ${event.codes.join(", ")}`;
  if (type === "automation-suspended") return `automation was suspended: ${event.reason}`;
  if (type === "veto-placed") return `${event.by.id} vetoed${event.failover === null ? "" : ` ${event.failover}`}`;
  if (type === "service-stopped") return `${event.by.id} stopped it`;
  return type === "service-resumed" ? `${event.by.id} resumed it` : undefined;
}

export function sitesText(placement: Placement): string {
  return activeSites(placement)
    .map(({ site }) => site)
    .join(" and ");
}
