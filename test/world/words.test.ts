import { describe, expect, test, vi } from "vitest";
import { asJson } from "../../src/values/json.ts";
import { sha256OfJson } from "../../src/values/sha256.ts";
import { add, hour, minute, second } from "../../src/values/time.ts";
import { found } from "./dns.ts";
import { fingerprint } from "./signing.ts";
import { World } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

const login = { type: "service", id: "login", hash: null } as const;
const toIad = { move: { kind: "to", site: "iad" } } as const;

/** Declared by ana, and everybody else has signed but for `but`. */
async function signedMove(world: World, ...but: readonly string[]): Promise<void> {
  await world.say("ana", "declare", login, toIad);
  if (!but.includes("fay")) await world.sayOfPlan("fay", "approve", {}, { role: "service-owner" });
  if (!but.includes("gus")) await world.sayOfPlan("gus", "approve", {}, { role: "identity-owner" });
  if (!but.includes("chi")) await world.sayOfPlan("chi", "validate", {});
}

describe("people who sign", () => {
  test("once everybody is enrolled, what nobody signed is refused, with the command that signs", async () => {
    const world = await World.signed();
    expect(world.controller.world().authority.mode).toBe("signed");
    const asked = await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
    expect(asked).toMatchObject({ accepted: false, refusal: { code: "statement-needed" } });
  });

  test("traffic moves once the right distinct people have signed, and the intent names them and their statements", async () => {
    const world = await World.signed();
    await signedMove(world, "chi");
    await world.advance(minute);
    expect(world.events("attempt-intended")).toEqual([]);
    const why = found(world.why().failover ?? undefined, "failover");
    expect(why.missing).toMatchObject([{ duty: "validate", people: ["chi", "gus"] }]);
    expect(why.commands).toContain("pointsman validate login-1");
    await world.sayOfPlan("chi", "validate", {});
    const { authority } = await world.first("attempt-intended");
    expect(authority).toMatchObject({ kind: "people", signed: true, people: ["ana", "fay", "gus", "chi"], under: [] });
    expect(authority.statements).toHaveLength(4);
    await world.entry("failover-recovered");
    expect(world.auditor.broken).toEqual([]);
  });

  test("a declaration supersedes the automation's open proposal, and opposite declarations do not supersede each other", async () => {
    const world = await World.signed({ band: { authority: "approve" } });
    world.sites.set("fra", "down");
    await world.entry("failover-proposed");
    await world.say("ana", "declare", login, toIad);
    expect(world.events("failover-ended")).toMatchObject([{ failover: "login-1", how: "superseded" }]);
    const opposite = await world.say("dan", "declare", login, { move: { kind: "add", site: "iad" } });
    expect(opposite).toMatchObject({
      accepted: false,
      refusal: { code: "in-flight", figures: { failover: "login-2" } },
    });
  });
});

describe("a veto", () => {
  test("names its ground, bars the move for its time, and is lifted by whoever may veto", async () => {
    const world = await World.signed();
    await signedMove(world, "chi");
    const refused = await world.sayOfPlan("ben", "veto", { ground: "other" });
    expect(refused).toMatchObject({ accepted: false });
    await world.sayOfPlan("chi", "veto", { ground: "target-unsafe" });
    expect(world.events("failover-ended")).toMatchObject([{ how: "vetoed" }]);
    expect(world.state().vetoes).toMatchObject([{ ground: "target-unsafe", by: { id: "chi" } }]);
    const anew = await world.say("ana", "declare", login, toIad);
    expect(anew).toMatchObject({ accepted: false, refusal: { code: "vetoed" } });
    const veto = { type: "veto", id: "veto-login-1", hash: null };
    await world.say("gus", "lift-veto", veto, { service: "login" });
    expect((await world.say("ana", "declare", login, toIad)).accepted).toBe(true);
  });
});

