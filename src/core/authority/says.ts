import { formatInstant } from "../../values/time.ts";
import { planSays } from "../plan/says.ts";
import type { Plan } from "../plan/plan.ts";
import { fingerprintOfKey } from "./keys.ts";
import type { EnrolledKey } from "./keys.ts";
import type { PolicyProposal } from "./state.ts";
import type { StatementKind } from "./statement.ts";
import { serviceOfFailover } from "./subjects.ts";
import { breakGlassWords } from "./telephone-words.ts";
import type { AnyStatement, StatementOf } from "./terms.ts";

/** What statements are about and do not hold themselves: the signer was shown it, and the controller looks it up. */
export interface Shown {
  /** The plan whose hash the subject has. */
  readonly plan?: Plan;
  /** The policy whose hash the subject has, and what it changes. */
  readonly proposal?: Pick<PolicyProposal, "version" | "class" | "says">;
  /** The key that is to be revoked. */
  readonly key?: Pick<EnrolledKey, "fingerprint" | "person">;
}

/** Differences of a policy in full at most; its hash binds the rest. Below the form's 256 lines. */
const differencesMax = 200;

/**
 * The effect of a statement in plain English, a line each: made on the signer's machine, again when it is admitted, and by
 * every verifier, from what is signed. `undefined` when it is about a plan, a policy or a key that is not among `shown`.
 */
export function saysOf(statement: AnyStatement, shown: Shown): readonly string[] | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rendering is looked up by this very statement's kind
  const render = table[statement.kind] as Render<AnyStatement>;
  const lines = render(statement, shown);
  if (lines === undefined) return undefined;
  const [first, ...rest] = lines;
  return [`${speakerText(statement)} ${first}`, ...rest];
}

type Lines = readonly [string, ...string[]];
type Render<Of> = (statement: Of, shown: Shown) => Lines | undefined;

const table: { readonly [Kind in StatementKind]: Render<StatementOf<Kind>> } = {
  declare: ({ subject, terms: { move } }) => [
    move.kind === "rollback"
      ? `asks to undo the last move of ${subject.id}.`
      : `asks to move ${subject.id}: ${moveText(move)}.`,
  ],
  validate: (statement, shown) => ofPlanOrPolicy("confirms that this is safe", statement, shown),
  approve: (statement, shown) => ofPlanOrPolicy("approves", statement, shown),
  execute: (statement, shown) => ofPlan("has this plan carried out", statement, shown),
  reverse: (statement, shown) => ofPlan("approves this way back", statement, shown),
  veto: (statement, shown) => {
    const lines = ofPlan(`vetoes (${statement.terms.ground}) the move of this plan`, statement, shown);
    return lines && [...lines, "No plan that leads there may be carried out while the veto stands."];
  },
  "lift-veto": ({ subject, terms }) => [`lifts veto ${subject.id} of ${terms.service}.`],
  withdraw: (statement, shown) =>
    statement.subject.type === "plan"
      ? ofPlan("withdraws this plan", statement, shown)
      : statement.subject.type === "policy"
        ? ofPolicy("withdraws", statement, shown)
        : [withdrawnText(statement)],
  delegate: ({ subject, terms: { duties, services, from, until } }) => [
    `lets ${subject.id} fill ${duties.join(", ")} for ${services === "all" ? "every service" : services.join(", ")} from ${formatInstant(from)} until ${formatInstant(until)}.`,
  ],
  "break-glass": ({ subject, terms: { service, plan, targets, moves, incident, until } }) => [
    `asks for emergency authority over ${service}, until ${formatInstant(until)}, for incident ${incident}.`,
    `It may carry out ${moves === 1 ? "1 move" : `${moves} moves`}, to ${targets.join(" or ")} alone${plan === null ? "" : `, by plan ${plan} and no other`}.`,
    "It changes who decides, and not what is checked.",
    `The words of this request are: ${breakGlassWords(subject.id).join(" ")}.`,
  ],
  waive: (statement, shown) => {
    const lines = ofPlan("takes the following gates upon themselves, for this plan", statement, shown);
    const gates = statement.terms.gates.map(
      ({ gate, code, figures }) => `Gate ${gate} says ${code}, with the figures ${figures}.`,
    );
    return lines && [...lines, ...gates];
  },
  contain: ({ subject, terms: { site, to } }) => [
    `takes ${site} out of ${subject.id}: it is held to be compromised${to === null ? "" : `, and ${to} serves instead`}.`,
    `Nothing moves to ${site} until a named person clears it.`,
  ],
  handover: ({ subject }) => [
    `takes over ${subject.id}: Pointsman does nothing for it until it is taken back, and its records are changed by hand.`,
  ],
  "take-back": ({ subject }) => [`gives ${subject.id} back to Pointsman, which reads what stands anew.`],
  stop: ({ subject }) => [
    subject.type === "service" ? `stops everything for ${subject.id}.` : "stops everything, for every service.",
  ],
  resume: ({ subject }) => [
    subject.type === "dispute"
      ? `settles that the log is whole, though statement ${subject.id} names a head that it does not contain; writes may go on.`
      : `resumes ${subject.type === "service" ? subject.id : "every service"}.`,
  ],
  "force-verdict": ({ subject, terms: { site, verdict, until } }) => [
    `sets ${site} of ${subject.id} to ${verdict} until ${formatInstant(until)}, beside what is observed.`,
  ],
  adopt: ({ terms: { service, record } }) => [
    `takes what stands for record ${record} of ${service} as what should stand.`,
  ],
  announce: ({ subject, terms: { view, change, from, until } }) => [
    `foretells a change of zone ${subject.id} in view ${view} (${change}) from ${formatInstant(from)} until ${formatInstant(until)}.`,
  ],
  "adopt-policy": (statement, shown) => ofPolicy("adopts", statement, shown),
  object: (statement, shown) =>
    statement.subject.type === "policy"
      ? ofPolicy("objects to", statement, shown)
      : [`objects to recovery ${statement.subject.id}.`],
  enrol: ({ subject, terms }) => [`enrols the ${methodOf(terms.key)} ${subject.id} as their own.`],
  "revoke-key": ({ subject }, { key }) =>
    key?.fingerprint === subject.id
      ? [`revokes the key ${subject.id} of ${key.person}: nothing that it signs counts from now on.`]
      : undefined,
  recover: ({ subject, terms: { keys } }) => [
    `asks to replace every key of ${subject.id} by: ${keys.map((key) => fingerprintOfKey(key) ?? "").join(", ")}.`,
    "Nothing else changes. It takes effect after a wait, unless people object.",
  ],
  "path-done": ({ subject }) => [`has made the change of attempt ${subject.id} by hand.`],
  "credential-rotated": ({ subject }) => [`has replaced the credential ${subject.id}.`],
  "close-review": ({ subject }) => [`has taken no part in what review ${subject.id} is about, and closes it.`],
  erase: ({ subject }) => [
    `has what stands behind commitment ${subject.id} erased; the log keeps the commitment alone.`,
  ],
};

