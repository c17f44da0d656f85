import { elapsedOf } from "./clock-steps.ts";
import { fillsAlone } from "./fills.ts";
import { holdsRole } from "./people.ts";
import { signerStands } from "./stands.ts";
import { day, type Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import { meaningOf, type Difference, type Meaning } from "../policy/difference/index.ts";
import { gains } from "../policy/difference/gains.ts";
import type { Duty, Policy } from "../policy/policy.ts";
import type { PolicyProposal, PolicyWord } from "./state.ts";

/** Nobody adopts a policy alone, whatever the policy says. */
const adoptersMin = 2;
/** Small steps add up: a policy is also measured against the one of this long ago. */
export const memoryMs = 30 * day;

type Known = Pick<World, "policy" | "policies" | "authority">;

/**
 * What a policy means beside the one in force, and beside the one that stood 30 days ago, or after the last adoption since
 * then that was known to widen: what was signed as widening once is not asked for again.
 */
export function meaningFor(world: Known, after: Policy, now: Instant): Meaning {
  const near = meaningOf(world.policy.document, after.document);
  const base = baseOf(world, now);
  if (base === undefined) return { class: "widening", differences: [...near.differences, baseLost] };
  if (base.hash === world.policy.hash || near.class === "widening") return near;
  const far = meaningOf(base.document, after.document);
  if (far.class !== "widening") return near;
  return { class: "widening", differences: [...near.differences, ...far.differences.filter(isWidening)] };
}

/** What cannot be compared might let anything happen. */
const baseLost: Difference = {
  path: [],
  class: "widening",
  says: "The policy of 30 days ago is lost, so what has changed since then is not known.",
};

function isWidening(difference: Difference): boolean {
  return difference.class === "widening";
}

/** `undefined`: its document is lost. */
function baseOf(world: Known, now: Instant): Policy | undefined {
  const { policies, policy, authority } = world;
  const { history } = authority;
  const from = history.findLastIndex(
    ({ class: kind, from: at }) => kind === "widening" || elapsedOf(world, at, now) >= memoryMs,
  );
  const past = history[Math.max(0, from)];
  return past === undefined ? policy : policies.get(past.policy);
}

/** People to whom a policy gives more than the one in force does, or the one it is measured against. */
export function gainersOf(world: Known, meaning: Meaning, after: Policy, now: Instant): readonly string[] {
  const befores = [world.policy, baseOf(world, now) ?? world.policy];
  return [...after.people.keys()].filter((id) => befores.some((before) => gains(id, before, after, meaning)));
}

/** What a proposal still lacks, a sentence each; empty: it may be adopted, from its `notBefore` on. */
export function lacking(world: World, proposal: PolicyProposal): readonly string[] {
  const after = world.policies.get(proposal.policy);
  if (after === undefined) return ["Its document is not known."];
  const words = countedWords(world, proposal);
  if (proposal.class === "values-only" && inIncident(world.policy, words)) return [];
  const adopt = words.filter(({ duty }) => duty === "adopt");
  const people = peopleOf(adopt).size;
  const further = [world.policy, after].every((policy) => hasFurther(policy, adopt));
  return [
    ...(fills(world.policy, "adopt", adopt) ? [] : ["It lacks signatures for adopt by the policy in force."]),
    ...(fills(after, "adopt", adopt) ? [] : ["It lacks signatures for adopt by its own rule."]),
    ...(people >= adoptersMin ? [] : [`It has ${people} of at least ${adoptersMin} people.`]),
    ...(proposal.class !== "widening" || further ? [] : ["Widening, it needs one person more than adopt asks."]),
  ];
}

/** Whether it is the word of those who approve and validate, in an incident, that fills it, and not the duty adopt. */
export function isIncidental(world: World, proposal: PolicyProposal): boolean {
  const adopt = countedWords(world, proposal).filter(({ duty }) => duty === "adopt");
  return (
    proposal.class === "values-only" && !(fills(world.policy, "adopt", adopt) && peopleOf(adopt).size >= adoptersMin)
  );
}

/** Signatures that count: the key stands, the person is of the policy in force, and gains nothing by it. */
function countedWords(world: World, { words, gainers }: PolicyProposal): readonly PolicyWord[] {
  return words.filter((word) => signerStands(world, word) && !gainers.includes(word.person));
}

/** In an incident a site's addresses change by the word of those who approve and validate any move. */
function inIncident(policy: Policy, words: readonly PolicyWord[]): boolean {
  const of = (duty: Duty): readonly PolicyWord[] => words.filter((word) => word.duty === duty);
  const validated = !policy.authority.duties.has("validate") || fills(policy, "validate", of("validate"));
  const people = peopleOf([...of("approve"), ...of("validate")]).size;
  return fills(policy, "approve", of("approve")) && validated && people >= adoptersMin;
}

function peopleOf(words: readonly PolicyWord[]): ReadonlySet<string> {
  return new Set(words.map(({ person }) => person));
}

/** Whether people fill a policy's rule for a duty, each in the one role that they signed in and hold there. */
function fills(policy: Policy, duty: Duty, words: readonly PolicyWord[]): boolean {
  const rule = policy.authority.duties.get(duty);
  const held = words.filter(({ person, role }) => holdsRole(policy, person, role));
  const grouped = held.map((word) => Object.assign({ group: policy.people.get(word.person)?.group ?? "" }, word));
  return rule !== undefined && fillsAlone(rule, grouped);
}

/** The rule is filled even without one of those who signed: that one is the further person. */
function hasFurther(policy: Policy, words: readonly PolicyWord[]): boolean {
  return [...peopleOf(words)].some((one) =>
    fills(
      policy,
      "adopt",
      words.filter(({ person }) => person !== one),
    ),
  );
}
