import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256OfJson } from "../../values/sha256.ts";
import { add, hour } from "../../values/time.ts";
import type { Failover } from "../failover/state.ts";
import type { Authority, Duty, DutyRule, Person, Policy } from "../policy/policy.ts";
import { sceneOf, withAuthority, type Scene } from "./authority.fixture.ts";
import { missingDuties, wordFor } from "./duties.ts";
import type { EnrolledKey } from "./keys.ts";
import { separated } from "./separation.ts";
import type { Speaker } from "./admitted.ts";
import type { AnyStatement } from "./terms.ts";
import type { Word } from "./word.ts";

/*
 * Random policies, people and words, right and wrong ones, against an oracle that knows nothing of how duties are counted:
 * it looks for distinct, separated people by trying every choice of words.
 */

const seed = 20_261_122;
const numRuns = 1500;

const base = sceneOf();
const { now } = base;
const people = ["p0", "p1", "p2", "p3", "p4"] as const;
const roles = ["r0", "r1", "r2"] as const;
const asked = ["declare", "validate", "approve", "execute"] as const satisfies readonly Duty[];

type Given = Word & { readonly dead: boolean };

interface Case {
  readonly scene: Scene;
  readonly words: readonly Given[];
}

const roleLists = fc.constantFrom(...([["r0"], ["r1"], ["r0", "r1"], ["r1", "r2"], ["r0", "r2"]] as const));
const rule: fc.Arbitrary<DutyRule> = fc.oneof(
  roleLists.map((those) => ({ kind: "any" as const, roles: those })),
  roleLists.map((those) => ({ kind: "all" as const, roles: those })),
  fc
    .record({ people: fc.integer({ min: 1, max: 3 }), groups: fc.integer({ min: 1, max: 2 }) })
    .map(({ people: n, groups }) => ({ kind: "number" as const, people: Math.max(n, groups), groups })),
);

const person = fc.record({ roles: fc.subarray([...roles], { minLength: 1 }), group: fc.constantFrom("g0", "g1") });
const word = fc.record({
  person: fc.constantFrom(...people),
  duty: fc.constantFrom(...asked),
  role: fc.constantFrom(...roles),
  /** Mostly a role that the person has. */
  ownRole: fc.constantFrom(0, 0, 1, 2, null),
  fate: fc.constantFrom("stands", "stands", "stands", "stands", "stands", "expired", "revoked"),
});

const anything = fc
  .record({
    people: fc.tuple(person, person, person, person, person),
    rules: fc.record({
      declare: fc.option(rule, { freq: 1 }),
      validate: fc.option(rule),
      approve: rule,
      execute: fc.option(rule, { freq: 1 }),
    }),
    separate: fc.uniqueArray(
      fc.constantFrom<readonly [Duty, Duty]>(["declare", "approve"], ["approve", "validate"], ["validate", "execute"]),
      { maxLength: 2 },
    ),
    signOff: fc.boolean(),
    declarer: fc.constantFrom(...people),
    words: fc.array(word, { minLength: 4, maxLength: 16 }),
  })
  .map(build);

