import type { WaivedGate } from "../../src/core/authority/word.ts";
import type { CommandResult } from "../../src/ports/operations.ts";
import { describe, expect, test, vi } from "vitest";
import { asJson } from "../../src/values/json.ts";
import { sha256OfJson } from "../../src/values/sha256.ts";
import { add, hour, instant, minute, second } from "../../src/values/time.ts";
import { found } from "./dns.ts";
import { fingerprint, team } from "./signing.ts";
import { threeSites } from "./three-sites.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

/* What must never happen (design §4), where people sign. `test/saboteurs` holds a patch for each. */

const login = { type: "service", id: "login", hash: null } as const;
/** When every simulated world begins. */
const start = instant(1_795_316_400_000);
const toIad = { move: { kind: "to", site: "iad" } } as const;

/** Declared by ana; approved and validated by others, but for the last of them, whose word is still missing. */
async function allButOne(world: World): Promise<void> {
  await world.say("ana", "declare", login, toIad);
  await world.sayOfPlan("fay", "approve", {}, { role: "service-owner" });
  await world.sayOfPlan("gus", "approve", {}, { role: "identity-owner" });
}

/** Two providers, and the second refuses to be changed: a declared move stands half-way. */
async function halfWay(world: World): Promise<void> {
  world.paths.faultOf = ({ change }) => (change.provider === "second" ? "refuse" : undefined);
  await allButOne(world);
  await world.sayOfPlan("chi", "validate", {}, { validForMs: 2 * minute });
  await world.until(() => world.ours().length === 1, minute);
}

/** Two of different groups take the freeze upon themselves. */
async function waiveFreeze(world: World): Promise<void> {
  await world.sayOfPlan("ben", "waive", { gates: [shown(world, "service-not-frozen")] });
  await world.sayOfPlan("eve", "waive", { gates: [shown(world, "service-not-frozen")] });
}

function shown(world: World, gate: string): WaivedGate {
  const report = found(
    world.why().failover?.gates.find((one) => one.gate === gate),
    gate,
  );
  return { gate, code: found(report.code ?? undefined, "code"), figures: sha256OfJson(asJson(report.figures)) };
}

/** Dan and Ben sign an emergency, and Dan moves login to iad under it. */
async function emergency(world: World, targets: string[]): Promise<CommandResult> {
  const until = add(world.clock.now(), 30 * minute);
  const terms = { service: "login", plan: null, targets, moves: 1, incident: "INC-1", until };
  const subject = { type: "break-glass", id: sha256OfJson(asJson(terms)), hash: null };
  await world.say("dan", "break-glass", subject, terms);
  await world.say("ben", "break-glass", subject, terms);
  return await world.say("dan", "declare", login, toIad, { under: subject.id });
}

const twoProviders = { providers: { primary: 2, second: 2 } } as const;

function standsEverywhere(world: World, site: string): void {
  const values = world.valuesAt("v4", site);
  expect(world.dns.data(world.key("v4"))).toEqual(Array(4).fill(values));
}

describe("N5: of two people who declare opposite moves one stands, and the other is told which", () => {
  test("in the same moment", async () => {
    const world = await World.signed({ sites: threeSites });
    const ana = world.statement({ person: "ana", kind: "declare", subject: login, terms: toIad });
    const away = { move: { kind: "to", site: "sin" } } as const;
    const dan = world.statement({ person: "dan", kind: "declare", subject: login, terms: away });
    const [first, later] = await Promise.all([world.submit(ana), world.submit(dan)]);
    expect(first.accepted).toBe(true);
    expect(later).toMatchObject({
      accepted: false,
      refusal: { code: "in-flight", figures: { failover: "login-1" } },
    });
    expect(world.state().failover?.plan.placement.after).toMatchObject({ all: [{ site: "iad" }] });
  });

  test("from the first intent on nobody supersedes it, whoever has the authority", async () => {
    const world = await World.signed({ sites: threeSites });
    world.paths.faultOf = () => "refuse";
    await allButOne(world);
    await world.sayOfPlan("chi", "validate", {});
    await world.first("attempt-intended");
    const other = await world.say("dan", "declare", login, { move: { kind: "to", site: "sin" } });
    expect(other).toMatchObject({ accepted: false, refusal: { code: "in-flight" } });
    expect(world.auditor.broken).toEqual([]);
  });
});

