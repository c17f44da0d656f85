import type { Sha256 } from "../../values/sha256.ts";
import { add, day, type Instant } from "../../values/time.ts";
import { accept, acceptAny, refuse, type FleetDecision, type FleetRefusal } from "../cycle/fleet-decision.ts";
import type { World } from "../cycle/world.ts";
import type { FleetEvent } from "../failover/event.ts";
import type { Duty, Policy } from "../policy/policy.ts";
import type { Speaker } from "./admitted.ts";
import { deferred } from "./clock-steps.ts";
import { isIncidental, lacking } from "./policy-thresholds.ts";
import { proposalOf } from "./proposal.ts";
import type { PolicyRequest } from "./request.ts";
import { openedReview } from "./review.ts";
import { signerStands } from "./stands.ts";
import type { PolicyProposal, PolicyWord } from "./state.ts";

/** Proposals that are open at a time. */
const proposalsMax = 16;
/** A proposal that is not adopted this long after its wait is over: what was signed and forgotten is not found in a drawer. */
const proposalMs = 14 * day;

/** What is asked of the policy, by the person who signed it (design §8: the policy is governed too; N12). */
export function decidePolicy(
  world: World,
  request: PolicyRequest,
  speaker: Speaker | null,
  now: Instant,
): FleetDecision {
  if (request.kind === "advance-policy") return acceptAny(duePolicy(world, now));
  if (speaker === null || world.authority.mode === "unsigned")
    return refuse(
      "unsigned-trial",
      "In an unsigned trial the policy file is adopted at a start: nobody signs a policy.",
      "Raise the version in the policy file and start again, or enrol everybody first.",
      { mode: world.authority.mode },
    );
  switch (request.kind) {
    case "sign-policy":
      return sign(world, request, speaker, now);
    case "object-to-policy":
      return object(world, request, speaker);
    case "withdraw-policy":
      return withdraw(world, request, speaker);
  }
}

type PolicyDuty = Of<"sign-policy">["duty"];
type Of<Kind extends PolicyRequest["kind"]> = Extract<PolicyRequest, { kind: Kind }>;

function sign(world: World, { policy: hash, duty }: Of<"sign-policy">, speaker: Speaker, now: Instant): FleetDecision {
  const after = world.policies.get(hash);
  if (after === undefined)
    return refuse(
      "unknown-policy",
      `No document of policy ${hash.slice(0, 12)} was handed in.`,
      "Hand it in with the statement: pointsman policy propose FILE",
      { policy: hash },
    );
  const open = world.authority.proposals.get(hash);
  const known = open !== undefined && !isOver(world, open, now) ? open : undefined;
  const unfit = known === undefined ? whyUnfit(world, after) : undefined;
  if (unfit !== undefined) return unfit;
  const proposal = known ?? proposalOf(world, after, now);
  const word = wordOf(world, after, proposal, duty, speaker);
  if ("refusal" in word) return word;
  const signed = { ...proposal, words: [...proposal.words, word.word] };
  const events: FleetEvent[] = known === undefined ? [{ type: "policy-proposed", proposal }] : [];
  if (open !== known && open !== undefined) events.unshift(endedOf(world, open));
  events.push({ type: "policy-word-given", policy: hash, by: word.word }, ...adoption(world, signed, now));
  return acceptAny(events);
}

function whyUnfit(world: World, after: Policy): FleetDecision | undefined {
  const { policy, authority } = world;
  const figures = { version: after.version, versionInForce: policy.version, policyInForce: policy.hash };
  if (after.version !== policy.version + 1)
    return refuse(
      "policy-version",
      `Version ${after.version} does not follow version ${policy.version}: versions go up by one.`,
      `Give it version ${policy.version + 1}.`,
      figures,
    );
  if (after.follows !== policy.hash)
    return refuse(
      "policy-follows-another",
      "It does not name the policy in force as the one that it follows.",
      `Write follows: ${policy.hash}`,
      figures,
    );
  if (authority.proposals.size < proposalsMax) return undefined;
  return refuse(
    "too-many-proposals",
    `${authority.proposals.size} policies are proposed already.`,
    "Withdraw one first.",
    { open: authority.proposals.size, mostOpen: proposalsMax },
  );
}

type Signed = { readonly word: PolicyWord } | FleetRefusal;

function wordOf(
  world: World,
  after: Policy,
  proposal: PolicyProposal,
  duty: PolicyDuty,
  { signer, person, statement }: Speaker,
): Signed {
  const { id } = person;
  const { role, delegation } = statement.as;
  if (delegation !== null || role === null || !person.roles.includes(role))
    return refuse(
      "role-not-held",
      `${id} does not hold the role ${role ?? "that the statement leaves out"}; nobody delegates what is asked of a policy.`,
      "Sign again in a role of yours.",
      { person: id, role, roles: person.roles },
    );
  const unfit = duty === "adopt" ? undefined : whyNotInIncident(proposal, statement.incident);
  if (unfit !== undefined) return unfit;
  if (proposal.words.some((word) => word.person === id && signerStands(world, word)))
    return refuse("signed-already", `${id} has signed it.`, "Nothing needs to be done.", { person: id });
  if (proposal.gainers.includes(id))
    return refuse("signer-gains", `It gives ${id} more: nobody's signature counts for that.`, "Let others sign it.", {
      person: id,
    });
  const counts =
    duty === "adopt" ? hasDuty(world.policy, role) || hasDuty(after, role) : names(world.policy, duty, role);
  if (counts) return { word: { ...signer, duty, role } };
  return refuse(
    "role-without-duty",
    `The role ${role} has ${duty === "adopt" ? "no duty" : `no part in ${duty}`}, so its signature counts for nothing.`,
    "Sign in a role that the duty names.",
    { role, duty },
  );
}

