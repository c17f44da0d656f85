import type { Refusal } from "../../values/refusal.ts";
import type { FleetEvent } from "../failover/event.ts";
import type { FleetCommand } from "./service-command.ts";
import type { World } from "./world.ts";

export type FleetDecision =
  | { readonly accepted: true; readonly events: readonly [FleetEvent] }
  | { readonly accepted: false; readonly refusal: Refusal };

/** Stops and resumes the whole installation. */
export function decideFleet(world: Pick<World, "stopped">, { request, by }: FleetCommand): FleetDecision {
  switch (request.kind) {
    case "stop-all":
      if (world.stopped !== null)
        return refuse("already-stopped", "Everything is stopped already.", "Resume: pointsman resume --all");
      return { accepted: true, events: [{ type: "all-stopped", by }] };
    case "resume-all":
      if (world.stopped === null)
        return refuse(
          "nothing-to-resume",
          "Not everything is stopped.",
          "To resume one service: pointsman resume SERVICE",
        );
      return { accepted: true, events: [{ type: "all-resumed", by }] };
  }
}

function refuse(code: string, says: string, mend: string): FleetDecision {
  return { accepted: false, refusal: { code, says, figures: {}, mend } };
}