/** `ana, as service-owner,` */
function speakerText({ by, as }: AnyStatement): string {
  const role = as.role === null ? "" : `, as ${as.role}`;
  const under = as.delegation === null ? "" : `, under ${as.delegation}`;
  return role + under === "" ? by.person : `${by.person}${role}${under},`;
}

function moveText(move: Exclude<StatementOf<"declare">["terms"]["move"], { kind: "rollback" }>): string {
  switch (move.kind) {
    case "to":
      return `all of it to ${move.site}`;
    case "drain":
      return `away from ${move.site}`;
    case "add":
      return `${move.site} beside what is active`;
  }
}

function ofPlan(act: string, { subject }: AnyStatement, { plan }: Shown): Lines | undefined {
  return plan?.failover === subject.id && plan.service === serviceOfFailover(subject.id)
    ? [`${act}:`, ...planSays(plan), `The plan's hash is ${subject.hash}.`]
    : undefined;
}

function ofPolicy(act: string, { subject }: AnyStatement, { proposal }: Shown): Lines | undefined {
  if (proposal === undefined || String(proposal.version) !== subject.id) return undefined;
  const { says } = proposal;
  const more = says.length - differencesMax;
  return [
    `${act} version ${subject.id} of the policy (${proposal.class}):`,
    ...says.slice(0, differencesMax),
    ...(more > 0 ? [`And ${more} more differences.`] : []),
    `The policy's hash is ${subject.hash}.`,
  ];
}

function ofPlanOrPolicy(act: string, statement: AnyStatement, shown: Shown): Lines | undefined {
  return statement.subject.type === "policy" ? ofPolicy(act, statement, shown) : ofPlan(act, statement, shown);
}

function withdrawnText({ subject, terms: { service } }: StatementOf<"withdraw">): string {
  switch (subject.type) {
    case "veto":
      return `withdraws veto ${subject.id} of ${service}.`;
    case "forced-verdict":
      return `withdraws the verdict that was set for ${subject.id} of ${service}.`;
    case "bar":
      return `clears ${subject.id} of ${service}: traffic may be moved there again.`;
    case "break-glass":
      return `withdraws the emergency request with the words ${breakGlassWords(subject.id).join(" ")}.`;
    default:
      return `withdraws ${subject.type} ${subject.id}.`;
  }
}

function methodOf(key: string): string {
  return key.startsWith("{") ? "passkey" : "SSH key";
}
