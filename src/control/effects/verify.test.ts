import { initialAuthority } from "../../core/authority/state.ts";
import { expect, test } from "vitest";
import { policyFile } from "../../../test/control/installation.ts";
import { ManualClock } from "../../../test/control/manual-clock.ts";
import { toyCycle } from "../../../test/control/toy-cycle.ts";
import { evolve } from "../../core/failover/evolve.ts";
import { initialState, type ServiceState } from "../../core/failover/state.ts";
import type { World } from "../../core/cycle/world.ts";
import type { Facts } from "../../core/cycle/facts.ts";
import type { RRset } from "../../core/plan/rrset.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { Reading, RecordQuestion, Transport } from "../../ports/records.ts";
import { commandId, epochOf, sequenceOf } from "../../values/ids.ts";
import { sha256 } from "../../values/sha256.ts";
import type { FactsBook } from "../facts-book.ts";
import { Fold } from "../fold.ts";
import type { EffectContext } from "./context.ts";
import { Notices } from "./notices.ts";
import { verifyEffect } from "./verify.ts";

const { policy } = policyFile(1);
const clock = new ManualClock();
const world: World = {
  installation: sha256(new Uint8Array()),
  services: new Map(),
  policies: new Map([[policy.hash, policy]]),
  policy,
  zones: new Map(),
  authority: initialAuthority,
  stopped: null,
};
const old: RRset = { ttl: 60, rdata: ["c000020a"] };
const right: RRset = { ttl: 60, rdata: ["c633640a"] };

/** Login's first failover, changed and not verified; of a record of this name. */
function changed(name?: string): ServiceState {
  const by = { kind: "local-user", id: "uid:1", method: "local-user" } as const;
  const move = { kind: "to", site: "iad" } as const;
  const command = { id: commandId("c-1"), service: "login", by, request: { kind: "declare", move } } as const;
  const decision = toyCycle.decide(initialState("login"), world, command, noFacts(), clock.now(), epochOf(1));
  if (!decision.accepted) throw new Error("not proposed");
  const place = { sequence: sequenceOf(0), at: clock.now() };
  const state = evolve(initialState("login"), { event: decision.events[0], ...place });
  if (state.failover === null) throw new Error("not open");
  const verification = {
    wrong: [],
    silent: [],
    serviceFailure: null,
    exceptions: [],
    authenticity: "not checked" as const,
    tries: 0,
    retryAt: clock.now(),
  };
  return {
    ...state,
    failover: {
      ...state.failover,
      plan: named(state.failover.plan, name),
      status: "changed",
      step: 0,
      attempts: [],
      verification,
      diverged: null,
    },
  };
}

function named(plan: Plan, name: string | undefined): Plan {
  const text = JSON.stringify(plan);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same plan, of another name
  return (
    name === undefined ? plan : JSON.parse(text.replaceAll('"login.example.com."', JSON.stringify(name)))
  ) as Plan;
}

function noFacts(): Facts {
  const commonCause = { kind: "none" } as const;
  return {
    boot: "b00t",
    mode: "act",
    clock: { trustworthy: true, errorMs: 0, says: "" },
    log: { whole: true, says: "" },
    automationKey: null,
    health: { judged: true, sites: {}, cutOff: [], voices: { heard: 0, all: 0 }, commonCause, signals: {} },
    readings: {},
    names: [],
    paths: [],
    zones: [],
  };
}

type Answer = (asked: number, transport: Transport, question: RecordQuestion) => RRset | "silent";

