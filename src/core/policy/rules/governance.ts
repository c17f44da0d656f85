import { isNonEmpty } from "../../../values/non-empty.ts";
import type { SoundPolicy } from "../document.ts";
import { error, warning, type Finding } from "../finding.ts";
import { automationRole, canFill, waysToFill, type Holder } from "../fillers.ts";
import { hoursOf, isOnCall, minuteText, turnsOf } from "../on-call.ts";
import { dutyNames, type Duty, type DutyRule, type OnCall } from "../policy.ts";
import { entriesOf } from "./walk.ts";

type Rules = ReadonlyMap<Duty, DutyRule>;
type Pairs = readonly (readonly [Duty, Duty])[];
type Someone = Holder & { readonly onCall: readonly OnCall[] | null };

interface Governance {
  readonly people: readonly Someone[];
  readonly rules: Rules;
  readonly separate: Pairs;
}

/** Words of one move, in the order in which they are given. `execute` only where no automation may. */
const dutiesOfMove = ["declare", "approve", "validate", "execute"] as const;

/**
 * Whether people can do what the policy asks of them: found now, and not in the outage. What nobody could ever fill is an
 * error; what rests on one person is a warning, since a team of two is a team.
 */
export function* governanceRules(policy: SoundPolicy): Iterable<Finding> {
  const governance = governanceOf(policy);
  if (governance === undefined) return;
  const impossible = [...fillable(governance)];
  yield* impossible;
  // What cannot be filled at all need not be said again for each person and hour.
  if (impossible.some(({ severity }) => severity === "error")) return;
  yield* move(governance);
  yield* changeable(policy, governance);
  yield* hours(policy, governance);
}

/** Who there is, and what is asked of them; `undefined` while any of it cannot be read. */
function governanceOf(policy: SoundPolicy): Governance | undefined {
  const people: Someone[] = [];
  for (const [id, { roles, group, onCall }] of Object.entries(policy.people ?? {}).map(
    ([key, person]) => [key, person ?? {}] as const,
  )) {
    const hoursThere = onCall?.map((text) => hoursOf(text ?? ""));
    if (roles === undefined || group === undefined || hoursThere?.includes(undefined) === true) return undefined;
    const known = roles.filter((role) => role !== undefined);
    if (known.length < roles.length) return undefined;
    people.push({ id, group, roles: known, onCall: hoursThere?.filter((one) => one !== undefined) ?? null });
  }
  const rules = new Map<Duty, DutyRule>();
  for (const duty of dutyNames) {
    const written = policy.authority?.[duty];
    const rule = written === undefined ? undefined : ruleOf(written);
    if (written !== undefined && rule === undefined) return undefined;
    if (rule !== undefined) rules.set(duty, rule);
  }
  const pairs = policy.authority?.separate ?? [];
  const separate = pairs.flatMap(([a, b] = []) => (a === undefined || b === undefined ? [] : [[a, b] as const]));
  return people.length === 0 || policy.authority === undefined ? undefined : { people, rules, separate };
}

function ruleOf({ any, all, n, groups }: NonNullable<NonNullable<SoundPolicy["authority"]>["approve"]>) {
  const roles = any ?? all;
  if (roles !== undefined) {
    const known = roles.filter((role) => role !== undefined);
    if (!isNonEmpty(known) || known.length < roles.length) return undefined;
    return { kind: any === undefined ? "all" : "any", roles: known } as const;
  }
  return n === undefined && groups === undefined
    ? undefined
    : ({ kind: "number", people: n ?? 1, groups: groups ?? 1 } as const);
}

function isAutomatic(rule: DutyRule): boolean {
  return rule.kind === "any" && rule.roles.includes(automationRole);
}

/** Each duty by itself, and with any one person away. */
function* fillable({ people, rules }: Governance): Iterable<Finding> {
  for (const [duty, rule] of rules) {
    if (isAutomatic(rule) || duty === "adopt" || missesRole(people, rule)) continue;
    const path = ["authority", duty];
    if (!canFill(people, rule)) {
      yield error({
        code: "duty-cannot-be-filled",
        path,
        says: `Nobody can fill the duty ${duty}: it asks for more people of its roles than there are.`,
        mend: "Give the roles to more people, or ask for fewer.",
        figures: { duty },
      });
      continue;
    }
    const alone = people.filter((one) => !canFill(without(people, one), rule)).map(({ id }) => id);
    if (alone.length > 0)
      yield warning({
        code: "duty-rests-on-one",
        path,
        says: `With ${alone.join(" or ")} away nobody can fill the duty ${duty}.`,
        mend: "Give one of its roles to another person, or let break-glass stand in.",
        figures: { duty, people: alone },
      });
  }
}

