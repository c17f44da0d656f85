import { describe, expect, test } from "vitest";
import { Installation } from "../../test/control/installation.ts";
import { settled } from "../../test/control/manual-clock.ts";
import { serviceEventOf } from "./events.ts";
import type { ServiceCommand } from "../core/cycle/service-command.ts";
import type { Facts } from "../core/cycle/facts.ts";
import type { ServiceState } from "../core/failover/state.ts";
import { initialState } from "../core/failover/state.ts";
import { checkOrder } from "../transparency/order.ts";
import { commandId } from "../values/ids.ts";
import { fromUtf8 } from "../values/octets.ts";

/* oxlint-disable typescript/no-unsafe-type-assertion -- the journal under test is its own witness */

describe("what is decided is written together and acted upon once it is durable", () => {
  test("the steps that are due after a command go to the disk in one append", async () => {
    const world = new Installation();
    await world.start();
    const before = world.batches.length;
    await world.declare("c-1");
    expect(world.batchTypes()[before]).toEqual(["failover-proposed", "failover-authorised", "attempt-intended"]);
  });

  test("N1: a write is not begun before its intent is durable", async () => {
    const world = new Installation();
    await world.start();
    const gate = Promise.withResolvers<void>();
    world.beforeAppend = () => gate.promise;
    const declared = world.declare("c-1");
    await world.clock.advance(50);
    expect(world.batchTypes().at(-1)).toContain("attempt-intended");
    expect(world.sent).toEqual([]);
    world.beforeAppend = () => Promise.resolve();
    gate.resolve();
    await declared;
    await world.clock.advance(50);
    expect(world.sent).toHaveLength(1);
  });

  test("N1: the order that reaches a change path proves its intent by itself", async () => {
    const world = new Installation();
    await world.start();
    await world.declare("c-1");
    await settled();
    const [order] = world.sent;
    expect(order).toBeDefined();
    if (order === undefined) return;
    expect(checkOrder(order)).toBeUndefined();
    expect(checkOrder({ ...order, attempt: "login-9/primary/example.com/1" })).toBe("intent-of-another-order");
  });

  test("a decision counts before it is durable: the second of two moves is refused", async () => {
    const world = new Installation();
    await world.start();
    const [first, second] = await Promise.all([world.declare("c-1"), world.declare("c-2")]);
    expect([first.accepted, second.accepted]).toEqual([true, false]);
  });

  test("a stop that is decided while the intent is on its way to the disk keeps the write from being sent", async () => {
    const world = new Installation();
    await world.start();
    const gate = Promise.withResolvers<void>();
    world.beforeAppend = () => gate.promise;
    const declared = world.declare("c-1");
    await settled();
    const stopped = world.submit("c-2", { kind: "stop" });
    // The append with the intent ends first; that with the stop is still to come.
    world.beforeAppend = () => settled();
    gate.resolve();
    await Promise.all([declared, stopped]);
    await world.clock.advance(50);
    expect(world.sent).toEqual([]);
    expect(world.entries().find(({ type }) => type === "attempt-ended")?.data).toMatchObject({ code: "stopped" });
  });

  test("at most 64 entries go in one append, and a decision is never split", async () => {
    const world = new Installation();
    const services = Array.from({ length: 30 }, (_, index) => `s${index}`);
    const { policy, document } = world.file;
    const login = policy.services.get("login");
    if (login === undefined) throw new Error("no such service");
    const all = new Map(services.map((id) => [id, { ...login, id }]));
    world.file = { policy: { ...policy, services: all }, document };
    await world.start();
    await Promise.all(services.map((service) => world.declare(`c-${service}`, service)));
    expect(Math.max(...world.batches.map(({ entries }) => entries.length))).toBeLessThanOrEqual(64);
    expect(world.types().filter((type) => type === "attempt-intended")).toHaveLength(30);
  });
});

