import { formatDuration, hour, parseDuration } from "../../../values/time.ts";
import type { SoundPolicy } from "../document.ts";
import { error, type DocumentPath, type Finding } from "../finding.ts";
import { hoursOf } from "../on-call.ts";
import { readPublicKey } from "../ssh-key.ts";
import { rolesOf } from "./people.ts";
import { entriesOf, itemsOf, malformed, reference, references, repeated } from "./walk.ts";

/** Widening is never adopted sooner. */
const wideningWaitMsMin = hour;

type Written = NonNullable<SoundPolicy["authority"]>;

/** Authority beside the duties: sign-offs, emergencies, lone authority, delegation, recovery, and hours. */
export function* authorityRules(policy: SoundPolicy): Iterable<Finding> {
  for (const [id, { onCall }] of entriesOf(policy.people))
    for (const [index, text] of itemsOf(onCall))
      if (hoursOf(text) === undefined)
        yield malformed(["people", id, "onCall", index], text, "hours such as mon-fri 06:00-18:00, in UTC");
  const { authority } = policy;
  if (authority === undefined) return;
  const roles = rolesOf(policy);
  for (const [index, { any }] of itemsOf(authority.signOff))
    yield* references("role", any, roles, ["authority", "signOff", index, "any"]);
  yield* references("role", authority.delegateTo, roles, ["authority", "delegateTo"]);
  yield* breakGlass(policy, authority);
  yield* solo(policy, authority);
  yield* recovery(policy, authority);
  yield* wait(authority);
}

/** One person more than must sign, so that it works when any one of them is the one who is away. */
function* breakGlass(policy: SoundPolicy, { breakGlass: written }: Written): Iterable<Finding> {
  if (written === undefined) return;
  const path = ["authority", "breakGlass"];
  yield* references("person", written.of, policy.people, [...path, "of"]);
  const people = new Set(written.of).size;
  const { need } = written;
  if (need === undefined || written.of === undefined || need <= people - 1) return;
  yield error({
    code: "break-glass-need",
    path: [...path, "need"],
    says: `Break-glass asks for ${need} of ${people}: with any one of them away nobody could use it.`,
    mend: `Name more people, or ask for ${Math.max(2, people - 1)} at most.`,
    figures: { need, people },
  });
}

function* solo(policy: SoundPolicy, { solo: written }: Written): Iterable<Finding> {
  for (const [index, one] of itemsOf(written)) {
    const path = ["authority", "solo", index];
    yield* reference("person", one.person, policy.people, [...path, "person"]);
    yield* reference("service", one.service, policy.services, [...path, "service"]);
    const sites = policy.services?.[one.service ?? ""]?.sites;
    yield* references("site of the service", one.targets, sites, [...path, "targets"]);
  }
}

/** Keys are lost one at a time: with two of three, one may be. */
const recoveryKeysMin = 3;

function* recovery(policy: SoundPolicy, { recovery: written }: Written): Iterable<Finding> {
  if (written === undefined) return;
  const path = ["authority", "recovery"];
  const holders = new Map<string, string>();
  for (const [id, person] of entriesOf(policy.people))
    for (const [, line] of itemsOf(person.keys)) {
      const key = readPublicKey(line);
      if (key.kind === "key") holders.set(key.blob, id);
    }
  const blobs: string[] = [];
  for (const [index, line] of itemsOf(written.keys)) {
    const at: DocumentPath = [...path, "keys", index];
    const key = readPublicKey(line);
    if (key.kind !== "key") {
      yield malformed(at, line, `an OpenSSH public key (${key.why})`);
      continue;
    }
    const holder = holders.get(key.blob);
    if (holder !== undefined) yield keyOfPerson(at, holder);
    blobs.push(key.blob);
  }
  yield* repeated(blobs, [...path, "keys"]);
  const { need, keys } = written;
  if (need === undefined || keys === undefined || (keys.length >= recoveryKeysMin && need < keys.length)) return;
  yield error({
    code: "recovery-need",
    path,
    says: `Recovery asks for ${need} of ${keys.length} keys: at least ${recoveryKeysMin} are kept, and one more than must sign.`,
    mend: "Write need: 2, and three keys that are kept offline in three places.",
    figures: { need, keys: keys.length },
  });
}

function keyOfPerson(path: DocumentPath, person: string): Finding {
  return error({
    code: "shared-key",
    path,
    says: `This recovery key is a key of ${person}: each key has one use.`,
    mend: "Make keys for recovery alone, and keep them offline.",
    figures: { person },
  });
}

function* wait({ wideningWait }: Written): Iterable<Finding> {
  const waitMs = parseDuration(wideningWait ?? "24h");
  if (waitMs === undefined || waitMs >= wideningWaitMsMin) return;
  yield error({
    code: "widening-wait-too-short",
    path: ["authority", "wideningWait"],
    says: `A policy that widens would wait ${formatDuration(waitMs)}; ${formatDuration(wideningWaitMsMin)} is the least, so that somebody may object.`,
    mend: "Write 24h, or an hour at least.",
    figures: { waitMs, leastMs: wideningWaitMsMin },
  });
}
