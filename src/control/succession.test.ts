import { expect, test } from "vitest";
import { Installation, policyFile } from "../../test/control/installation.ts";
import { settled } from "../../test/control/manual-clock.ts";
import type { FleetEvent } from "../core/failover/event.ts";
import type { RecordedEntry } from "../ports/operations.ts";
import { commandId } from "../values/ids.ts";
import { isNonEmpty } from "../values/non-empty.ts";
import type { PolicyFile } from "./parts.ts";
import { createSuccession } from "./succession.ts";

const by = { kind: "person", id: "ana", method: "statement" } as const;

/** An installation in which a request adopts a policy, or signs the installation, without anybody's rules. */
function governed() {
  const world = new Installation();
  const toy = world.cycle;
  world.cycle = {
    ...toy,
    decideFleet: (state, command, now) => {
      const { request } = command;
      const events: FleetEvent[] = [];
      if (request.kind === "close-review") events.push({ type: "installation-signed" });
      if (request.kind === "sign-policy") {
        const policy = state.policies.get(request.policy);
        if (policy !== undefined)
          events.push({
            type: "policy-adopted",
            policy: policy.hash,
            version: policy.version,
            by,
            signed: true,
            class: "neutral",
            words: [],
          });
      }
      return isNonEmpty(events) ? { accepted: true, events } : toy.decideFleet(state, command, now);
    },
  };
  const made: PolicyFile[] = [];
  const open = (file: PolicyFile) =>
    createSuccession({
      file,
      openJournal: () => Promise.resolve(world.journal()),
      readPolicy: (document) => world.read(document),
      clock: world.clock,
      log: { write: () => {} },
      partsFor: (inForce) => {
        made.push(inForce);
        return world.parts(inForce);
      },
    });
  return { world, made, open };
}

const sign = { id: commandId("c-sign"), by, request: { kind: "close-review", review: "none" } } as const;

test("a policy that is adopted while it runs is run by a new controller, with its document from the journal, and not by the file", async () => {
  const { world, made, open } = governed();
  const [first, second] = [policyFile(1), policyFile(2, "adopted")];
  world.documents.push(first, second);
  const controller = open(first);
  const told: RecordedEntry[] = [];
  await Promise.all([controller.start(), world.clock.advance(0)]);
  controller.follow((entry) => told.push(entry));
  expect((await controller.submit(sign)).accepted).toBe(true);
  const before = controller.about().epoch;
  expect(controller.handInPolicy(second.document)).toMatchObject({ ok: true });
  const adopt = { kind: "sign-policy", policy: second.policy.hash, duty: "adopt" } as const;
  expect((await controller.submit({ id: commandId("c-adopt"), by, request: adopt })).accepted).toBe(true);
  for (let turn = 0; turn < 20; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the clock is moved by hand until the next controller runs
    await world.clock.advance(1000);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await settled();
  }
  expect(controller.about()).toMatchObject({
    status: "running",
    epoch: before + 1,
    policyFile: { version: 1, hash: first.policy.hash },
  });
  expect(controller.world().policy.hash).toBe(second.policy.hash);
  expect(made.map(({ policy }) => policy.version)).toEqual([1, 2]);
  // Nothing is told twice, and nothing is left out.
  const sequences = told.map(({ sequence }) => Number(sequence));
  expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index));
  expect(told.map(({ type }) => type)).toEqual([
    "installation-signed",
    "policy-adopted",
    "controller-stopped",
    "controller-started",
  ]);
  const adopted = world.entries().find(({ type }) => type === "policy-adopted");
  expect(adopted?.attachments).toMatchObject([{ class: "policy" }]);
  await controller.stop();
});

test("N12: in a signed installation a file with a higher version is drift, and never adopted", async () => {
  const { world, made, open } = governed();
  const [first, other] = [policyFile(1), policyFile(7, "from the disk")];
  world.documents.push(first, other);
  const controller = open(first);
  await Promise.all([controller.start(), world.clock.advance(0)]);
  await controller.submit(sign);
  await controller.stop();
  const again = open(other);
  await Promise.all([again.start(), world.clock.advance(0)]);
  await settled();
  expect(again.world().policy.hash).toBe(first.policy.hash);
  expect(made.at(-1)?.policy.hash).toBe(first.policy.hash);
  expect(again.about().policyFile).toEqual({ version: 7, hash: other.policy.hash });
  expect(world.types()).not.toContain("policy-adopted");
  await again.stop();
});

test("a failover that is on its way is still there under the policy that it was proposed under", async () => {
  const { world, open } = governed();
  const [first, second] = [policyFile(1), policyFile(2, "adopted")];
  world.documents.push(first, second);
  const controller = open(first);
  await Promise.all([controller.start(), world.clock.advance(0)]);
  world.write = () => Promise.resolve({ outcome: "not-sent", code: "unreachable" });
  const move = { kind: "declare", move: { kind: "to", site: "iad" } } as const;
  await controller.submit({ id: commandId("c-move"), service: "login", by, request: move });
  await settled();
  await controller.submit(sign);
  controller.handInPolicy(second.document);
  const adopt = { kind: "sign-policy", policy: second.policy.hash, duty: "adopt" } as const;
  const open17 = controller.state("login")?.failover;
  expect(open17).not.toBeNull();
  await controller.submit({ id: commandId("c-adopt"), by, request: adopt });
  for (let turn = 0; turn < 20; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the clock is moved by hand until the next controller runs
    await world.clock.advance(1000);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await settled();
  }
  expect(controller.world().policy.hash).toBe(second.policy.hash);
  expect(controller.state("login")?.failover).toMatchObject({ id: open17?.id, planHash: open17?.planHash });
  expect(controller.world().policies.get(first.policy.hash)?.version).toBe(1);
  await controller.stop();
});

test("the digest of the effective settings stands in each start", async () => {
  const world = new Installation();
  await world.start();
  const started = world.entries().filter(({ type }) => type === "controller-started");
  expect(started.map(({ data }) => data["settings"])).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});
