import { asSha256, type Sha256 } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import type { Failover } from "../failover/state.ts";
import { proposalOf } from "./proposal.ts";
import type { Shown } from "./says.ts";
import { serviceOfFailover } from "./subjects.ts";
import type { AnyStatement } from "./terms.ts";

/** What a statement is about, as the journal has it: what its words are rendered from when it is admitted. */
export function shownIn(world: World, statement: AnyStatement, now: Instant): Shown {
  const { subject } = statement;
  switch (subject.type) {
    case "plan": {
      const open = openFailover(world, subject.id);
      return open?.planHash === subject.hash ? { plan: open.plan } : {};
    }
    case "policy": {
      return subject.hash === null ? {} : policyShown(world, asSha256(subject.hash), now);
    }
    case "key": {
      const key = world.authority.keys.get(subject.id);
      return key === undefined ? {} : { key };
    }
    default:
      return {};
  }
}

/** Of a policy that nobody has signed yet, what it would be proposed as now; of an open proposal, what it was proposed as. */
function policyShown(world: World, hash: Sha256, now: Instant): Shown {
  const open = world.authority.proposals.get(hash);
  const document = world.policies.get(hash);
  if (open !== undefined && open.before === world.policy.hash) return { proposal: open };
  return document === undefined ? {} : { proposal: proposalOf(world, document, now) };
}

/** The failover of that id, while it is open. */
export function openFailover(world: World, id: string): Failover | undefined {
  const open = world.services.get(serviceOfFailover(id) ?? "")?.failover;
  return open?.id === id ? open : undefined;
}
