import type { SoundPolicy } from "../document.ts";
import { error, type DocumentPath, type Finding } from "../finding.ts";
import { automationRole } from "../fillers.ts";
import { dutyNames } from "../policy.ts";
import { readPublicKey } from "../ssh-key.ts";
import { entriesOf, itemsOf, malformed, reference, references, repeated } from "./walk.ts";

/** People have keys of their own, and every role that a duty names is somebody's. */
export function* peopleRules(policy: SoundPolicy): Iterable<Finding> {
  yield* keys(policy);
  yield* duties(policy);
  for (const [index, pair] of itemsOf(policy.authority?.separate))
    yield* repeated(pair, ["authority", "separate", index]);
  for (const [id, dependency] of entriesOf(policy.dependencies))
    yield* reference("person", dependency.owner, policy.people, ["dependencies", id, "owner"]);
  for (const [id, service] of entriesOf(policy.services))
    yield* reference("person", service.owner, policy.people, ["services", id, "owner"]);
}

function* keys(policy: SoundPolicy): Iterable<Finding> {
  const owners = new Map<string, string>();
  for (const [id, person] of entriesOf(policy.people)) {
    yield* repeated(person.roles, ["people", id, "roles"]);
    for (const [index, line] of itemsOf(person.keys)) {
      const path = ["people", id, "keys", index];
      const key = readPublicKey(line);
      if (key.kind === "not-a-key") {
        yield malformed(path, line, `an OpenSSH public key (${key.why})`);
        continue;
      }
      const owner = owners.get(key.blob);
      if (owner !== undefined) yield sharedKey(path, id, owner);
      owners.set(key.blob, id);
    }
  }
}

function sharedKey(path: DocumentPath, person: string, owner: string): Finding {
  return error({
    code: "shared-key",
    path,
    says: `This key of ${person} is a key of ${owner} already, so nobody could tell which of them signed.`,
    mend: "Give each person a key of their own.",
    figures: { people: [owner, person] },
  });
}

function* duties(policy: SoundPolicy): Iterable<Finding> {
  const roles = rolesOf(policy);
  for (const duty of dutyNames) {
    const rule = policy.authority?.[duty];
    if (rule === undefined) continue;
    const path = ["authority", duty];
    const named = (["any", "all"] as const).filter((kind) => rule[kind] !== undefined);
    const forms = [...named, ...(rule.n === undefined && rule.groups === undefined ? [] : ["n"])];
    if (forms.length !== 1) yield malformed(path, rule, "one of any, all, or n with groups");
    if (rule.n !== undefined || rule.groups !== undefined) yield* peopleCounted(policy, rule, path);
    for (const kind of named) yield* references("role", rule[kind], roles, [...path, kind]);
  }
}

/** Every role that somebody has; `undefined` while a person cannot be read whole. */
export function rolesOf(policy: SoundPolicy): object | undefined {
  const people = Object.values(policy.people ?? {});
  if (policy.people === undefined || people.some((person) => person?.roles?.includes(undefined) !== false))
    return undefined;
  return Object.fromEntries(
    [automationRole, ...people.flatMap((person) => person?.roles ?? [])].map((role) => [role, true]),
  );
}

function* peopleCounted(
  policy: SoundPolicy,
  rule: { readonly n?: number | undefined; readonly groups?: number | undefined },
  path: DocumentPath,
): Iterable<Finding> {
  const people = Object.values(policy.people ?? {});
  if (people.length === 0 || people.some((person) => person?.group === undefined)) return;
  const groups = new Set(people.map((person) => person?.group)).size;
  const asked = { people: rule.n ?? 1, groups: rule.groups ?? 1 };
  if (asked.people <= people.length && asked.groups <= Math.min(groups, asked.people)) return;
  yield error({
    code: "duty-cannot-be-filled",
    path,
    says: `This duty asks for ${asked.people} people of ${asked.groups} groups, and there are ${people.length} of ${groups}.`,
    mend: "Ask for fewer, with no more groups than people, or add people.",
    figures: { asked, people: people.length, groups },
  });
}
