import type { Refusal } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import type { FleetCommand, ServiceCommand } from "../cycle/service-command.ts";
import type { World } from "../cycle/world.ts";
import type { Person } from "../policy/policy.ts";
import type { AnyStatement } from "./terms.ts";
import type { Signer } from "./word.ts";

/** The person who signed what is asked. */
export interface Speaker {
  readonly statement: AnyStatement;
  readonly signer: Signer;
  readonly person: Person;
}

/**
 * Who speaks. Null: the controller itself, or in an unsigned trial the local user. Refused: a statement that is not admitted,
 * that asks something else than the command, or that is missing where the installation is signed.
 */
export function speakerOf(
  _world: World,
  _command: ServiceCommand | FleetCommand,
  _now: Instant,
): { readonly ok: true; readonly speaker: Speaker | null } | { readonly ok: false; readonly refusal: Refusal } {
  throw new Error("not built");
}