describe("what is lent", () => {
  const commander = { type: "person", id: "dan", hash: null } as const;

  async function lent(): Promise<{ readonly world: World; readonly under: string }> {
    const world = await World.signed();
    await signedMove(world, "chi");
    const now = world.clock.now();
    const window = { from: now, until: add(now, 2 * hour) };
    await world.say("ana", "delegate", commander, { duties: ["veto", "declare"], services: ["login"], ...window });
    const [given] = [...world.controller.world().authority.delegations.keys()];
    return { world, under: found(given, "delegation") };
  }

  test("a veto and a forced verdict under a delegation name it, and unnamed it is not used", async () => {
    const { world, under } = await lent();
    const unnamed = await world.sayOfPlan("dan", "veto", { ground: "other" });
    expect(unnamed).toMatchObject({ refusal: { code: "not-your-duty", mend: expect.stringContaining(under) } });
    const until = add(world.clock.now(), hour);
    const verdict = { site: "fra", verdict: "up", until } as const;
    expect(await world.say("dan", "force-verdict", login, verdict, { under })).toMatchObject({ accepted: true });
    const beyond = { under, duty: "contain", role: "incident-response" } as const;
    const contained = await world.say("dan", "contain", login, { site: "fra", to: "iad" }, beyond);
    expect(contained).toMatchObject({ refusal: { code: "outside-delegation" } });
    const named = await world.sayOfPlan("dan", "veto", { ground: "other" }, { under, role: "service-owner" });
    expect(named).toMatchObject({ accepted: true });
    expect(world.events("failover-ended")).toMatchObject([{ how: "vetoed" }]);
  });

  test("a key that its giver has revoked ends it at once, for every act", async () => {
    const { world, under } = await lent();
    const key = { type: "key", id: fingerprint("ana"), hash: null } as const;
    expect(await world.say("ana", "revoke-key", key, {}, { duty: null })).toMatchObject({ accepted: true });
    const as = { under, role: "service-owner" } as const;
    const over = { accepted: false, refusal: { code: "no-such-delegation" } };
    expect(await world.sayOfPlan("dan", "veto", { ground: "other" }, as)).toMatchObject(over);
    expect(await world.say("dan", "handover", login, {}, { under })).toMatchObject(over);
    expect(world.state().vetoes).toEqual([]);
    expect(world.auditor.broken).toEqual([]);
  });
});

describe("a waiver", () => {
  test("two people of different groups take a gate with its very figures upon themselves, and a review opens", async () => {
    const world = await World.signed();
    world.sites.set("iad/v6", "down");
    await world.advance(minute);
    await signedMove(world);
    await world.advance(10 * second);
    expect(world.state().failover).toMatchObject({ status: "proposed", heldBy: ["target-not-ready"] });
    const gates = [waived(world, "target-ready")];
    expect((await world.sayOfPlan("ben", "waive", { gates })).accepted).toBe(true);
    await world.advance(10 * second);
    expect(world.events("attempt-intended")).toEqual([]);
    await world.sayOfPlan("eve", "waive", { gates }, { role: "change-approver" });
    const intent = await world.first("attempt-intended");
    expect(intent.gates).toContainEqual(
      expect.objectContaining({ gate: "target-ready", result: "warn", waivedBy: ["ben", "eve"] }),
    );
    await world.advance(10 * second);
    expect(world.why().reviews).toMatchObject([{ kind: "waiver", subject: "login-1" }]);
    expect(world.auditor.broken).toEqual([]);
  });

  test("other figures, or a gate that nobody passes, cannot be waived", async () => {
    const world = await World.signed();
    world.sites.set("iad/v6", "down");
    await world.advance(minute);
    await signedMove(world);
    const gate = waived(world, "target-ready");
    const other = { ...gate, figures: sha256OfJson("others") };
    expect(await world.sayOfPlan("ben", "waive", { gates: [other] })).toMatchObject({
      refusal: { code: "figures-differ" },
    });
    await world.say("dan", "stop", login, {});
    const stopped = { gate: "not-stopped", code: "stopped", figures: gate.figures };
    expect(await world.sayOfPlan("ben", "waive", { gates: [stopped] })).toMatchObject({
      refusal: { code: "not-a-judgement" },
    });
  });
});

