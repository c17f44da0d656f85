import { fingerprintOf } from "../../policy/ssh-key.ts";
import { isNonEmpty } from "../../../values/non-empty.ts";
import { add, day, duration, type Instant } from "../../../values/time.ts";
import { accept, refuse, type FleetDecision } from "../../cycle/fleet-decision.ts";
import type { World } from "../../cycle/world.ts";
import { deferred } from "../clock-steps.ts";
import { hasKey } from "../listed.ts";
import type { PeopleEvent } from "../authority-event.ts";
import type { PeopleRequest } from "../request.ts";
import type { Recovery } from "../state.ts";
import type { Signer } from "../word.ts";
import { idOf, isRecoveryKey, type About } from "./about.ts";
import { keyInUse } from "./keys.ts";
import { reviewOpened } from "./reviews.ts";

/** From the last signature that it needs, so that everybody has this long to object; an objection doubles it. */
const recoveryWaitMs = duration(day);
/** All signatures must come within this of the first. */
const recoveryWindowMs = 3 * day;
/** So many stop it. */
const objectionsMax = 2;

/** Keys kept offline ask that a person's keys be replaced, and nothing else. */
export function recover(about: About, request: Extract<PeopleRequest, { kind: "recover" }>): FleetDecision {
  const { world, speaker, now } = about;
  const { signer } = speaker;
  const { person, keys } = request;
  if (!isRecoveryKey(world.policy, signer))
    return refuse(
      "not-a-recovery-key",
      `${signer.key} is no recovery key of the policy in force.`,
      "Sign with the recovery keys, which are kept offline.",
      { key: signer.key },
    );
  const refusal = whyNot(world, request);
  if (refusal !== undefined) return refusal;
  const open = [...world.authority.recoveries.values()].filter((each) => each.person === person && isOpen(each, now));
  const same = open.find((each) => each.keys.length === keys.length && each.keys.every((key, at) => key === keys[at]));
  // One recovery key has one open request of its own for a person.
  const mine = same === undefined ? open.filter(({ signers: [first] }) => first?.key === signer.key) : [same];
  const before = mine.find(({ signers }) => signers.some(({ key }) => key === signer.key));
  if (before !== undefined)
    return refuse(
      "already-signed",
      `${signer.key} has signed ${before.id} already.`,
      "Sign with another recovery key, for the same keys.",
      { recovery: before.id },
    );
  if (same !== undefined) return accept({ type: "recovery-signed", recovery: same.id, by: signer });
  const recovery: Recovery = {
    id: idOf("recovery", signer),
    person,
    keys,
    signers: [signer],
    askedAt: now,
    waitMs: recoveryWaitMs,
    objections: [],
    state: "open",
  };
  return accept({ type: "recovery-asked", recovery });
}

/** One objection doubles the wait, two stop it. */
export function objectToRecovery(
  { world, speaker, now }: About,
  { recovery: id }: Extract<PeopleRequest, { kind: "object-to-recovery" }>,
): FleetDecision {
  const { signer } = speaker;
  const recovery = world.authority.recoveries.get(id);
  if (recovery === undefined || !isOpen(recovery, now))
    return refuse("no-such-recovery", `No recovery ${id} is open.`, "See: pointsman status", { recovery: id });
  const { objections } = recovery;
  if (objections.some(({ person }) => person === signer.person))
    return refuse(
      "already-signed",
      `${signer.person} has objected already; one other objection stops it.`,
      "Ask another person to object.",
      { recovery: id },
    );
  const objected = { type: "recovery-objected", recovery: id, by: signer } as const;
  return objections.length + 1 < objectionsMax
    ? accept(objected)
    : accept(objected, { type: "recovery-ended", recovery: id, how: "stopped" });
}

/** What is due by itself of one recovery: it is carried out, or it is over; empty: neither. */
export function dueOfRecovery(world: World, recovery: Recovery, now: Instant): readonly PeopleEvent[] {
  if (recovery.state !== "open" || now < recoveryDueAt(world, recovery)) return [];
  const { id, person, keys } = recovery;
  const signers = countedSigners(world, recovery);
  const stopped = { type: "recovery-ended", recovery: id, how: "stopped" } as const;
  const [first, ...rest] = signers;
  if (first === undefined || whyNot(world, { person, keys }) !== undefined) return [stopped];
  if (completedAt(world, recovery) === undefined) return [stopped];
  const lost = [...world.authority.keys.values()].filter(
    (key) => key.person === person && key.revokedAt === null && !hasKey(keys, key.fingerprint),
  );
  const tookPart = [person];
  return [
    ...lost.map(({ fingerprint }) => ({ type: "key-revoked", fingerprint, by: [first, ...rest] }) as const),
    { type: "recovery-ended", recovery: id, how: "done" },
    reviewOpened({ kind: "recovery", subject: person, tookPart }, first, now),
  ];
}

/** When something is due of an open recovery: its wait is over, or nobody else signed in time. */
export function recoveryDueAt(world: World, recovery: Recovery): Instant {
  const completed = completedAt(world, recovery);
  return completed === undefined
    ? add(recovery.askedAt, recoveryWindowMs)
    : deferred(world, completed, add(completed, recovery.waitMs));
}

function completedAt(world: World, recovery: Recovery): Instant | undefined {
  const need = Math.max(2, world.policy.authority.recovery?.need ?? 2);
  return countedSigners(world, recovery)[need - 1]?.at;
}

/** Recovery keys that the policy in force still has. */
function countedSigners({ policy }: World, { signers }: Recovery): readonly Signer[] {
  return signers.filter((each) => isRecoveryKey(policy, each));
}

function isOpen({ state, askedAt, signers }: Recovery, now: Instant): boolean {
  return state === "open" && (signers.length > 1 || now < add(askedAt, recoveryWindowMs));
}

function whyNot(
  world: World,
  { person, keys }: { readonly person: string; readonly keys: readonly string[] },
): FleetDecision | undefined {
  if (!world.policy.people.has(person))
    return refuse("no-such-person", `The policy in force has no ${person}.`, "Name a person of the policy.", {
      person,
    });
  const fingerprints = keys.map((line) => fingerprintOf(line));
  const known = fingerprints.filter((each) => each !== undefined);
  if (!isNonEmpty(known) || known.length !== keys.length || new Set(known).size !== keys.length)
    return refuse("not-keys", "The new keys are not OpenSSH public keys, each once.", "Give one line a key.", {
      keys: keys.length,
    });
  const taken = known.map((fingerprint) => keyInUse(world, person, fingerprint)).find((each) => each !== undefined);
  return taken;
}