describe("N7: no vetoed, expired or altered plan is carried out, and no word that is not for it counts", () => {
  test("a word for another plan is refused", async () => {
    const world = await World.signed();
    await allButOne(world);
    const other = await world.sayOfPlan(
      "chi",
      "validate",
      {},
      {
        alter: (statement) => ({ ...statement, subject: { ...statement.subject, hash: sha256OfJson("another") } }),
      },
    );
    expect(other.accepted).toBe(false);
    await world.advance(minute);
    expect(world.events("attempt-intended")).toEqual([]);
  });

  test.each(["veto first", "approval first"])("an approval and a veto at once: the %s", async (order) => {
    const world = await World.signed({
      service: { frozen: [{ from: start, until: add(start, hour), reason: "fair" }] },
    });
    world.paths.faultOf = () => "refuse";
    await allButOne(world);
    const plan = world.plan();
    const approval = world.statement({ person: "chi", kind: "validate", subject: plan, terms: {} });
    const veto = world.statement(
      { person: "gus", kind: "veto", subject: plan, terms: { ground: "other" } },
      { role: "identity-owner" },
    );
    const said = order === "veto first" ? [veto, approval] : [approval, veto];
    await Promise.all(said.map(async (one) => await world.submit(one)));
    await world.advance(minute);
    expect(world.events("attempt-intended")).toEqual([]);
    expect(world.events("failover-ended")).toMatchObject([{ how: "vetoed" }]);
  });

  test("a word that expires before the first intent does not count: it waits again, and says for whom", async () => {
    const world = await World.signed({
      service: { frozen: [{ from: start, until: add(start, hour), reason: "fair" }] },
    });
    await allButOne(world);
    await world.sayOfPlan("chi", "validate", {}, { validForMs: minute });
    await world.advance(2 * minute);
    await waiveFreeze(world);
    await world.advance(minute);
    expect(world.events("attempt-intended")).toEqual([]);
    expect(world.why().failover?.missing).toMatchObject([{ duty: "validate" }]);
  });

  test("a key that is revoked before the first intent takes its words with it", async () => {
    const world = await World.signed({
      service: { frozen: [{ from: start, until: add(start, hour), reason: "fair" }] },
    });
    await allButOne(world);
    await world.sayOfPlan("chi", "validate", {});
    await world.say("chi", "revoke-key", { type: "key", id: fingerprint("chi"), hash: null }, {});
    await waiveFreeze(world);
    await world.advance(minute);
    expect(world.events("attempt-intended")).toEqual([]);
    expect(world.why().failover?.missing).toMatchObject([{ duty: "validate" }]);
  });

  test("a record that changed since voids the plan, whoever has signed it", async () => {
    const world = await World.signed();
    await allButOne(world);
    world.foreignWrite("v4", world.valuesAt("v4", "iad"));
    await world.advance(10 * second);
    await world.sayOfPlan("chi", "validate", {});
    await world.advance(minute);
    expect(world.events("failover-ended")).toMatchObject([{ how: "void" }]);
    expect(world.paths.sent).toEqual([]);
  });
});

describe("N7: authority that ends between the first provider's write and the second's never leaves them split", () => {
  const ways = [
    [
      "a veto",
      async (world: World) => await world.sayOfPlan("gus", "veto", { ground: "other" }, { role: "identity-owner" }),
    ],
    ["an expiry", async (world: World) => await world.advance(2 * minute)],
    [
      "a revoked key",
      async (world: World) =>
        await world.say("chi", "revoke-key", { type: "key", id: fingerprint("chi"), hash: null }, {}),
    ],
  ] as const;

  test.each(ways)("%s: it is finished where the policy says so, and people look at it afterwards", async (_, end) => {
    const world = await World.signed(twoProviders);
    await halfWay(world);
    await end(world);
    await world.first("authority-ended", minute);
    world.paths.faultOf = () => undefined;
    await world.until(() => world.events("failover-recovered").length > 0, 5 * minute);
    standsEverywhere(world, "iad");
    expect(world.events("authority-ended")).toMatchObject([{ failover: "login-1", afterwards: "finish" }]);
    expect(world.why().reviews).toMatchObject([{ kind: "late-veto", subject: "login-1" }]);
    expect(world.auditor.broken).toEqual([]);
  });

  test.each(ways)("%s: it is taken back where the policy says so", async (_, end) => {
    const world = await World.signed({ ...twoProviders, authority: { ...team.authority, afterFirstWrite: "go-back" } });
    await halfWay(world);
    await end(world);
    await world.until(() => world.events("failover-recovered").length > 0, 5 * minute);
    standsEverywhere(world, "fra");
    expect(world.events("failover-proposed").at(-1)).toMatchObject({ plan: { purpose: "rollback", of: "login-1" } });
    expect(world.why().reviews).toMatchObject([{ kind: "late-veto", subject: "login-1" }]);
    expect(world.auditor.broken).toEqual([]);
  });

  test("to take back to a site that is down would be no better: then it is finished", async () => {
    const world = await World.signed({ ...twoProviders, authority: { ...team.authority, afterFirstWrite: "go-back" } });
    await halfWay(world);
    world.sites.set("fra", "down");
    await world.until(() => world.state().verdicts.get("fra")?.verdict === "down", minute);
    await world.sayOfPlan("gus", "veto", { ground: "other" }, { role: "identity-owner" });
    world.paths.faultOf = () => undefined;
    await world.until(() => world.events("failover-recovered").length > 0, 5 * minute);
    standsEverywhere(world, "iad");
    expect(world.auditor.broken).toEqual([]);
  });
});