describe("a site that is up and compromised", () => {
  test("is left by the word of security alone, and nothing moves there until another person clears it", async () => {
    const world = await World.signed();
    const contained = await world.say(
      "eve",
      "contain",
      login,
      { site: "fra", to: "iad" },
      { role: "incident-response" },
    );
    expect(contained.accepted).toBe(true);
    await world.entry("failover-ended", 5 * minute);
    expect(world.placement()).toEqual(["iad"]);
    const home = await world.say("dan", "declare", login, { move: { kind: "to", site: "fra" } });
    expect(home).toMatchObject({ accepted: false, refusal: { code: "site-barred" } });
    world.sites.set("iad", "down");
    await world.advance(30 * minute);
    expect(world.placement()).toEqual(["iad"]);
    const bar = { type: "bar", id: "fra", hash: null };
    const own = await world.say("eve", "withdraw", bar, { service: "login" }, { duty: "contain" });
    expect(own).toMatchObject({ accepted: false, refusal: { code: "needs-another" } });
    expect((await world.say("ana", "withdraw", bar, { service: "login" })).accepted).toBe(false);
    expect((await world.say("gus", "withdraw", bar, { service: "login" }, { duty: "contain" })).accepted).toBe(true);
    expect(world.auditor.broken).toEqual([]);
  });
});

describe("a forced verdict", () => {
  test("holds the automation and no person, for eight hours at most, and beside the judged one", async () => {
    const world = await World.signed();
    const until = add(world.clock.now(), hour);
    const long = await world.say("ana", "force-verdict", login, {
      site: "fra",
      verdict: "up",
      until: add(until, 8 * hour),
    });
    expect(long).toMatchObject({ accepted: false, refusal: { code: "window-too-long" } });
    expect((await world.say("eve", "force-verdict", login, { site: "fra", verdict: "up", until })).accepted).toBe(
      false,
    );
    await world.say("ana", "force-verdict", login, { site: "fra", verdict: "up", until });
    world.sites.set("fra", "down");
    expect(await world.entry("initiative-held")).toMatchObject({ codes: ["forced"] });
    expect(world.state().verdicts.get("fra")?.verdict).toBe("down");
    expect(world.holds()).toContain("forced");
    await world.until(() => world.events("failover-proposed").length > 0, 2 * hour);
    expect(world.clock.now()).toBeGreaterThanOrEqual(until);
  });
});

describe("handover", () => {
  test("nothing is proposed or written until it is taken back; then what stands is read anew", async () => {
    const world = await World.signed();
    await signedMove(world, "chi");
    await world.say("ben", "handover", login, {});
    expect(world.events("failover-ended")).toMatchObject([{ how: "handed-over" }]);
    const [{ manual }] = [found(world.events("service-handed-over")[0], "handover")];
    expect(manual).toContain("update add login.example.com. 60 A 198.51.100.10");
    expect(await world.say("ana", "declare", login, toIad)).toMatchObject({ refusal: { code: "handed-over" } });
    world.sites.set("fra", "down");
    world.foreignWrite("v4", world.valuesAt("v4", "iad"));
    world.foreignWrite("v6", world.valuesAt("v6", "iad"));
    await world.advance(30 * minute);
    expect(world.paths.sent).toEqual([]);
    expect(world.why().reviews).toMatchObject([{ kind: "handover", subject: "login", tookPart: ["ben"] }]);
    await world.say("ben", "take-back", login, {});
    await world.entry("baseline-established");
    expect(world.placement()).toEqual(["iad"]);
    expect(world.auditor.broken).toEqual([]);
  });
});

function waived(world: World, gate: string): { gate: string; code: string; figures: ReturnType<typeof sha256OfJson> } {
  const report = found(
    world.why().failover?.gates.find((one) => one.gate === gate),
    gate,
  );
  return { gate, code: found(report.code ?? undefined, "code"), figures: sha256OfJson(asJson(report.figures)) };
}
