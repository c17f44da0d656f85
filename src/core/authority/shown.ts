import type { World } from "../cycle/world.ts";
import type { Failover } from "../failover/state.ts";
import type { Shown } from "./says.ts";
import { serviceOfFailover } from "./subjects.ts";
import type { AnyStatement } from "./terms.ts";

/** What a statement is about, as the journal has it: what its words are rendered from when it is admitted. */
export function shownIn(world: World, statement: AnyStatement): Shown {
  const { subject } = statement;
  switch (subject.type) {
    case "plan": {
      const open = openFailover(world, subject.id);
      return open?.planHash === subject.hash ? { plan: open.plan } : {};
    }
    case "policy": {
      const proposal = subject.hash === null ? undefined : world.authority.proposals.get(subject.hash);
      return proposal === undefined ? {} : { proposal };
    }
    case "key": {
      const key = world.authority.keys.get(subject.id);
      return key === undefined ? {} : { key };
    }
    default:
      return {};
  }
}

/** The failover of that id, while it is open. */
export function openFailover(world: World, id: string): Failover | undefined {
  const open = world.services.get(serviceOfFailover(id) ?? "")?.failover;
  return open?.id === id ? open : undefined;
}
