import { isNonEmpty } from "../../values/non-empty.ts";
import type { JsonObject } from "../../values/json.ts";
import { add, formatInstant, type Instant } from "../../values/time.ts";
import type { FleetDecision } from "../cycle/fleet-decision.ts";
import { nothingDue } from "../cycle/cycle.ts";
import type { World } from "../cycle/world.ts";
import type { FleetEvent } from "../failover/event.ts";
import type { Duty, Policy } from "../policy/policy.ts";
import { gainersOf, isIncidental, lacking, meaningFor } from "./policy-thresholds.ts";
import type { PolicyRequest } from "./request.ts";
import { reviewOf } from "./review.ts";
import type { Speaker } from "./speaker.ts";
import type { PolicyProposal, PolicyWord } from "./state.ts";

/** Proposals that are open at a time. */
const proposalsMax = 16;

/** What is asked of the policy, by the person who signed it (design §8: the policy is governed too; N12). */
export function decidePolicy(
  world: World,
  request: PolicyRequest,
  speaker: Speaker | null,
  now: Instant,
): FleetDecision {
  if (request.kind === "advance-policy") return advance(world, now);
  if (speaker === null)
    return refuse(
      "statement-needed",
      "In an unsigned trial the policy file is adopted at a start; nobody can sign.",
      {},
      "Raise the version in the policy file and start again, or enrol everybody first.",
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

type Of<Kind extends PolicyRequest["kind"]> = Extract<PolicyRequest, { kind: Kind }>;

function sign(world: World, { policy: hash, duty }: Of<"sign-policy">, speaker: Speaker, now: Instant): FleetDecision {
  const after = world.policies.get(hash);
  if (after === undefined)
    return refuse(
      "unknown-policy",
      `No document of policy ${hash.slice(0, 12)} was handed in.`,
      { policy: hash },
      "Hand it in with the statement: pointsman policy propose FILE",
    );
  const known = world.authority.proposals.get(hash);
  const unfit = known === undefined ? whyUnfit(world, after) : undefined;
  if (unfit !== undefined) return unfit;
  const proposal = known ?? proposalOf(world, after, now);
  const word = wordOf(world, after, proposal, duty, speaker);
  if ("refusal" in word) return { accepted: false, refusal: word.refusal };
  const signed = { ...proposal, words: [...proposal.words, word.word] };
  const events: FleetEvent[] = known === undefined ? [{ type: "policy-proposed", proposal }] : [];
  events.push({ type: "policy-word-given", policy: hash, by: word.word }, ...adoption(world, signed, now));
  return accept(events);
}

function whyUnfit(world: World, after: Policy): FleetDecision | undefined {
  const { policy, authority } = world;
  const figures = { version: after.version, versionInForce: policy.version, policyInForce: policy.hash };
  if (after.version !== policy.version + 1)
    return refuse(
      "policy-version",
      `Version ${after.version} does not follow version ${policy.version}: versions go up by one.`,
      figures,
      `Give it version ${policy.version + 1}.`,
    );
  if (after.follows !== policy.hash)
    return refuse(
      "policy-follows-another",
      "It does not name the policy in force as the one that it follows.",
      figures,
      `Write follows: ${policy.hash}`,
    );
  if (authority.proposals.size < proposalsMax) return undefined;
  return refuse(
    "too-many-proposals",
    `${authority.proposals.size} policies are proposed already.`,
    { open: authority.proposals.size, mostOpen: proposalsMax },
    "Withdraw one first.",
  );
}

function proposalOf(world: World, after: Policy, now: Instant): PolicyProposal {
  const meaning = meaningFor(world, after, now);
  const waits = meaning.class === "widening" ? world.policy.authority.wideningWaitMs : 0;
  return {
    policy: after.hash,
    version: after.version,
    before: world.policy.hash,
    class: meaning.class,
    says: meaning.differences.map(({ says }) => says).slice(0, saysMax),
    proposedAt: now,
    notBefore: add(now, waits),
    gainers: gainersOf(meaning, after),
    words: [],
    objections: [],
  };
}

/** Sentences that an entry has room for; the policies themselves have the rest. */
const saysMax = 200;

function wordOf(
  world: World,
  after: Policy,
  proposal: PolicyProposal,
  duty: "adopt" | "approve" | "validate",
  { signer, person, statement }: Speaker,
): { readonly word: PolicyWord } | Extract<FleetDecision, { accepted: false }> {
  const { role } = statement.as;
  if (role === null || !person.roles.includes(role))
    return refuse(
      "role-not-held",
      `${person.id} does not hold the role ${role ?? "that the statement leaves out"}.`,
      { person: person.id, role, roles: person.roles },
      "Sign again in a role of yours.",
    );
  if (duty !== "adopt" && proposal.class !== "values-only")
    return refuse(
      "needs-adopt",
      `It is ${proposal.class}: only a change of a site's values is adopted by approve and validate.`,
      { class: proposal.class },
      "Sign it with the duty adopt.",
    );
  if (proposal.words.some((word) => word.person === person.id))
    return refuse("signed-already", `${person.id} has signed it.`, { person: person.id }, "Nothing needs to be done.");
  if (proposal.gainers.includes(person.id))
    return refuse(
      "signer-gains",
      `It gives ${person.id} more: nobody's signature counts for that.`,
      { person: person.id },
      "Let others sign it.",
    );
  if (duty !== "adopt" || hasDuty(world.policy, role) || hasDuty(after, role))
    return { word: { ...signer, duty, role } };
  return refuse(
    "role-without-duty",
    `The role ${role} has no duty, so its signature counts for nothing.`,
    { role },
    "Sign in a role that a duty names.",
  );
}

function hasDuty({ authority }: Policy, role: string): boolean {
  return [...authority.duties.values()].some((rule) => rule.kind === "number" || rule.roles.includes(role));
}

/** Adopted at once when nothing is lacking and nothing has to be waited for. */
function adoption(world: World, proposal: PolicyProposal, now: Instant): readonly FleetEvent[] {
  if (lacking(world, proposal).length > 0 || now < proposal.notBefore) return [];
  const { policy, version, words } = proposal;
  const incidental = isIncidental(world, proposal);
  const by = { kind: "person", id: words.at(-1)?.person ?? "", method: "statement" } as const;
  const others = [...world.authority.proposals.keys()].filter((hash) => hash !== policy);
  const people = [...new Set(words.map(({ person }) => person))];
  return [
    { type: "policy-adopted", policy, version, by, signed: true, class: proposal.class, words },
    ...others.map((hash) => ({ type: "policy-proposal-ended", policy: hash, how: "superseded" }) as const),
    ...(incidental ? [reviewOf("policy-in-incident", policy, people, now)] : []),
  ];
}

/** One objection by anybody enrolled stops a policy that widens; of another it is on record, and stops it while it is open. */
function object(world: World, { policy }: Of<"object-to-policy">, { signer }: Speaker): FleetDecision {
  if (!world.authority.proposals.has(policy)) return notOpen(policy);
  return accept([
    { type: "policy-objected", policy, by: signer },
    { type: "policy-proposal-ended", policy, how: "objected" },
  ]);
}

function withdraw(world: World, { policy }: Of<"withdraw-policy">, { signer }: Speaker): FleetDecision {
  const open = world.authority.proposals.get(policy);
  if (open === undefined) return notOpen(policy);
  const [first] = open.words;
  if (first?.person !== signer.person)
    return refuse(
      "not-yours",
      `${first?.person ?? "Somebody else"} proposed it.`,
      { proposedBy: first?.person ?? null },
      "Object to it: pointsman policy object",
    );
  return accept([{ type: "policy-proposal-ended", policy, how: "withdrawn" }]);
}

/** What is due by itself: a wait that is over, and proposals for a policy that is no longer in force. */
function advance(world: World, now: Instant): FleetDecision {
  const proposals = [...world.authority.proposals.values()];
  const stale = proposals.filter(({ before }) => before !== world.policy.hash);
  const ended = stale.map(({ policy }) => ({ type: "policy-proposal-ended", policy, how: "superseded" }) as const);
  const due = proposals.filter((one) => !stale.includes(one)).map((one) => adoption(world, one, now));
  const events = due.find((one) => one.length > 0) ?? ended;
  return events.length === 0 ? refuse(nothingDue, "Nothing is due.", {}, "Nothing needs to be done.") : accept(events);
}

/** When a proposal may next be due by itself; undefined: never, unless somebody signs. */
export function policyWakeAt(world: World): Instant | undefined {
  const ready = [...world.authority.proposals.values()].filter((one) => lacking(world, one).length === 0);
  const times = ready.map(({ notBefore }) => notBefore);
  return times.length === 0 ? undefined : times.reduce((a, b) => (a < b ? a : b));
}

/** What a status says of a proposal. */
export function proposalSays(world: World, proposal: PolicyProposal, now: Instant): string {
  const missing = lacking(world, proposal);
  if (missing.length > 0) return missing.join(" ");
  return now < proposal.notBefore
    ? `It is signed, and waits until ${formatInstant(proposal.notBefore)}; one objection stops it.`
    : "It is adopted now.";
}

function accept(events: readonly FleetEvent[]): FleetDecision {
  return isNonEmpty(events)
    ? { accepted: true, events }
    : refuse(nothingDue, "Nothing is due.", {}, "Nothing needs to be done.");
}

function notOpen(policy: string): FleetDecision {
  return refuse(
    "no-such-proposal",
    `Policy ${policy.slice(0, 12)} is not proposed.`,
    { policy },
    "See: pointsman policy status",
  );
}

function refuse(
  code: string,
  says: string,
  figures: JsonObject,
  mend: string,
): Extract<FleetDecision, { accepted: false }> {
  return { accepted: false, refusal: { code, says, figures, mend } };
}
