import { expect, it } from "vitest";
import { fakeOperations } from "../../../test/api/fake-operations.ts";
import { initialState } from "../../core/failover/state.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import { add, hour, type Instant } from "../../values/time.ts";
import { statusOf } from "./status.ts";

it("a memory of zones that was lost is a notice with what to do, and makes nothing unhealthy", () => {
  const fake = fakeOperations();
  const before = statusOf(fake, (_type, rdata) => rdata);
  const lost = { code: "integrity-memory-damaged", says: "It cannot be read.", figures: {}, mend: "Look." };
  fake.aboutNow = { ...fake.aboutNow, integrityMemory: lost };
  const after = statusOf(fake, (_type, rdata) => rdata);
  expect(after.header.integrityMemory).toEqual(lost);
  expect(after.healthy).toBe(before.healthy);
  expect(after.attention.filter(({ code }) => code === lost.code)).toEqual([
    { level: "notice", service: null, code: lost.code, says: "It cannot be read. Look.", command: null },
  ]);
});

it("an automation that holds since its key is another's is an alarm that says how to mend it", () => {
  const fake = fakeOperations();
  const automation = { line: "ssh-ed25519 AAAA", fingerprint: "SHA256:first" };
  const world = fake.world();
  fake.world = () => ({ ...world, authority: { ...world.authority, automation } });
  const facts = fake.facts.bind(fake);
  fake.facts = (service) => {
    const known = facts(service);
    return known && { ...known, automationKey: "SHA256:another" };
  };
  const { healthy, attention } = statusOf(fake, (_type, rdata) => rdata);
  expect(healthy).toBe(false);
  expect(attention[0]).toMatchObject({ level: "alarm", code: "automation-key-differs" });
  expect(attention[0]?.says).toContain("Restore automation.key");
});

it("a verdict that a person forced stands beside the judged one until it ends, and no longer", () => {
  const fake = fakeOperations();
  const { now } = fake.aboutNow;
  const by = { person: "ana", key: "SHA256:", statement: sha256OfJson("a statement"), at: now };
  const forcedNow = (until: Instant) => {
    const world = fakeOperations().world();
    const login = world.services.get("login") ?? initialState("login");
    const forced = new Map([["fra", { verdict: "down" as const, by, until }]]);
    fake.world = () => ({ ...world, services: new Map([...world.services, ["login", { ...login, forced }]]) });
    const [view] = statusOf(fake, (_type, rdata) => rdata).services;
    return view?.sites.map(({ site, forced: said }) => [site, said]);
  };
  expect(forcedNow(add(now, hour))).toContainEqual(["fra", "down"]);
  expect(forcedNow(add(now, hour))).toContainEqual(["iad", null]);
  expect(forcedNow(now)).toContainEqual(["fra", null]);
});