describe("N8: nobody fills two duties that must be separate, whatever number of keys or roles they hold", () => {
  test("the declarer does not approve, by either key", async () => {
    const world = await World.signed();
    const another = { type: "key", id: fingerprint("ana/2"), hash: null };
    await world.say("ana", "enrol", another, { key: found(team.people["ana"]?.keys[1], "key") }, { key: "ana/2" });
    await world.say("ana", "declare", login, toIad);
    for (const key of ["ana", "ana/2"]) {
      // oxlint-disable-next-line no-await-in-loop -- one key after the other
      const said = await world.sayOfPlan("ana", "approve", {}, { key, role: "service-owner" });
      expect(said).toMatchObject({ accepted: false, refusal: { code: "separate-duties" } });
    }
  });

  test("one person of two roles stands for one of them", async () => {
    const world = await World.signed({
      people: {
        ...team.people,
        gus: { ...found(team.people["gus"], "gus"), roles: ["identity-owner", "service-owner"] },
      },
    });
    await world.say("dan", "declare", login, toIad);
    await world.sayOfPlan("gus", "approve", {}, { role: "identity-owner" });
    const twice = await world.sayOfPlan("gus", "approve", {}, { role: "service-owner" });
    expect(twice).toMatchObject({ accepted: false, refusal: { code: "another-role" } });
    await world.sayOfPlan("chi", "validate", {});
    await world.advance(minute);
    expect(world.events("attempt-intended")).toEqual([]);
    expect(world.why().failover?.missing).toMatchObject([{ duty: "approve", role: "service-owner" }]);
  });

  test("what lacks one word is not carried out", async () => {
    const world = await World.signed();
    await allButOne(world);
    await world.advance(20 * minute);
    expect(world.paths.sent).toEqual([]);
    expect(world.auditor.broken).toEqual([]);
  });
});

describe("N13: emergency authority changes who decides, and never what is checked", () => {
  test("two people move traffic that the policy asks four for", async () => {
    const world = await World.signed();
    await emergency(world, ["iad"]);
    await world.first("attempt-intended");
    expect(world.events("attempt-intended")[0]?.authority.under).toMatchObject([{ kind: "break-glass" }]);
    expect(world.auditor.broken).toEqual([]);
  });

  test("a target that is down needs its waiver all the same", async () => {
    const world = await World.signed();
    world.sites.set("iad", "down");
    await world.until(() => world.state().verdicts.get("iad")?.verdict === "down", minute);
    await emergency(world, ["iad"]);
    await world.advance(5 * minute);
    expect(world.paths.sent).toEqual([]);
    expect(world.state().failover?.heldBy).toEqual(["target-not-ready"]);
    expect(world.auditor.broken).toEqual([]);
  });

  test("one person's waiver is none, and that of two who share a group neither", async () => {
    const world = await World.signed();
    world.sites.set("iad", "down");
    await world.until(() => world.state().verdicts.get("iad")?.verdict === "down", minute);
    await emergency(world, ["iad"]);
    for (const person of ["dan", "eve"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await world.sayOfPlan(person, "waive", { gates: [shown(world, "target-ready")] });
    }
    await world.advance(minute);
    expect(world.paths.sent).toEqual([]);
    expect(world.auditor.broken).toEqual([]);
  });

  test("an absolute gate holds: a veto, a stop, a barred site, a freeze of the log", async () => {
    const world = await World.signed();
    await world.say("gus", "contain", login, { site: "iad", to: null }, { role: "incident-response" });
    const declared = await emergency(world, ["iad"]);
    expect(declared).toMatchObject({ accepted: false, refusal: { code: "site-barred" } });
    await world.advance(minute);
    expect(world.paths.sent).toEqual([]);
  });

  test("a site that the emergency does not name needs the policy's own duties", async () => {
    const world = await World.signed({ sites: threeSites });
    await emergency(world, ["sin"]);
    await world.advance(5 * minute);
    expect(world.paths.sent).toEqual([]);
    expect(world.auditor.broken).toEqual([]);
  });

  test("nobody contains a site and then moves traffic to it", async () => {
    const world = await World.signed();
    await world.say("gus", "contain", login, { site: "iad", to: null }, { role: "incident-response" });
    world.sites.set("fra", "down");
    expect(await world.entry("initiative-held")).toMatchObject({ codes: ["site-barred"] });
    await world.advance(10 * minute);
    expect(world.paths.sent).toEqual([]);
  });
});
