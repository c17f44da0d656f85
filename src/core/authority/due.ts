import type { Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import { dueOfRecovery, recoveryDueAt } from "./decide/recoveries.ts";
import { duePolicy, policyWakeAt } from "./decide-policy.ts";
import { everybodyHasKey } from "./decide/keys.ts";
import type { PeopleEvent } from "./authority-event.ts";
import { owedToPeople } from "./owed.ts";
import type { PeopleRequest, PolicyRequest } from "./request.ts";

type Advance = Extract<PeopleRequest | PolicyRequest, { kind: "advance-people" | "advance-policy" }>;

/** Events of one decision: an append takes 64 entries. What is left is due still. */
const eventsMax = 32;

export interface DueInstallation {
  /** What control asks of the installation by itself; each may find that nothing is due. */
  readonly requests: readonly Advance[];
  /** When to look again though nothing happened; undefined: no need. */
  readonly wakeAt: Instant | undefined;
}

/** What is due by itself in people and policy. */
export function dueInstallation(world: World, now: Instant): DueInstallation {
  const people = duePeople(world, now);
  const requests: readonly Advance[] = [
    ...(people.events.length > 0 ? [{ kind: "advance-people" } as const] : []),
    ...(duePolicy(world, now).length > 0 ? [{ kind: "advance-policy" } as const] : []),
  ];
  return { requests, wakeAt: earliest([people.wakeAt, policyWakeAt(world, now)]) };
}

/** Events of people whose time has come, and when the next one will. */
export function duePeople(
  world: World,
  now: Instant,
): { readonly events: readonly PeopleEvent[]; readonly wakeAt: Instant | undefined } {
  const { mode, recoveries } = world.authority;
  const open = [...recoveries.values()].filter(({ state }) => state === "open");
  // One at a time: what one recovery revokes, the next one must see.
  const events = open.map((recovery) => dueOfRecovery(world, recovery, now)).find((each) => each.length > 0) ?? [];
  // A policy without those who were still missing leaves everybody enrolled.
  const signed = mode === "unsigned" && world.authority.keys.size > 0 && everybodyHasKey(world);
  const due: readonly PeopleEvent[] = [...owedToPeople(world, now), ...events];
  return {
    events: (signed ? [{ type: "installation-signed" } as const, ...due] : due).slice(0, eventsMax),
    wakeAt: earliest(open.map((recovery) => recoveryDueAt(world, recovery)).filter((at) => at > now)),
  };
}

function earliest(times: readonly (Instant | undefined)[]): Instant | undefined {
  return times.filter((at) => at !== undefined).toSorted((a, b) => a - b)[0];
}
