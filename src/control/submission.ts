import type { FleetCommand, ServiceCommand } from "../core/cycle/service-command.ts";
import type { Opening } from "../values/commitment.ts";
import { utf8 } from "../values/octets.ts";
import type { Refusal } from "../values/refusal.ts";
import { reasonOctetsMax } from "./parts.ts";
import { malformedCommand } from "./refusals.ts";

/** What is wrong with the form of a command from outside; undefined: nothing, and the state of things decides. */
export function malformation(
  { id, by }: ServiceCommand | FleetCommand,
  reason: string | Opening | undefined,
): Refusal | undefined {
  if (id.length === 0 || id.length > 128) return malformedCommand("its id has 1 to 128 characters");
  if (by.kind === "controller" || by.kind === "automation") return malformedCommand("its sender is not a person");
  if (!/^[!-~]{1,255}$/.test(by.id)) return malformedCommand("its sender has no printable id");
  if (reason === undefined) return undefined;
  if (typeof reason !== "string") return reason.value.length > reasonOctetsMax ? reasonTooLong() : undefined;
  if (!reason.isWellFormed() || utf8(reason).length > reasonOctetsMax) {
    return reasonTooLong();
  }
  return undefined;
}

function reasonTooLong(): Refusal {
  return malformedCommand(`its reason has more than ${reasonOctetsMax} octets, or is no text`);
}