describe("one effect, once", () => {
  test("a write runs once, however often its service is looked at while it runs", async () => {
    const world = new Installation();
    await world.start();
    const gate = Promise.withResolvers<void>();
    world.write = async () => {
      await gate.promise;
      return { outcome: "applied", receipt: "NOERROR" };
    };
    await world.declare("c-1");
    await world.clock.advance(5000);
    expect(world.controller.stats().evaluations).toBeGreaterThan(5);
    expect(world.sent).toHaveLength(1);
    gate.resolve();
    await world.clock.advance(5000);
    expect(world.sent).toHaveLength(1);
    expect(world.types()).toContain("failover-ended");
  });

  test("a change path that breaks leaves the attempt unknown, and it is read back before anything else", async () => {
    const world = new Installation();
    await world.start();
    world.standing = { ttl: 60, rdata: ["c633640a"] };
    world.write = () => Promise.reject(new Error("the path has a fault"));
    await world.declare("c-1");
    await world.clock.advance(2000);
    expect(world.sent).toHaveLength(1);
    const types = world.types();
    expect(types.indexOf("attempt-read-back")).toBeGreaterThan(types.indexOf("attempt-ended"));
    expect(types.at(-1)).toBe("failover-ended");
  });
});

describe("commands", () => {
  test("a command that was seen before returns its first result, also after a restart", async () => {
    const world = new Installation();
    await world.start();
    const first = await world.declare("c-1");
    const again = await world.declare("c-1");
    await settled();
    expect(again).toEqual(first);
    await world.controller.stop();
    await world.start();
    const entries = world.entries().length;
    const afterRestart = await world.declare("c-1");
    expect(afterRestart).toMatchObject({ accepted: true, entries: first.accepted ? first.entries : [] });
    expect(world.entries()).toHaveLength(entries);
  });

  test("nobody outside sends in the automation's name", async () => {
    const world = new Installation();
    await world.start();
    const by = { kind: "automation", id: "one", method: "internal" } as const;
    const result = await world.controller.submit({
      id: commandId("c-1"),
      service: "login",
      by,
      request: { kind: "advance" },
    });
    expect(result).toMatchObject({ accepted: false, refusal: { code: "malformed-command" } });
  });

  test("N11: a person's reason is sealed: it is in no entry, and its opening is beside the log", async () => {
    const world = new Installation();
    await world.start();
    const move = { kind: "to", site: "iad" } as const;
    await world.submit("c-1", { kind: "declare", move }, "login", "Mallory is moving the racks");
    expect(world.store.entries.some((octets) => fromUtf8(octets)?.includes("Mallory"))).toBe(false);
    const commitment = world.entries().find(({ type }) => type === "failover-proposed")?.sealed["reason"];
    expect(commitment).toBeDefined();
    if (commitment === undefined) return;
    expect(fromUtf8(world.store.openings.get(commitment)?.value ?? new Uint8Array())).toBe(
      "Mallory is moving the racks",
    );
  });

  test("a reason of more than 4096 octets is refused", async () => {
    const world = new Installation();
    await world.start();
    const result = await world.submit("c-1", { kind: "stop" }, "login", "ä".repeat(2049));
    expect(result).toMatchObject({ accepted: false, refusal: { code: "malformed-command" } });
  });

  test("a service that the policy lacks is refused", async () => {
    const world = new Installation();
    await world.start();
    expect(await world.declare("c-1", "nowhere")).toMatchObject({ refusal: { code: "no-such-service" } });
  });
});

describe("the journal lets a verifier decide again", () => {
  test("deciding on the fold before an entry, with its recorded command and facts, gives its event", async () => {
    const world = new Installation();
    const controller = await world.start();
    await world.declare("c-1");
    await world.clock.advance(1000);
    let state: ServiceState = initialState("login");
    let replayed = 0;
    for (const entry of world.entries().filter(({ stream }) => stream === "service/login")) {
      const event = serviceEventOf(entry);
      const { command, facts } = entry.data["decidedOn"] as unknown as { command: ServiceCommand; facts: Facts };
      const decision = world.cycle.decide(state, controller.world(), command, facts, entry.at, entry.epoch);
      expect(decision).toEqual({ accepted: true, events: [event] });
      state = world.cycle.evolve(state, { event, sequence: entry.sequence, at: entry.at });
      replayed += 1;
    }
    expect(replayed).toBe(5);
    expect(controller.state("login")).toEqual(state);
  });
});
