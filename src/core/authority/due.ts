import type { Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import { dueOfRecovery, recoveryDueAt } from "./decide/recoveries.ts";
import { everybodyHasKey } from "./decide/keys.ts";
import type { PeopleEvent } from "./authority-event.ts";
import { owedToPeople } from "./owed.ts";
import type { PeopleRequest, PolicyRequest } from "./request.ts";

type Advance = Extract<PeopleRequest | PolicyRequest, { kind: "advance-people" | "advance-policy" }>;

export interface DueInstallation {
  /** What control asks of the installation by itself; each may find that nothing is due. */
  readonly requests: readonly Advance[];
  /** When to look again though nothing happened; undefined: no need. */
  readonly wakeAt: Instant | undefined;
}

/** What is due by itself in people and policy. */
export function dueInstallation(world: World, now: Instant): DueInstallation {
  const people = duePeople(world, now);
  const policy = duePolicy(world, now);
  const requests: readonly Advance[] = [
    ...(people.events.length > 0 ? [{ kind: "advance-people" } as const] : []),
    ...(policy.due ? [{ kind: "advance-policy" } as const] : []),
  ];
  return { requests, wakeAt: earliest([people.wakeAt, policy.wakeAt]) };
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
  const owed = [...owedToPeople(world, now), ...events];
  return {
    events: signed ? [{ type: "installation-signed" }, ...owed] : owed,
    wakeAt: earliest(open.map((recovery) => recoveryDueAt(world, recovery)).filter((at) => at > now)),
  };
}

/** Proposals whose wait is over, or that another adoption made void. */
function duePolicy({ authority, policy }: World, now: Instant) {
  const proposals = [...authority.proposals.values()];
  return {
    due: proposals.some(({ before, notBefore }) => before !== policy.hash || notBefore <= now),
    wakeAt: earliest(proposals.map(({ notBefore }) => notBefore).filter((at) => at > now)),
  };
}

function earliest(times: readonly (Instant | undefined)[]): Instant | undefined {
  return times.filter((at) => at !== undefined).toSorted((a, b) => a - b)[0];
}
