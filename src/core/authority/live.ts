import { add, type Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import type { Duty } from "../policy/policy.ts";
import { hastened } from "./clock-steps.ts";
import { holdsRole } from "./people.ts";
import { signerStands } from "./stands.ts";
import type { BreakGlass, Delegation } from "./state.ts";
import type { Word } from "./word.ts";

/** Whether a word counts now: not expired, its signer standing, and what gives it the duty standing as well. */
export function wordStands(world: World, word: Word, now: Instant): boolean {
  if (now < word.at || now >= wordEnds(world, word) || !signerStands(world, word)) return false;
  const { under } = word;
  if (under === null) return holdsRole(world.policy, word.person, word.role);
  switch (under.kind) {
    case "delegation": {
      const delegation = world.authority.delegations.get(under.id);
      return (
        delegation !== undefined &&
        delegationStands(world, delegation, now) &&
        delegation.to === word.person &&
        delegation.duties.includes(word.duty) &&
        holdsRole(world.policy, delegation.from.person, word.role)
      );
    }
    case "break-glass": {
      const grant = world.authority.grants.get(under.id);
      return (
        grant !== undefined &&
        grantStands(world, grant, now) &&
        grant.signers.some(({ person }) => person === word.person)
      );
    }
    case "solo":
      return world.policy.authority.solo.some(({ person, service }) => person === word.person && service === under.id);
  }
}

/** When a word ends by itself. */
export function wordEnds(world: World, { at, expires }: Word): Instant {
  return givenUntil(world, at, expires);
}

/** What was given while the journal's time stood was made before: its time went on meanwhile, so that step counts as well. */
export function givenUntil(world: World, at: Instant, until: Instant): Instant {
  return hastened(world, add(at, -1), until);
}

/** A delegation ends by itself, when it is withdrawn, and with the key of whoever gave it. */
export function delegationStands(world: World, delegation: Delegation, now: Instant): boolean {
  const { since, until, withdrawnAt, from } = delegation;
  const open = since <= now && now < givenUntil(world, from.at, until) && (withdrawnAt === null || now < withdrawnAt);
  return open && signerStands(world, from);
}

/** Whether a delegation lends a duty for a service. */
export function delegationCovers({ duties, services }: Delegation, duty: Duty, service: string): boolean {
  return duties.includes(duty) && (services === "all" || services.includes(service));
}

/** A granted emergency, while as many as it took still stand behind it, each of them named by the policy in force. */
export function grantStands(world: World, grant: BreakGlass, now: Instant): boolean {
  const { grantedAt, until, withdrawnAt, signers, need } = grant;
  const rule = world.policy.authority.breakGlass;
  if (grantedAt === null || rule === null || now < grantedAt || now >= givenUntil(world, grantedAt, until))
    return false;
  if (withdrawnAt !== null && now >= withdrawnAt) return false;
  const standing = signers.filter((signer) => rule.of.includes(signer.person) && signerStands(world, signer));
  return new Set(standing.map(({ person }) => person)).size >= need;
}
