import { describe, expect, it } from "vitest";
import { fingerprint, team, type Said, type SayOptions } from "../../../test/world/signing.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import { add, hour, minute, type Instant } from "../../values/time.ts";
import type { Facts } from "../cycle/facts.ts";
import type { Failover } from "../failover/state.ts";
import { placementAt } from "../plan/placement.ts";
import type { Duty, Policy } from "../policy/policy.ts";
import { admit } from "./admit.ts";
import { enrolled, sceneOf, spokenIn, withAuthority, type Scene } from "./authority.fixture.ts";
import { liveWords, missingDuties, wordFor } from "./duties.ts";
import { effectsOf } from "./effects.ts";
import { soloStanding } from "./solo.ts";
import type { BreakGlass, Delegation } from "./state.ts";
import type { Word } from "./word.ts";

type PlanWord = "validate" | "approve" | "execute" | "reverse";

/** A table around one plan: people sign one after the other, at the scene's time. */
class Table {
  scene: Scene;
  #signed = 0;

  constructor(scene = sceneOf()) {
    this.scene = scene;
    this.sign("dan", "declare");
  }

  /** The code of the refusal, or null; a word that is given is kept. */
  sign(person: string, duty: PlanWord | "declare", options: SayOptions = {}): string | null {
    const { failover, world, policy, now } = this.scene;
    this.#signed += 1;
    const nonce = sha256OfJson(String(this.#signed)).slice(0, 32);
    const plan = { type: "plan", id: failover.id, hash: failover.planHash };
    const said: Said =
      duty === "declare"
        ? {
            person,
            kind: duty,
            subject: { type: "service", id: "login", hash: null },
            terms: { move: { kind: "to", site: "iad" } },
          }
        : { person, kind: duty, subject: plan, terms: {} };
    const admission = admit(world, spokenIn(this.scene, said, { nonce, ...options }), now);
    if (!admission.ok) return admission.refusal.code;
    const given = wordFor({ world, policy, failover, now }, duty, admission);
    if (!given.ok) return given.refusal.code;
    this.scene = { ...this.scene, failover: { ...failover, words: [...failover.words, given.word] } };
    return null;
  }

  /** What is missing, as `duty role`. */
  missing(now: Instant = this.scene.now, facts?: Pick<Facts, "health">): readonly string[] {
    const about = { ...this.scene, now };
    return missingDuties(facts === undefined ? about : { ...about, facts }).map(({ duty, role, because }) =>
      [duty, role ?? because ?? "any"].join(" "),
    );
  }

  people(duty: Duty): readonly string[] {
    return missingDuties(this.scene).find((one) => one.duty === duty)?.people ?? [];
  }

  with(change: (scene: Scene) => Scene): this {
    this.scene = change(this.scene);
    return this;
  }

  in(change: Partial<Failover["plan"]>): this {
    const { failover } = this.scene;
    return this.with((scene) => ({ ...scene, failover: { ...failover, plan: { ...failover.plan, ...change } } }));
  }
}

function inPolicy(scene: Scene, change: Partial<Policy>): Scene {
  const policy = { ...scene.policy, ...change };
  return { ...scene, policy, world: { ...scene.world, policy } };
}

describe("the duties of a move that a person declared (N8)", () => {
  it("asks one person of each role to approve, and one to validate; the automation executes", () => {
    const table = new Table();
    expect(table.missing()).toEqual(["validate identity-owner", "approve service-owner", "approve identity-owner"]);
    expect(table.sign("chi", "validate")).toBeNull();
    expect(table.sign("ana", "approve")).toBeNull();
    expect(table.missing()).toEqual(["approve identity-owner"]);
    expect(table.sign("gus", "approve")).toBeNull();
    expect(table.missing()).toEqual([]);
  });

  it("keeps duties apart as the policy says, against the declarer too", () => {
    const table = new Table(
      inPolicy(sceneOf(), {
        authority: {
          ...sceneOf().policy.authority,
          separate: [
            ["declare", "approve"],
            ["validate", "approve"],
          ],
        },
      }),
    );
    expect(table.sign("chi", "validate")).toBeNull();
    expect(table.sign("chi", "approve")).toBe("separate-duties");
    const declared = new Table(sceneOf()).with((scene) => ({
      ...scene,
      failover: { ...scene.failover, by: { kind: "person", id: "ana", method: "statement" }, words: [] },
    }));
    expect(declared.sign("ana", "approve")).toBe("separate-duties");
    expect(declared.people("approve")).toEqual(["fay"]);
  });

  it("lets a person sign in one role, whatever number of roles and keys they hold", () => {
    const people = new Map([...sceneOf().policy.people]);
    people.set("ana", {
      id: "ana",
      roles: ["service-owner", "identity-owner"],
      group: "product",
      keys: [],
      onCall: null,
    });
    const table = new Table(inPolicy(sceneOf(), { people }));
    expect(table.sign("ana", "approve", { role: "service-owner" })).toBeNull();
    expect(table.sign("ana", "approve", { role: "identity-owner" })).toBe("another-role");
    expect(table.sign("ana", "validate", { role: "identity-owner" })).toBe("another-role");
    table.with((scene) =>
      withAuthority(scene, {
        keys: new Map([
          ...scene.world.authority.keys,
          [fingerprint("ana/2"), { ...enrolled("ana/2", scene.now), person: "ana" }],
        ]),
      }),
    );
    expect(table.sign("ana", "approve", { role: "identity-owner", key: "ana/2" })).toBe("another-role");
    expect(table.missing()).toContain("approve identity-owner");
  });

  it("refuses who may not, in a role that the rule does not name, in no role, and twice", () => {
    const table = new Table();
    expect(table.sign("ben", "approve")).toBe("role-without-duty");
    expect(table.sign("ana", "approve", { alter: (one) => ({ ...one, as: { ...one.as, role: null } }) })).toBe(
      "role-needed",
    );
    expect(table.sign("ana", "approve")).toBeNull();
    expect(table.sign("ana", "approve")).toBe("already-signed");
    expect(table.sign("ben", "reverse")).toBe("duty-not-asked");
    expect(table.sign("ben", "execute")).toBe("duty-not-asked");
  });

  it("names who could fill what is missing, and nobody who is held back", () => {
    const table = new Table();
    expect(table.people("approve")).toEqual(["ana", "fay"]);
    expect(table.sign("ana", "approve")).toBeNull();
    expect(table.people("approve")).toEqual(["chi", "gus"]);
  });

  it("asks people to execute where the rule does not name the automation", () => {
    const duties = new Map([
      ...sceneOf().policy.authority.duties,
      ["execute", { kind: "any", roles: ["dns-operator"] }] as const,
    ]);
    const table = new Table(inPolicy(sceneOf(), { authority: { ...sceneOf().policy.authority, duties } }));
    expect(table.missing()).toContain("execute dns-operator");
    expect(table.sign("ben", "execute")).toBeNull();
    expect(table.missing()).not.toContain("execute dns-operator");
  });

  it("gives way to nobody where the policy has no rule: a missing rule for approval is nobody's yes", () => {
    const duties = new Map([...sceneOf().policy.authority.duties].filter(([duty]) => duty !== "approve"));
    const table = new Table(inPolicy(sceneOf(), { authority: { ...sceneOf().policy.authority, duties } }));
    expect(table.sign("ana", "approve")).toBe("role-without-duty");
    expect(table.missing()).toContain("approve any");
  });

  it("asks only for the way back on a way back, and only for contain to contain", () => {
    const back = new Table().with((scene) => ({
      ...scene,
      failover: { ...scene.failover, needs: "reverse", words: [] },
    }));
    expect(back.missing()).toEqual(["reverse any"]);
    expect(back.sign("ben", "reverse")).toBeNull();
    expect(back.missing()).toEqual([]);
    expect(new Table().in({ purpose: "contain" }).missing()).toEqual(["contain incident-response"]);
  });
});

describe("a word counts only while it holds", () => {
  function complete(): Table {
    const table = new Table();
    for (const [person, duty] of [
      ["chi", "validate"],
      ["ana", "approve"],
      ["gus", "approve"],
    ] as const)
      expect(table.sign(person, duty)).toBeNull();
    expect(table.missing()).toEqual([]);
    return table;
  }

  it("not from its end on, nor before it was given", () => {
    const table = complete();
    const { world, failover, now } = table.scene;
    expect(table.missing(add(now, hour - 1))).toEqual([]);
    expect(table.missing(add(now, hour))).toHaveLength(4);
    expect(liveWords(world, failover, add(now, hour))).toEqual([]);
    expect(liveWords(world, failover, add(now, -1))).toEqual([]);
  });

  it("not once its key is revoked, its person left, or the role was taken", () => {
    const table = complete();
    const { now, world } = table.scene;
    const keys = new Map([...world.authority.keys, [fingerprint("gus"), enrolled("gus", now, now)]]);
    expect(
      complete()
        .with((scene) => withAuthority(scene, { keys }))
        .missing(),
    ).toEqual(["approve identity-owner"]);
    const people = new Map([...world.policy.people].filter(([id]) => id !== "ana"));
    const left = complete().with((scene) => ({
      ...scene,
      world: { ...scene.world, policy: { ...scene.policy, people } },
    }));
    expect(left.missing()).toEqual(["approve service-owner"]);
    const roles = new Map(
      [...world.policy.people].map(([id, person]) => [id, id === "chi" ? { ...person, roles: ["clerk"] } : person]),
    );
    const taken = complete().with((scene) => ({
      ...scene,
      world: { ...scene.world, policy: { ...scene.policy, people: roles } },
    }));
    expect(taken.missing()).toEqual(["validate identity-owner"]);
  });
});

describe("sign-offs by the plan's effects", () => {
  it("are computed from the plan and the policy", () => {
    const { failover, policy } = sceneOf();
    expect(effectsOf(failover.plan, policy)).toEqual([]);
    const [fra, iad] = ["fra", "iad"].map((id) => ({
      ...policy.sites.get(id)!,
      dependsOn: id === "iad" ? ["cdn", "dc"] : ["dc"],
    }));
    const elsewhere = {
      ...policy,
      sites: new Map([
        ["fra", fra!],
        ["iad", { ...iad!, jurisdiction: "US" }],
      ]),
      dependencies: new Map(
        (["third-party", "facility", "identity-provider"] as const).map((kind, at) => {
          const id = ["cdn", "dc", "idp"][at]!;
          return [id, { id, kind, owner: "ana" }];
        }),
      ),
      services: new Map([["login", { ...policy.services.get("login")!, provides: ["idp"] }]]),
    };
    expect(effectsOf(failover.plan, elsewhere)).toEqual([
      "changes-sign-in",
      "changes-jurisdiction",
      "changes-provider",
    ]);
    const { before, after } = failover.plan.placement;
    const home = { ...failover.plan, placement: { before: placementAt(["fra", "iad"]), after } };
    expect(effectsOf(home, { ...elsewhere, services: policy.services })).toEqual([]);
    expect(before).not.toEqual(after);
  });

  it("ask for a word in one of their roles, beside the duties", () => {
    const { policy } = sceneOf();
    const sites = new Map(
      [...policy.sites].map(([id, site]) => [id, { ...site, jurisdiction: id === "iad" ? "US" : "DE" }]),
    );
    const signOffs = [{ when: "changes-jurisdiction", roles: ["incident-response"] }] as const;
    const table = new Table(inPolicy(sceneOf(), { sites, authority: { ...policy.authority, signOffs } }));
    expect(table.missing()).toContain("approve incident-response");
    expect(table.sign("eve", "approve", { role: "incident-response" })).toBeNull();
    expect(table.missing()).toEqual(["validate identity-owner", "approve service-owner", "approve identity-owner"]);
  });
});

describe("delegations", () => {
  const { now } = sceneOf();
  const from = { person: "ana", key: fingerprint("ana"), statement: sha256OfJson("delegation"), at: now };
  const given: Delegation = {
    id: "delegation-1",
    from,
    to: "dan",
    duties: ["approve"],
    services: ["login"],
    since: now,
    until: add(now, 30 * minute),
    withdrawnAt: null,
  };
  const lent = { under: "delegation-1", role: "service-owner" } as const;

  function lending(change: Partial<Delegation> = {}, by = "fay"): Table {
    const scene = sceneOf();
    const delegations = new Map([["delegation-1", { ...given, ...change }]]);
    const failover = { ...scene.failover, by: { kind: "person", id: by, method: "statement" } } as const;
    return new Table(withAuthority({ ...scene, failover }, { delegations })).with((one) => ({ ...one, failover }));
  }

  it("lend the giver's role, are named by each use, and end with their time", () => {
    const table = lending();
    expect(table.sign("dan", "approve", lent)).toBeNull();
    expect(table.scene.failover.words.at(-1)).toMatchObject({
      person: "dan",
      role: "service-owner",
      under: { kind: "delegation", id: "delegation-1" },
      expires: add(now, 30 * minute),
    });
    expect(table.missing()).not.toContain("approve service-owner");
    expect(table.missing(add(now, 30 * minute))).toContain("approve service-owner");
  });

  it.each([
    ["withdrawn", { withdrawnAt: now }, "no-such-delegation"],
    ["somebody else's", { to: "eve" }, "no-such-delegation"],
    ["not yet begun", { since: add(now, 1) }, "no-such-delegation"],
    ["over another duty", { duties: ["validate"] }, "outside-delegation"],
    ["over another service", { services: ["mail"] }, "outside-delegation"],
  ] as const)("%s: refused", (_why, change, code) => {
    expect(lending(change).sign("dan", "approve", lent)).toBe(code);
  });

  it("end with the key of whoever gave them", () => {
    const table = lending();
    expect(table.sign("dan", "approve", lent)).toBeNull();
    table.with((scene) =>
      withAuthority(scene, {
        keys: new Map([...scene.world.authority.keys, [fingerprint("ana"), enrolled("ana", now, now)]]),
      }),
    );
    expect(table.missing()).toContain("approve service-owner");
    expect(lending({}, "dan").sign("dan", "approve", lent)).toBe("separate-duties");
  });
});

describe("emergencies change who decides, within what they bind (N13)", () => {
  const { now, failover } = sceneOf();
  const signers = ["eve", "fay"].map((person) => ({
    person,
    key: fingerprint(person),
    statement: sha256OfJson(person),
    at: now,
  }));
  const given: BreakGlass = {
    id: sha256OfJson("grant"),
    service: "login",
    plan: null,
    targets: ["iad"],
    moves: 1,
    incident: "INC 7",
    until: add(now, hour),
    requester: "eve",
    signers,
    need: 2,
    grantedAt: now,
    used: [],
    withdrawnAt: null,
  };
  const under = { under: given.id, role: "change-approver" } as const;

  function granted(change: Partial<BreakGlass> = {}): Table {
    return new Table().with((scene) =>
      withAuthority(scene, { grants: new Map([[given.id, { ...given, ...change }]]) }),
    );
  }

  it("fill every duty of the plan once a signer uses it, and not before", () => {
    const table = granted();
    expect(table.missing()).toHaveLength(3);
    expect(table.sign("eve", "approve", under)).toBeNull();
    expect(table.missing()).toEqual([]);
    expect(table.missing(add(now, hour))).toHaveLength(4);
    expect(granted({ plan: failover.planHash }).sign("eve", "approve", under)).toBeNull();
  });

  it.each([
    ["not yet granted", { grantedAt: null }, "grant-over"],
    ["withdrawn", { withdrawnAt: now }, "grant-over"],
    ["signed by too few who stand", { need: 3 }, "grant-over"],
    ["for another service", { service: "mail" }, "outside-grant"],
    ["for another plan", { plan: sha256OfJson("other") }, "outside-grant"],
    ["to another site", { targets: ["fra"] }, "outside-grant"],
    ["with its moves spent", { used: ["login-0"] }, "outside-grant"],
  ] as const)("%s: refused", (_why, change, code) => {
    expect(granted(change).sign("eve", "approve", under)).toBe(code);
  });

  it("stand with as many signers as they took, by nobody else, and never for what security contains", () => {
    const table = granted();
    expect(table.sign("gus", "approve", { ...under, role: "identity-owner" })).toBe("grant-over");
    expect(table.sign("eve", "approve", under)).toBeNull();
    const keys = new Map([...table.scene.world.authority.keys, [fingerprint("fay"), enrolled("fay", now, now)]]);
    table.with((scene) => withAuthority(scene, { keys }));
    expect(table.missing()).toHaveLength(3);
    expect(granted().in({ purpose: "contain" }).sign("eve", "approve", under)).toBe("duty-not-asked");
  });
});

describe("one person alone", () => {
  const facts = (state: "passed" | "failed"): Pick<Facts, "health"> => {
    const ready = { state, reasons: [] };
    return { health: { sites: Object.fromEntries(["fra", "iad"].map((site) => [site, { ready }])) } } as never;
  };
  const alone = { role: "dns-operator", under: "solo" } as const;

  function allowed(): Table {
    const { policy } = sceneOf();
    const solo = [{ person: "ben", service: "login", targets: ["iad"] }] as const;
    return new Table(inPolicy(sceneOf(), { authority: { ...policy.authority, solo } })).in({ scope: "partial" });
  }

  it("moves to a proven target of the policy after five minutes for a veto, and once a day", () => {
    const table = allowed();
    const { now } = table.scene;
    expect(table.sign("ben", "approve", alone)).toBeNull();
    expect(soloStanding({ ...table.scene, facts: facts("passed") })).toMatchObject({
      state: "waits",
      until: add(now, 5 * minute),
    });
    expect(table.missing(add(now, 5 * minute - 1), facts("passed"))).toHaveLength(3);
    expect(table.missing(add(now, 5 * minute), facts("passed"))).toEqual([]);
    expect(table.missing(add(now, 5 * minute), facts("failed"))).toHaveLength(3);
    expect(table.missing(add(now, 5 * minute))).toHaveLength(3);
    const review = {
      id: "solo/login-0",
      kind: "solo",
      subject: "login-0",
      tookPart: ["ben"],
      openedAt: now,
      dueAt: now,
      closed: null,
    } as const;
    table.with((scene) => withAuthority(scene, { reviews: new Map([[review.id, review]]) }));
    expect(soloStanding({ ...table.scene, facts: facts("passed") })).toMatchObject({ code: "solo-spent" });
  });

  it("never moves all of a service, nor elsewhere, nor without a policy that says so", () => {
    const table = allowed();
    expect(table.sign("ben", "approve", alone)).toBeNull();
    expect(soloStanding({ ...table.in({ scope: "full" }).scene, facts: facts("passed") })).toMatchObject({
      code: "solo-full-scope",
    });
    const elsewhere = { before: placementAt(["iad"]), after: placementAt(["fra"]) };
    expect(soloStanding({ ...table.in({ placement: elsewhere }).scene, facts: facts("passed") })).toMatchObject({
      code: "solo-other-target",
    });
    expect(allowed().sign("chi", "approve", { ...alone, role: "identity-owner" })).toBe("no-solo");
    expect(new Table(sceneOf(team)).sign("ben", "approve", alone)).toBe("no-solo");
  });
});

describe("what a word is", () => {
  it("names its person, key, statement, role and group, and ends with its statement", () => {
    const table = new Table();
    table.sign("chi", "validate", { validForMs: 10 * minute });
    const { now } = table.scene;
    const [, word] = table.scene.failover.words;
    expect(word).toEqual<Word>({
      person: "chi",
      key: fingerprint("chi"),
      statement: expect.stringMatching(/^[0-9a-f]{64}$/),
      at: now,
      duty: "validate",
      role: "identity-owner",
      group: "identity",
      under: null,
      expires: add(now, 10 * minute),
    });
  });
});
