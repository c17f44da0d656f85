import { describe, expect, it } from "vitest";
import { fingerprint } from "../../../test/world/signing.ts";
import { add, hour, minute } from "../../values/time.ts";
import { placementAt } from "../plan/placement.ts";
import { enrolled, sceneOf, withAuthority } from "./authority.fixture.ts";
import { liveWords } from "./duties.ts";
import { effectsOf } from "./effects.ts";
import { inPolicy, Table } from "./table.fixture.ts";
import { type Word } from "./word.ts";

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
    const people = new Map(sceneOf().policy.people);
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

describe("a word counts only while it holds", () => {
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
    const [fra, iad] = ["fra", "iad"].map((id) =>
      Object.assign({}, policy.sites.get(id)!, { dependsOn: id === "iad" ? ["cdn", "dc"] : ["dc"] }),
    );
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