/** Verifies against one nameserver; how many questions over UDP it took, and after how long it was done. */
async function verify(answer: Answer, name?: string) {
  const questions = { udp: 0, tcp: 0 };
  const notified: string[] = [];
  const known: Reading[] = [];
  const state = changed(name);
  const fold = new Fold({ ...world, services: new Map([["login", state]]) });
  const context = {
    sequencer: { head: fold, durable: fold },
    book: {
      has: () => true,
      setReading: (...[, , , reading]: Parameters<FactsBook["setReading"]>) => known.push(reading),
    },
    clock,
    notices: new Notices({ notify: (zone) => Promise.resolve(void notified.push(zone)) }, clock),
    reader: {
      read: (_server: unknown, question: RecordQuestion, transport: Transport): Promise<Reading> => {
        questions[transport] += 1;
        const rrset = answer(questions[transport], transport, question);
        const at = clock.now();
        return Promise.resolve(
          rrset === "silent"
            ? { outcome: "no-response", code: "timeout", at }
            : { outcome: "answer", rrset, serial: undefined, at },
        );
      },
      serial: () => Promise.resolve({ serial: 7 }),
    },
  };
  const startedAt = clock.monotonic();
  let tookMs = -1;
  const data = { service: "login", failover: "login-1", patienceMs: 3000 };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what verification uses of it is there
  const run = verifyEffect(context as unknown as EffectContext)
    .run({ key: "verify", kind: "verify", data }, new AbortController().signal)
    .finally(() => {
      tookMs = clock.monotonic() - startedAt;
    });
  await clock.advance(5000);
  const request = await run;
  if (request?.kind !== "verified") throw new Error("not verified");
  return { nameserver: request.nameservers[0], count: request.nameservers.length, questions, notified, known, tookMs };
}

test("a nameserver that is right at once is asked once over UDP and once over TCP, and nothing is waited for", async () => {
  const { nameserver, questions, tookMs } = await verify(() => right);
  expect(nameserver).toMatchObject({ udp: "right", tcp: "right", serial: 7, address: "203.0.113.1:53" });
  expect({ questions, tookMs }).toEqual({ questions: { udp: 1, tcp: 1 }, tookMs: 0 });
});

test("a secondary that lags is told at once, and seen within milliseconds of its change", async () => {
  const { nameserver, tookMs, notified } = await verify((asked, transport) =>
    transport === "tcp" || asked > 3 ? right : old,
  );
  expect(nameserver).toMatchObject({ udp: "right", tcp: "right" });
  expect(tookMs).toBe(1 + 2 + 4);
  expect(notified).toEqual(["example.com."]);
});

test("N9: a nameserver that goes on giving other data is named as wrong once the patience is over", async () => {
  const { nameserver, tookMs } = await verify(() => old);
  expect(nameserver).toMatchObject({ udp: "wrong", tcp: "wrong" });
  expect(tookMs).toBe(3000);
});

test("a silent nameserver holds nobody up: silence twice is enough", async () => {
  const { nameserver, questions, tookMs } = await verify(() => "silent");
  expect(nameserver).toMatchObject({ udp: "no-response", serial: null });
  expect(questions.udp).toBe(2);
  expect(tookMs).toBeLessThan(10);
});

test("UDP right and TCP silent is told apart", async () => {
  const { nameserver } = await verify((_, transport) => (transport === "udp" ? right : "silent"));
  expect(nameserver).toMatchObject({ udp: "right", tcp: "no-response" });
});

test("the right data under another TTL is neither wrong nor right", async () => {
  const { nameserver } = await verify(() => ({ ...right, ttl: 30 }));
  expect(nameserver).toMatchObject({ udp: "ttl-differs", tcp: "ttl-differs" });
});

test("what is verified is known for the next plan, and what still lags is not", async () => {
  const { known } = await verify(() => right);
  expect(known).toMatchObject([{ outcome: "answer", rrset: right }]);
  expect((await verify(() => old)).known).toEqual([]);
});

test("N9: a wildcard is right only where a label that nobody asked for before gives its data too", async () => {
  const name = "*.example.com.";
  const asked: string[] = [];
  const { nameserver } = await verify((_, transport, question) => {
    asked.push(`${question.name} ${question.at ?? "itself"} ${transport}`);
    return question.at === undefined ? right : old;
  }, name);
  expect(nameserver).toMatchObject({ udp: "wrong" });
  expect(new Set(asked)).toEqual(new Set([`${name} itself udp`, `${name} fresh label udp`]));
  expect((await verify(() => right, name)).nameserver).toMatchObject({ udp: "right", tcp: "right" });
});
