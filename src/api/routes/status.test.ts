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