function build(made: {
  readonly people: readonly { readonly roles: readonly string[]; readonly group: string }[];
  readonly rules: { readonly [duty: string]: DutyRule | null };
  readonly separate: readonly (readonly [Duty, Duty])[];
  readonly signOff: boolean;
  readonly declarer: string;
  readonly words: readonly {
    readonly person: string;
    readonly duty: Duty;
    readonly role: string;
    readonly ownRole: number | null;
    readonly fate: string;
  }[];
}): Case {
  const known = new Map(
    made.people.map((one, at): [string, Person] => [`p${at}`, { ...one, id: `p${at}`, keys: [], onCall: null }]),
  );
  const duties = new Map(asked.flatMap((duty) => (made.rules[duty] ? [[duty, made.rules[duty]] as const] : [])));
  const signOffs: Authority["signOffs"] = made.signOff ? [{ when: "changes-jurisdiction", roles: ["r2"] }] : [];
  const authority: Authority = { ...base.policy.authority, duties, separate: made.separate, signOffs };
  const sites = new Map([...base.policy.sites].map(([id, site]) => [id, { ...site, jurisdiction: id }]));
  const policy: Policy = { ...base.policy, people: known, authority, sites };
  const keys = new Map<string, EnrolledKey>();
  const words = made.words.map(({ fate, ownRole, ...one }, at): Given => {
    const own = known.get(one.person)?.roles ?? [];
    const role = ownRole === null ? one.role : (own[ownRole % own.length] ?? one.role);
    const key = `${one.person} ${fate}`;
    const line = { method: "sshsig", line: key } as const;
    const statement = sha256OfJson(at);
    const signedAt = add(now, -hour + at);
    keys.set(key, {
      fingerprint: key,
      person: one.person,
      key: line,
      statement,
      at: signedAt,
      revokedAt: fate === "revoked" ? now : null,
    });
    const expires = fate === "expired" ? now : add(now, hour);
    const group = known.get(one.person)?.group ?? "";
    return { ...one, role, key, statement, at: signedAt, group, under: null, expires, dead: fate !== "stands" };
  });
  for (const id of known.keys())
    keys.set(`${id} key`, {
      fingerprint: `${id} key`,
      person: id,
      key: { method: "sshsig", line: id },
      statement: sha256OfJson(id),
      at: now,
      revokedAt: null,
    });
  const by = { kind: "person", id: made.declarer, method: "statement" } as const;
  const failover: Failover = { ...base.failover, by, words };
  const scene = withAuthority({ ...base, policy, failover, world: { ...base.world, policy } }, { keys });
  return { scene, words };
}

/** Whether some choice of standing words gives every place to a person, distinct and separated. */
function canBeFilled({ scene, words }: Case): boolean {
  const { policy, failover } = scene;
  const places = placesOf(policy);
  const usable = words.filter((one) => !one.dead && policy.people.get(one.person)?.roles.includes(one.role) === true);
  return choose(places, [], usable, policy, failover.by.id);
}

interface Place {
  readonly duty: Duty;
  readonly roles: readonly string[] | null;
  /** Places of one rule take different people, of this many groups. */
  readonly rule: number;
  readonly groups: number;
}

function placesOf({ authority }: Policy): readonly Place[] {
  const places: Place[] = [];
  for (const duty of asked) {
    const one = authority.duties.get(duty);
    const id = places.length;
    if (one?.kind === "any") places.push({ duty, roles: one.roles, rule: id, groups: 1 });
    if (one?.kind === "all") for (const role of one.roles) places.push({ duty, roles: [role], rule: id, groups: 1 });
    if (one?.kind === "number")
      for (let n = 0; n < one.people; n += 1) places.push({ duty, roles: null, rule: id, groups: one.groups });
  }
  for (const { roles: some } of authority.signOffs) places.push({ duty: "approve", roles: some, rule: -1, groups: 1 });
  return places;
}

type Chosen = readonly { readonly place: Place; readonly word: Given }[];

function choose(
  left: readonly Place[],
  chosen: Chosen,
  usable: readonly Given[],
  policy: Policy,
  declarer: string,
): boolean {
  const [place, ...others] = left;
  if (place === undefined) return groupsFit(chosen, policy);
  return usable.some((one) => {
    const fits = one.duty === place.duty && (place.roles === null || place.roles.includes(one.role));
    if (!fits) return false;
    const next = [...chosen, { place, word: one }];
    return isSound(next, policy, declarer) && choose(others, next, usable, policy, declarer);
  });
}

function isSound(chosen: Chosen, { authority }: Policy, declarer: string): boolean {
  const acts = [...chosen.map(({ word: one }) => [one.person, one.duty] as const), [declarer, "declare"] as const];
  const apart = acts.every(([a, first]) =>
    acts.every(([b, second]) => a !== b || !authority.separate.some(([x, y]) => x === first && y === second)),
  );
  const oneRole = chosen.every((a) =>
    chosen.every((b) => a.word.person !== b.word.person || a.word.role === b.word.role),
  );
  const distinct = chosen.every((a, at) =>
    chosen.every((b, other) => at === other || a.place.rule !== b.place.rule || a.word.person !== b.word.person),
  );
  return apart && oneRole && distinct;
}

