import type { Duty, DutyRule, Person } from "./policy.ts";

export type Holder = Pick<Person, "id" | "roles" | "group">;

/** The role of the automation's key, which a rule for `execute` names where no person needs to. No person has it. */
export const automationRole = "automation";

/** People who can help to fill a duty. */
export function helpersOf<Who extends Holder>(people: readonly Who[], rule: DutyRule): readonly Who[] {
  return rule.kind === "number"
    ? people
    : people.filter(({ roles }) => roles.some((role) => rule.roles.includes(role)));
}

/** Whether these people can fill a duty between them, each in one role. */
export function canFill(people: readonly Holder[], rule: DutyRule): boolean {
  return waysToFill(people, [["approve", rule]], []).next().done === false;
}

type Part = readonly [Duty, DutyRule];

/** Who gives which word of one move. */
export type Filling = readonly { readonly duty: Duty; readonly person: Holder; readonly role: string | null }[];

/**
 * Ways in which people can fill several duties of one move: one distinct person for each part of a duty, nobody in two
 * duties that are separate, and each person in one role throughout. The first ones come first by the people's order.
 */
export function* waysToFill(
  people: readonly Holder[],
  parts: readonly Part[],
  separate: readonly (readonly [Duty, Duty])[],
): Generator<Filling> {
  const some = alike(people);
  yield* filled(
    some,
    parts.flatMap((part) => slotsOf(part)),
    separate,
    [],
  );
}

interface Slot {
  readonly duty: Duty;
  /** Roles in which it may be filled; null: in any. */
  readonly roles: readonly string[] | null;
  /** The duty must be filled by this many groups once this slot is. */
  readonly groups: number;
}

function slotsOf([duty, rule]: Part): readonly Slot[] {
  switch (rule.kind) {
    case "any":
      return [{ duty, roles: rule.roles, groups: 1 }];
    case "all":
      return rule.roles.map((role) => ({ duty, roles: [role], groups: 1 }));
    case "number":
      return Array.from({ length: rule.people }, (_, index) => ({
        duty,
        roles: null,
        groups: index + 1 === rule.people ? rule.groups : 1,
      }));
  }
}

function* filled(
  people: readonly Holder[],
  [slot, ...rest]: readonly Slot[],
  separate: readonly (readonly [Duty, Duty])[],
  taken: Filling,
): Generator<Filling> {
  if (slot === undefined) {
    yield taken;
    return;
  }
  for (const person of people) {
    for (const role of slot.roles === null
      ? [null]
      : person.roles.filter((one) => slot.roles?.includes(one) === true)) {
      if (!fits(slot, person, role, separate, taken)) continue;
      yield* filled(people, rest, separate, [...taken, { duty: slot.duty, person, role }]);
    }
  }
}

function fits(
  { duty, groups }: Slot,
  person: Holder,
  role: string | null,
  separate: readonly (readonly [Duty, Duty])[],
  taken: Filling,
): boolean {
  const own = taken.filter((one) => one.person.id === person.id);
  const apart = (other: Duty): boolean =>
    other === duty || separate.some(([a, b]) => (a === duty && b === other) || (b === duty && a === other));
  if (own.some((one) => apart(one.duty) || (one.role !== null && role !== null && one.role !== role))) return false;
  const inDuty = taken.filter((one) => one.duty === duty).map((one) => one.person.group);
  return new Set([...inDuty, person.group]).size >= groups;
}

/** Of people with the same roles and group more than a few make no difference, and every way is tried. */
const alikeMax = 4;

function alike(people: readonly Holder[]): readonly Holder[] {
  const counts = new Map<string, number>();
  return people.filter(({ roles, group }) => {
    const kind = JSON.stringify([roles.toSorted(), group]);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= alikeMax;
  });
}