/** In an incident those who approve and validate moves may change the values of a site, and nothing else. */
function whyNotInIncident(proposal: PolicyProposal, incident: string | null): FleetRefusal | undefined {
  if (proposal.class !== "values-only")
    return refuse(
      "needs-adopt",
      `It is ${proposal.class}: only a change of a site's values is adopted by approve and validate.`,
      "Sign it with the duty adopt.",
      { class: proposal.class },
    );
  return incident === null
    ? refuse(
        "incident-needed",
        "Only in an incident is a policy adopted by approve and validate, and the statement names none.",
        "Name the incident: --incident REFERENCE, or sign it with the duty adopt.",
      )
    : undefined;
}

function names({ authority }: Policy, duty: Duty, role: string): boolean {
  const rule = authority.duties.get(duty);
  return rule !== undefined && (rule.kind === "number" || rule.roles.includes(role));
}

function hasDuty(policy: Policy, role: string): boolean {
  return [...policy.authority.duties.keys()].some((duty) => names(policy, duty, role));
}

/** Adopted at once when nothing is lacking and nothing has to be waited for. */
function adoption(world: World, proposal: PolicyProposal, now: Instant): readonly FleetEvent[] {
  if (isOver(world, proposal, now) || lacking(world, proposal).length > 0 || now < waitsUntil(world, proposal))
    return [];
  const { policy, version, words } = proposal;
  const incidental = isIncidental(world, proposal);
  const by = { kind: "person", id: words.at(-1)?.person ?? "", method: "statement" } as const;
  const others = [...world.authority.proposals.keys()].filter((hash) => hash !== policy);
  const people = [...new Set(words.map(({ person }) => person))];
  return [
    { type: "policy-adopted", policy, version, by, signed: true, class: proposal.class, words },
    ...others.map((hash) => ({ type: "policy-proposal-ended", policy: hash, how: "superseded" }) as const),
    ...(incidental ? [incidentReview(policy, people, now)] : []),
  ];
}

/** A policy that was adopted by the word of those who approve and validate is looked at by somebody else afterwards. */
function incidentReview(policy: Sha256, tookPart: readonly string[], now: Instant): FleetEvent {
  const kind = "policy-in-incident";
  return openedReview({ id: `${kind}-${policy.slice(0, 63)}-${now}`, kind, subject: policy, tookPart }, now);
}

/**
 * One objection by anybody enrolled stops a policy that widens what may happen. Of any other it is on record: otherwise
 * whoever is to be removed could keep that from happening.
 */
function object(world: World, { policy }: Of<"object-to-policy">, { signer }: Speaker): FleetDecision {
  const open = world.authority.proposals.get(policy);
  if (open === undefined) return notOpen(policy);
  if (open.objections.some(({ person }) => person === signer.person))
    return refuse("objected-already", `${signer.person} has objected to it.`, "Nothing needs to be done.", {
      person: signer.person,
    });
  const objected: FleetEvent = { type: "policy-objected", policy, by: signer };
  return open.class === "widening"
    ? accept(objected, { type: "policy-proposal-ended", policy, how: "objected" })
    : accept(objected);
}

function withdraw(world: World, { policy }: Of<"withdraw-policy">, { signer }: Speaker): FleetDecision {
  const open = world.authority.proposals.get(policy);
  if (open === undefined) return notOpen(policy);
  const [first] = open.words;
  if (first?.person !== signer.person)
    return refuse(
      "not-yours",
      `${first?.person ?? "Somebody else"} proposed it.`,
      "Object to it: pointsman policy object",
      { proposedBy: first?.person ?? null },
    );
  return accept({ type: "policy-proposal-ended", policy, how: "withdrawn" });
}

/** Whether it can no longer be adopted: another policy came into force since, or nobody signed it in time. */
function isOver(world: World, proposal: PolicyProposal, now: Instant): boolean {
  return proposal.before !== world.policy.hash || now >= add(waitsUntil(world, proposal), proposalMs);
}

/** Widening waits its full time, whatever the clock does. */
function waitsUntil(world: World, { proposedAt, notBefore }: PolicyProposal): Instant {
  return deferred(world, proposedAt, notBefore);
}

/** What is due by itself: a wait that is over, and proposals that can no longer be adopted. */
export function duePolicy(world: World, now: Instant): readonly FleetEvent[] {
  const proposals = [...world.authority.proposals.values()];
  const adopted = proposals.map((one) => adoption(world, one, now)).find((one) => one.length > 0);
  return adopted ?? proposals.filter((one) => isOver(world, one, now)).map((one) => endedOf(world, one));
}

function endedOf({ policy }: World, { policy: hash, before }: PolicyProposal): FleetEvent {
  return { type: "policy-proposal-ended", policy: hash, how: before === policy.hash ? "expired" : "superseded" };
}

/** When something may next be due by itself; undefined: never, unless somebody signs. */
export function policyWakeAt(world: World, now: Instant): Instant | undefined {
  const times = [...world.authority.proposals.values()].map((one) =>
    now < waitsUntil(world, one) && lacking(world, one).length === 0
      ? waitsUntil(world, one)
      : add(waitsUntil(world, one), proposalMs),
  );
  return times.toSorted((a, b) => a - b)[0];
}

function notOpen(policy: string): FleetDecision {
  return refuse("no-such-proposal", `Policy ${policy.slice(0, 12)} is not proposed.`, "See: pointsman policy status", {
    policy,
  });
}
