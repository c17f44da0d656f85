import { formatDuration, formatInstant, hour, since, type Instant } from "../../../values/time.ts";
import { peopleFor } from "../people.ts";
import { accept, refuse, type FleetDecision } from "../../cycle/fleet-decision.ts";
import type { PeopleRequest } from "../request.ts";
import type { Delegation } from "../state.ts";
import { idOf, type About } from "./about.ts";

type Delegate = Extract<PeopleRequest, { kind: "delegate" }>;

/** Longer than a shift, and it would be a change of the policy. */
const delegationMsMax = 8 * hour;

/**
 * A person gives duties that the policy itself gives them, to the holder of a role that the policy names, for hours. Never
 * over the policy, and never what they were given themselves.
 */
export function delegate(about: About, request: Delegate): FleetDecision {
  const refusal = whyNot(about, request);
  if (refusal !== undefined) return refusal;
  const { signer } = about.speaker;
  const { to, duties, services, from, until } = request;
  const delegation = {
    id: idOf("delegation", signer),
    from: signer,
    to,
    duties,
    services,
    since: from > about.now ? from : about.now,
    until,
    withdrawnAt: null,
  };
  return accept({ type: "delegation-given", delegation });
}

/** By the person who gave it, by the one who has it, or by anybody who could have given it. */
export function withdrawDelegation(
  { world, speaker, now }: About,
  { delegation: id }: Extract<PeopleRequest, { kind: "withdraw-delegation" }>,
): FleetDecision {
  const { signer } = speaker;
  const given = world.authority.delegations.get(id);
  if (given === undefined || given.withdrawnAt !== null || given.until <= now)
    return refuse("no-such-delegation", `No delegation ${id} is in force.`, "See: pointsman status", {
      delegation: id,
    });
  const able = given.duties.some((duty) => peopleFor(world.policy, duty).includes(signer.person));
  if (given.from.person !== signer.person && given.to !== signer.person && !able)
    return refuse(
      "not-yours",
      `${given.from.person} gave ${id}, and ${signer.person} holds none of its duties.`,
      `Ask ${given.from.person}, or a holder of ${given.duties.join(" or ")}.`,
      { delegation: id, from: given.from.person },
    );
  return accept({ type: "delegation-withdrawn", delegation: id, by: signer });
}

function whyNot(about: About, request: Delegate): FleetDecision | undefined {
  return whyNotTime(about, request) ?? whyNotPeople(about, request) ?? whyNotRenewal(about, request);
}

function whyNotTime({ now }: About, { from, until }: Delegate): FleetDecision | undefined {
  if (until <= from || until <= now)
    return refuse(
      "window-is-over",
      `The delegation would end on ${formatInstant(until)}, before it begins or in the past.`,
      "Give a later end.",
      { from, until },
    );
  const lengthMs = since(from, until);
  if (lengthMs <= delegationMsMax) return undefined;
  return refuse(
    "window-too-long",
    `The delegation would last ${formatDuration(lengthMs)}; ${formatDuration(delegationMsMax)} is the most.`,
    "Give a shorter one.",
    { lengthMs, mostMs: delegationMsMax },
  );
}

function whyNotPeople({ world, speaker }: About, { to, duties, services }: Delegate): FleetDecision | undefined {
  const { policy } = world;
  const giver = speaker.signer.person;
  const receiver = policy.people.get(to);
  const { delegateTo } = policy.authority;
  if (receiver === undefined || to === giver || !receiver.roles.some((role) => delegateTo.includes(role)))
    return refuse(
      "cannot-be-delegated-to",
      delegateTo.length === 0
        ? "The policy names nobody to whom duties may be delegated."
        : `Duties may be delegated to another person of role ${delegateTo.join(" or ")}, and ${to} is none.`,
      "Name the incident commander.",
      { to, roles: delegateTo },
    );
  if (speaker.statement.as.delegation !== null)
    return refuse(
      "delegated-on",
      "What was delegated is not delegated on.",
      "Ask the person whom the policy gives the duty.",
    );
  const foreign = duties.find((duty) => duty === "adopt" || !peopleFor(policy, duty).includes(giver));
  if (foreign !== undefined)
    return refuse(
      "duty-not-yours",
      foreign === "adopt"
        ? "Authority over the policy is never delegated."
        : `The policy does not give ${giver} the duty ${foreign}.`,
      "Delegate duties of your own alone.",
      { duty: foreign, person: giver },
    );
  const unknown = services === "all" ? undefined : services.find((service) => !policy.services.has(service));
  if (unknown === undefined) return undefined;
  return refuse("no-such-service", `The policy has no service ${unknown}.`, "See pointsman status.", {
    service: unknown,
  });
}

/** Nobody keeps a duty with the same person past the limit: another one must give it, or a rest lie between. */
function whyNotRenewal({ world, speaker }: About, request: Delegate): FleetDecision | undefined {
  const { to, duties } = request;
  const before = [...world.authority.delegations.values()].find(
    (each) =>
      each.from.person === speaker.signer.person &&
      each.to === to &&
      each.duties.some((duty) => duties.includes(duty)) &&
      apartMs(each, request) < delegationMsMax,
  );
  if (before === undefined) return undefined;
  return refuse(
    "delegation-renewed",
    `${speaker.signer.person} gave ${to} the same duty until ${formatInstant(endOf(before))}, and does not renew it alone.`,
    "Ask another holder of the duty to delegate it.",
    { delegation: before.id, until: endOf(before) },
  );
}

/** Time between the two, whichever comes first; zero when they overlap. */
function apartMs(given: Delegation, { from, until }: Delegate): number {
  return Math.max(0, from - endOf(given), given.since - until);
}

function endOf({ until, withdrawnAt }: Delegation): Instant {
  return withdrawnAt ?? until;
}
