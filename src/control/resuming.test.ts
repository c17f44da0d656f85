import { describe, expect, test } from "vitest";
import { Installation, policyFile } from "../../test/control/installation.ts";
import { settled } from "../../test/control/manual-clock.ts";
import { PointsmanError } from "../values/refusal.ts";
import { crashPoints } from "./crash-points.ts";

const after = { ttl: 60, rdata: ["c633640a"] } as const;

describe("when the journal does not answer plainly", () => {
  test("an append that ends unknown, and was written, counts: nothing is written or sent twice", async () => {
    const world = new Installation();
    await world.start();
    let faults = 1;
    world.fault = () => (faults-- > 0 ? "unknown-after" : undefined);
    world.standing = after;
    const declared = world.declare("c-1");
    await world.clock.advance(5000);
    expect(await declared).toMatchObject({ accepted: true });
    expect(world.controller.about()).toMatchObject({ status: "running", epoch: 2 });
    expect(world.types().filter((type) => type === "failover-proposed")).toHaveLength(1);
    // The intent is of the epoch before: it is read back, and found done by somebody.
    expect(world.sent).toEqual([]);
    expect(world.types().at(-1)).toBe("failover-ended");
  });

  test("an append that ends unknown, and was not written, is gone: its sender is told so", async () => {
    const world = new Installation();
    await world.start();
    let faults = 1;
    world.fault = () => (faults-- > 0 ? "unknown-before" : undefined);
    const declared = world.declare("c-1");
    await world.clock.advance(5000);
    expect(await declared).toMatchObject({ accepted: false, refusal: { code: "not-recorded" } });
    expect(world.types()).not.toContain("failover-proposed");
    expect(await world.declare("c-2")).toMatchObject({ accepted: true });
  });

  test("a journal that stays silent is tried again until it answers", async () => {
    const world = new Installation();
    await world.start();
    let faults = 4;
    world.fault = () => (faults-- > 0 ? "unknown-before" : undefined);
    void world.declare("c-1");
    await world.clock.advance(60_000);
    expect(world.controller.about().status).toBe("running");
  });

  test("N5: a controller whose journal was taken over stops acting, and says why", async () => {
    const world = new Installation();
    await world.start();
    world.takeOver();
    await settled();
    expect(await world.declare("c-1")).toMatchObject({ accepted: false, refusal: { code: "fenced" } });
    expect(world.controller.about()).toMatchObject({ status: "halted", halted: { code: "fenced" } });
    expect(world.sent).toEqual([]);
  });

  test("N5: a write is not begun by a controller that is fenced while its intent is on the way", async () => {
    const world = new Installation();
    await world.start();
    world.beforeAppend = () => {
      world.takeOver();
      return Promise.resolve();
    };
    expect(await world.declare("c-1")).toMatchObject({ accepted: false });
    await world.clock.advance(2000);
    expect(world.sent).toEqual([]);
  });

  test("a full disk stops all: no change is made without its intent", async () => {
    const world = new Installation();
    await world.start();
    world.fault = () => "full";
    expect(await world.declare("c-1")).toMatchObject({ accepted: false, refusal: { code: "journal-full" } });
    await world.clock.advance(2000);
    expect(world.sent).toEqual([]);
    expect(world.controller.about().status).toBe("halted");
  });
});

describe("a crash at any step resumes", () => {
  const reached = crashPoints.filter((point) => !/verify|check-service|read-records|notify|read-back/.test(point));

  test.each(reached)("at %s: nothing is sent twice, and it ends", async (point) => {
    const world = new Installation();
    await world.start();
    let crashes = 1;
    world.crash = (at) => {
      if (at === point && crashes-- > 0) throw new Error("crash");
    };
    world.write = () => {
      world.standing = after;
      return Promise.resolve({ outcome: "applied", receipt: "NOERROR" });
    };
    void world.declare("c-1");
    await world.clock.advance(1000);
    expect(world.controller.about().halted?.code).toBe("crashed");
    await world.start();
    await world.declare("c-1");
    await world.clock.advance(10_000);
    expect(world.sent.length).toBe(1);
    expect(world.types().at(-1)).toBe("failover-ended");
  });

  test("an open intent of an earlier epoch is only ever read back", async () => {
    const world = new Installation();
    await world.start();
    world.crash = (point) => {
      if (point === "before-effect:write") throw new Error("crash");
    };
    await world.declare("c-1");
    await world.clock.advance(1000);
    world.crash = () => {};
    world.standing = after;
    await world.start();
    await world.clock.advance(10_000);
    expect(world.reads).toBeGreaterThan(0);
    expect(world.sent).toEqual([]);
    expect(world.types().at(-1)).toBe("failover-ended");
  });
});