/** A role that nobody has is found where it is named. */
function missesRole(people: readonly Holder[], rule: DutyRule): boolean {
  if (rule.kind === "number") return people.length < rule.people;
  return rule.roles.some((role) => role !== automationRole && !people.some(({ roles }) => roles.includes(role)));
}

function without<Who extends Holder>(people: readonly Who[], { id }: Holder): readonly Who[] {
  return people.filter((one) => one.id !== id);
}

function partsOf(rules: Rules): readonly (readonly [Duty, DutyRule])[] {
  return dutiesOfMove.flatMap((duty) => {
    const rule = rules.get(duty);
    return rule === undefined || isAutomatic(rule) ? [] : [[duty, rule] as const];
  });
}

/** The duties of one move together: possible under `separate`, and not all in one hand. */
function* move({ people, rules, separate }: Governance): Iterable<Finding> {
  const parts = partsOf(rules);
  if (parts.some(([, rule]) => missesRole(people, rule))) return;
  const names = parts.map(([duty]) => duty).join(", ");
  const [way] = waysToFill(people, parts, separate);
  if (way === undefined) {
    yield error({
      code: "duties-impossible",
      path: ["authority", "separate"],
      says: `No people can fill ${names} in one failover: somebody would have to fill two that are separate, or sign in two roles.`,
      mend: "Give a role to one more person, or leave out a pair of separate.",
      figures: { duties: parts.map(([duty]) => duty) },
    });
    return;
  }
  const alone = people.filter((one) => canMoveAlone(one, parts, separate)).map(({ id }) => id);
  if (alone.length > 0 && people.length > 1)
    yield warning({
      code: "one-person-moves-alone",
      path: ["authority", "separate"],
      says: `${alone.join(" or ")} can fill ${names} alone: one stolen key moves a service.`,
      mend: "Write separate: [[declare, approve]], or ask for two roles with all.",
      figures: { people: alone },
    });
}

function canMoveAlone(person: Holder, parts: ReturnType<typeof partsOf>, separate: Pairs): boolean {
  const [way] = waysToFill([person], parts, separate);
  return way !== undefined;
}

/** The policy can be changed, by two people at least, without any one of them, or by way of keys kept offline. */
function* changeable(policy: SoundPolicy, { people, rules }: Governance): Iterable<Finding> {
  const rule = rules.get("adopt");
  if (rule === undefined) {
    yield warning({
      code: "policy-unchangeable",
      path: ["authority"],
      says: "The duty adopt is nobody's: once everybody is enrolled and the installation is signed, this policy can never be changed.",
      mend: "Add adopt, such as { any: [service-owner, dns-operator] }; two people sign in any case.",
    });
    return;
  }
  if (missesRole(people, rule)) return;
  if (!canAdopt(people, rule)) {
    yield error({
      code: "adopt-needs-two",
      path: ["authority", "adopt"],
      says: `Two people at least adopt a policy, each in a role with a duty; ${people.length} of the policy cannot.`,
      mend: "Add a person, or name more roles under adopt.",
      figures: { people: people.length },
    });
    return;
  }
  const needed = people.filter((one) => !canAdopt(without(people, one), rule)).map(({ id }) => id);
  if (needed.length === 0 || policy.authority?.recovery !== undefined) return;
  yield error({
    code: "policy-unchangeable",
    path: ["authority", "adopt"],
    says: `Without ${needed.join(" or ")} nobody could ever change this policy: their keys are lost, and so is it.`,
    mend: "Let more people fill adopt, or add recovery with need: 2 and three keys that are kept offline.",
    figures: { people: needed },
  });
}

function canAdopt(people: readonly Holder[], rule: DutyRule): boolean {
  return people.length >= 2 && canFill(people, rule);
}

/** Each minute of the week has people who can say yes, where nothing moves without them. */
function* hours(policy: SoundPolicy, { people, rules, separate }: Governance): Iterable<Finding> {
  if (people.every(({ onCall }) => onCall === null)) return;
  const parts = partsOf(rules);
  const gaps = turnsOf(people).filter((minute) => {
    const [way] = waysToFill(
      people.filter((one) => isOnCall(one, minute)),
      parts,
      separate,
    );
    return way === undefined;
  });
  const [gap] = gaps;
  if (gap === undefined) return;
  for (const [id, service] of entriesOf(policy.services)) {
    const banded = service.bands?.some((band) => band?.authority === "pre-authorised") === true;
    const lone = policy.authority?.solo?.some((one) => one?.service === id) === true;
    if (banded || lone) continue;
    yield error({
      code: "hours-not-covered",
      path: ["services", id],
      says: `From ${minuteText(gap)} UTC on nobody who can be reached fills ${parts.map(([duty]) => duty).join(", ")} for ${id}, and no band or solo moves it.`,
      mend: "Extend onCall of somebody, or adopt a pre-authorised band or solo for the service.",
      figures: { from: minuteText(gap), gaps: gaps.length },
    });
  }
}
