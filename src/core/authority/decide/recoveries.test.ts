import { describe, expect, it } from "vitest";
import { day, hour } from "../../../values/time.ts";
import { fingerprint, keyLine, Office, recoveryKeys } from "../office.fixture.ts";

const only = (office: Office) => [...office.authority.recoveries.values()][0];
const standing = (office: Office, person: string) =>
  [...office.authority.keys.values()].filter((key) => key.person === person && key.revokedAt === null);
const object = (office: Office, person: string) =>
  office.about(person, "object", "recovery", only(office)?.id ?? "", {});
const anew = [keyLine("ana-anew")];

describe("recovery: two of three offline keys replace a person's keys, and nothing else", () => {
  it("given two, then after 24 hours the old keys are revoked, and the new one enrols itself", () => {
    const office = Office.enrolled();
    expect(office.recover(0, "ana", anew)).toBe("recovery-asked");
    expect(office.recover(0, "ana", anew)).toBe("already-signed");
    expect(office.enrol("ana", keyLine("ana-anew"))).toBe("key-not-in-policy");
    office.pass(hour);
    expect(office.recover(2, "ana", anew)).toBe("recovery-signed");
    office.pass(day - 1);
    expect(standing(office, "ana")).toHaveLength(1);
    office.pass(1);
    expect(only(office)?.state).toBe("done");
    expect(standing(office, "ana")).toEqual([]);
    expect(office.enrol("ana", keyLine("ana"))).toBe("key-revoked");
    expect(office.enrol("ben", keyLine("ana-anew"), keyLine("ben"))).toBe("key-in-two-hands");
    expect(office.enrol("ana", keyLine("ana-anew"))).toBe("key-enrolled");
    expect([...office.authority.reviews.values()].map(({ kind, subject }) => [kind, subject])).toEqual([
      ["recovery", "ana"],
    ]);
    for (const id of ["ben", "cat", "dan"]) expect(standing(office, id)).toHaveLength(1);
  });

  it("given one objection, then it waits twice as long; given two, then it is stopped", () => {
    const office = Office.enrolled();
    office.recover(0, "ana", anew);
    office.recover(1, "ana", anew);
    expect(object(office, "ana")).toBe("recovery-objected");
    expect(object(office, "ana")).toBe("already-signed");
    office.pass(2 * day - 1);
    expect(only(office)?.state).toBe("open");
    expect(object(office, "ben")).toBe("recovery-objected recovery-ended");
    office.pass(day);
    expect(only(office)?.state).toBe("stopped");
    expect(standing(office, "ana")).toHaveLength(1);
    expect(office.enrol("ana", keyLine("ana-anew"))).toBe("key-not-in-policy");
  });

  it("given one key alone, then it ends after 72 hours, and nothing is replaced", () => {
    const office = Office.enrolled();
    office.recover(0, "ana", anew);
    office.pass(3 * day - 1);
    expect(only(office)?.state).toBe("open");
    office.pass(1);
    expect(only(office)?.state).toBe("stopped");
    expect(standing(office, "ana")).toHaveLength(1);
  });

  it.each([
    ["a person that the policy does not have", "eve", anew, "no-such-person"],
    ["a key of somebody else", "ana", [keyLine("ben")], "key-in-two-hands"],
    ["a recovery key", "ana", [recoveryKeys[1] ?? ""], "key-has-another-use"],
  ])("refuses %s", (_, person, keys, code) => {
    expect(Office.enrolled().recover(0, person, keys)).toBe(code);
  });

  it("is asked by recovery keys alone, and they do nothing else", () => {
    const office = Office.enrolled();
    expect(office.about("recovery", "recover", "person", "ana", { terms: { keys: anew }, key: keyLine("ana") })).toBe(
      "unknown-key",
    );
    expect(office.about("ana", "recover", "person", "ana", { terms: { keys: anew } })).toBe("unknown-person");
    expect(office.revoke("ana", keyLine("ben"), { key: recoveryKeys[0] ?? "" })).toBe("unknown-key");
  });

  it("given a key that came to somebody else meanwhile, then it is stopped, and nobody loses a key", () => {
    const office = Office.enrolled();
    office.recover(0, "ana", anew);
    office.recover(1, "ana", anew);
    office.recover(2, "ben", anew);
    office.recover(1, "ben", anew);
    office.pass(day);
    const states = [...office.authority.recoveries.values()].map(({ person, state }) => [person, state]);
    expect(states).toEqual([
      ["ana", "done"],
      ["ben", "stopped"],
    ]);
    expect(standing(office, "ben").map((key) => key.fingerprint)).toEqual([fingerprint(keyLine("ben"))]);
  });
});
