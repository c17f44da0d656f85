import { expect, it } from "vitest";
import { fakeOperations } from "../../../test/api/fake-operations.ts";
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