function groupsFit(chosen: Chosen, { people: known }: Policy): boolean {
  return chosen.every(({ place }) => {
    const same = chosen.filter((one) => one.place.rule === place.rule);
    return new Set(same.map(({ word: one }) => known.get(one.person)?.group)).size >= place.groups;
  });
}

function missing(scene: Scene, words: readonly Word[]): number {
  return missingDuties({ ...scene, failover: { ...scene.failover, words } }).length;
}

describe(`N8: for any policy, people and words (${numRuns} each, seed ${seed})`, () => {
  it("authority is complete only where distinct, separated people fill every duty", () => {
    let complete = 0;
    fc.assert(
      fc.property(anything, (given) => {
        if (missing(given.scene, given.words) > 0) return;
        complete += 1;
        expect(canBeFilled(given)).toBe(true);
      }),
      { numRuns, seed },
    );
    // The property says something only where it happens.
    expect(complete).toBeGreaterThan(100);
  });

  it("one word more never makes more missing", () => {
    fc.assert(
      fc.property(anything, ({ scene, words }) => {
        const counts = words.map((_, at) => missing(scene, words.slice(0, at)));
        expect(counts).toEqual(counts.toSorted((a, b) => b - a));
      }),
      { numRuns, seed },
    );
  });

  it("a word whose key is revoked or whose time is over fills nothing", () => {
    fc.assert(
      fc.property(anything, ({ scene, words }) => {
        const dead = words.filter((one) => one.dead);
        expect(missing(scene, dead)).toBe(missing(scene, []));
        const revived = words.map((one) =>
          one.dead ? Object.assign({}, one, { key: `${one.person} key`, expires: add(now, hour) }) : one,
        );
        expect(missing(scene, words)).toBeGreaterThanOrEqual(missing(scene, revived));
      }),
      { numRuns, seed },
    );
  });

  it("whatever people try to sign, what is taken is separated, and whoever is named as able is taken", () => {
    let named = 0;
    fc.assert(
      fc.property(anything, ({ scene, words }) => {
        let { failover } = scene;
        failover = { ...failover, words: [] };
        for (const one of words.filter(({ dead }) => !dead)) {
          const given = wordFor({ ...scene, failover }, one.duty, speakerFor(scene, one));
          if (given.ok) failover = { ...failover, words: [...failover.words, given.word] };
        }
        expect(separated(scene.policy, failover).words).toEqual(failover.words);
        for (const lack of missingDuties({ ...scene, failover }))
          for (const id of lack.people) {
            named += 1;
            const some = roles.some((role) => {
              const tried = {
                person: id,
                duty: lack.duty,
                role,
                key: `${id} key`,
                at: now,
                statement: sha256OfJson("x"),
              };
              return wordFor({ ...scene, failover }, lack.duty, speakerFor(scene, tried)).ok;
            });
            expect(some).toBe(true);
          }
      }),
      { numRuns: numRuns / 3, seed },
    );
    expect(named).toBeGreaterThan(100);
  });
});

function speakerFor(
  { policy }: Scene,
  one: Pick<Word, "person" | "key" | "statement" | "at" | "duty" | "role">,
): Speaker {
  const known = policy.people.get(one.person);
  if (known === undefined) throw new Error(one.person);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a statement only what capacities look at
  const statement = {
    kind: one.duty,
    as: { duty: one.duty, role: one.role, delegation: null },
    subject: { type: "plan", id: "login-1", hash: base.failover.planHash },
    expires: add(now, hour),
  } as unknown as AnyStatement;
  return {
    statement,
    person: known,
    signer: { person: one.person, key: one.key, statement: one.statement, at: one.at },
  };
}