describe("a clean stop", () => {
  test("waits for the write that runs, takes no new command, and records what is in flight", async () => {
    const world = new Installation();
    await world.start();
    const gate = Promise.withResolvers<void>();
    world.write = async () => {
      await gate.promise;
      return { outcome: "unknown", code: "timeout", lateUntil: "never-known" };
    };
    await world.declare("c-1");
    await settled();
    const stopped = world.controller.stop();
    expect(await world.declare("c-2", "shop")).toMatchObject({ refusal: { code: "not-running" } });
    await world.clock.advance(1000);
    expect(world.types()).not.toContain("controller-stopped");
    gate.resolve();
    await stopped;
    const last = world.entries().at(-1);
    expect(last).toMatchObject({ type: "controller-stopped", data: { inFlight: ["login-1/primary/example.com/1"] } });
    expect(world.controller.about().status).toBe("stopped");
  });

  test("does not wait for ever", async () => {
    const world = new Installation();
    await world.start();
    world.write = () => Promise.withResolvers<never>().promise;
    await world.declare("c-1");
    await settled();
    const stopped = world.controller.stop();
    await world.clock.advance(20_000);
    await stopped;
    expect(world.types().at(-1)).toBe("controller-stopped");
  });
});

describe("the policy in force", () => {
  test("N12: a changed policy whose version does not grow is refused at the start", async () => {
    const world = new Installation();
    world.file = policyFile(4);
    await world.start();
    await world.controller.stop();
    for (const file of [policyFile(4, "changed"), policyFile(3, "older")]) {
      world.file = file;
      // oxlint-disable-next-line no-await-in-loop -- one start after the other
      const refused = await world.start().catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(PointsmanError);
      expect(refused).toMatchObject({ refusal: { code: "policy-version-not-higher", figures: { versionInForce: 4 } } });
    }
    expect(world.types()).not.toContain("policy-adopted");
  });

  test("a policy with a higher version is adopted, with its document beside the log", async () => {
    const world = new Installation();
    await world.start();
    await world.controller.stop();
    world.file = policyFile(2);
    await world.start();
    const adopted = world.entries().find(({ type }) => type === "policy-adopted");
    expect(adopted).toMatchObject({ stream: "policy", data: { version: 2, signed: false } });
    const [attachment] = adopted?.attachments ?? [];
    expect(attachment?.class).toBe("policy");
    expect(attachment && world.store.openings.get(attachment.commitment)?.value).toEqual(world.file.document);
    expect(world.controller.world().policies.size).toBe(2);
  });
});

describe("a fault of our own", () => {
  test("a fault while deciding refuses the command and changes nothing; one of an onlooker is nobody's matter", async () => {
    const world = new Installation();
    const { evolve } = world.cycle;
    let faults = 1;
    world.cycle = {
      ...world.cycle,
      evolve: (state, placed) => {
        if (faults-- > 0) throw new TypeError("no such member");
        return evolve(state, placed);
      },
    };
    await world.start();
    world.controller.follow(() => {
      throw new Error("the onlooker fell over");
    });
    expect(await world.declare("c-1")).toMatchObject({ accepted: false, refusal: { code: "broken-promise" } });
    expect(await world.declare("c-2")).toMatchObject({ accepted: true });
    await world.clock.advance(100);
    expect(world.types().at(-1)).toBe("failover-ended");
  });

  test("an endless chain of steps holds up its own service and no other", async () => {
    const world = new Installation();
    world.cycle = {
      ...world.cycle,
      decide: (state, ...rest) =>
        state.service === "shop" && state.failover !== null
          ? {
              accepted: true,
              events: [{ type: "failover-held", failover: "shop-1", stage: "execute", codes: [], gates: [] }],
            }
          : toyDecide(state, ...rest),
    };
    const toyDecide = new Installation().cycle.decide;
    await world.start();
    await world.declare("c-1", "shop");
    await world.clock.advance(10);
    expect(world.controller.stats().brokenPromises).toBeGreaterThan(0);
    expect(world.entries().length).toBeLessThan(60);
    await world.declare("c-2");
    await world.clock.advance(100);
    expect(world.controller.state("login")?.failover).toBeNull();
    expect(world.sent).toHaveLength(1);
  });
});
