import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, day, duration, hour, minute } from "../../values/time.ts";
import { fingerprint, keyLine, Office, recoveryKeys } from "./office.fixture.ts";

/** Printed with every failure; steps a history, histories a run. */
const seed = 20_261_122;
const steps = 40;
const runs = 150;

const people = ["ana", "ben", "cat", "dan"] as const;
const person = fc.constantFrom(...people);
/** Keys of everybody, listed and not, the automation's and a recovery key among them. */
const line = fc.constantFrom(
  ...people.flatMap((id) => [keyLine(id), keyLine(`${id}-second`), keyLine(`${id}-anew`)]),
  keyLine("automation"),
  recoveryKeys[0] ?? "",
);
const nth = fc.nat(3);

type Step = (office: Office) => unknown;

function at<Value>(values: Iterable<Value>, index: number): Value | undefined {
  const list = [...values];
  return list[index % Math.max(1, list.length)];
}

const none = { terms: { service: null } };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(person, line, line).map(
    ([by, key, signedWith]) =>
      (office: Office) =>
        office.enrol(by, key, signedWith),
  ),
  fc.tuple(person, line).map(
    ([by, key]) =>
      (office: Office) =>
        office.enrol(by, key),
  ),
  fc.tuple(person, line, line).map(([by, of, key]) => (office: Office) => {
    return office.authority.keys.has(fingerprint(of)) && office.revoke(by, of, { key });
  }),
  fc.tuple(person, person).map(([by, of]) => (office: Office) => {
    const held = [...office.authority.keys.values()].find((key) => key.person === of && key.revokedAt === null);
    const own = [...office.authority.keys.values()].find((key) => key.person === by && key.revokedAt === null);
    if (held?.key.method !== "sshsig" || own?.key.method !== "sshsig") return undefined;
    return office.revoke(by, held.key.line, { key: own.key.line });
  }),
  fc
    .tuple(person, person, fc.constantFrom("approve", "reverse", "adopt"), fc.integer({ min: -4, max: 30 }), nth)
    .map(([by, to, duty, fromHours, hours]) => (office: Office) => {
      const from = add(office.now, fromHours * hour);
      return office.delegate(by, to, { duties: [duty], from, until: add(from, (hours + 6) * hour) });
    }),
  fc.tuple(person, nth).map(([by, index]) => (office: Office) => {
    const given = at(office.authority.delegations.keys(), index);
    return given !== undefined && office.about(by, "withdraw", "delegation", given, none);
  }),
  fc.tuple(person, nth).map(([by, incident]) => (office: Office) => {
    const until = add(
      office.fold.authority.history[0]?.from ?? office.now,
      (Math.floor(passed(office) / hour) + 1) * hour,
    );
    return office.breakGlass(by, { incident: `INC-${incident}`, until });
  }),
  fc.tuple(person, nth).map(([by, index]) => (office: Office) => {
    const asked = at(office.authority.grants.keys(), index);
    return asked !== undefined && office.about(by, "withdraw", "break-glass", asked, none);
  }),
  fc.tuple(person, nth).map(([by, index]) => (office: Office) => {
    const review = at(office.authority.reviews.keys(), index);
    return review !== undefined && office.about(by, "close-review", "review", review);
  }),
  fc.tuple(fc.nat(2), person, line).map(
    ([by, of, key]) =>
      (office: Office) =>
        office.recover(by, of, [key]),
  ),
  fc.tuple(person, nth).map(([by, index]) => (office: Office) => {
    const recovery = at(office.authority.recoveries.keys(), index);
    return recovery !== undefined && office.about(by, "object", "recovery", recovery);
  }),
  fc.constantFrom(minute, hour, 6 * hour, day).map((ms) => (office: Office) => office.pass(ms)),
);

function passed(office: Office): number {
  return office.now - (office.authority.history[0]?.from ?? office.now);
}

/** What must hold after every step, told from the events alone and not from the code that made them. */
function check(office: Office): void {
  const { keys, delegations, grants, reviews, recoveries } = office.authority;
  const holders = new Map<string, string>();
  const objected = new Map<string, Set<string>>();
  for (const event of office.events) {
    if (event.type === "key-enrolled") {
      const { fingerprint: of, person: holder, statement } = event.key;
      expect(holders.get(of) ?? holder).toBe(holder);
      expect(statement).toMatch(/^[0-9a-f]{64}$/);
      holders.set(of, holder);
    }
    if (event.type === "key-revoked") {
      const by = new Set(event.by.map((signer) => (signer.person === "recovery" ? signer.key : signer.person)));
      const holder = holders.get(event.fingerprint);
      if (!by.has(holder ?? "")) expect(by.size).toBeGreaterThanOrEqual(2);
    }
    if (event.type === "review-closed") {
      expect(reviews.get(event.review)?.tookPart).not.toContain(event.by.person);
    }
    if (event.type === "recovery-objected") {
      objected.set(event.recovery, (objected.get(event.recovery) ?? new Set()).add(event.by.person));
    }
    if (event.type === "recovery-ended" && event.how === "done") {
      expect(objected.get(event.recovery)?.size ?? 0).toBeLessThan(2);
      expect(new Set(recoveries.get(event.recovery)?.signers.map(({ key }) => key)).size).toBeGreaterThanOrEqual(2);
    }
  }
  for (const key of keys.values()) {
    expect(key.fingerprint).not.toBe(fingerprint(keyLine("automation")));
    expect(recoveryKeys.map(fingerprint)).not.toContain(key.fingerprint);
    expect(key.fingerprint).toBe(fingerprint(key.key.method === "sshsig" ? key.key.line : ""));
  }
  for (const { since, until, from, to, duties } of delegations.values()) {
    expect(until - since).toBeLessThanOrEqual(8 * hour);
    expect(to).not.toBe(from.person);
    expect(duties).not.toContain("adopt");
  }
  const granted = [...grants.values()].filter(({ grantedAt }) => grantedAt !== null);
  for (const { signers, until, grantedAt } of granted) {
    expect(new Set(signers.map((each) => each.person)).size).toBe(signers.length);
    const before = granted.filter(
      (each) => (each.grantedAt ?? 0) < (grantedAt ?? 0) && (grantedAt ?? 0) - (each.grantedAt ?? 0) < day,
    );
    expect(signers.length).toBeGreaterThanOrEqual(before.length > 0 ? 3 : 2);
    expect(until).toBeGreaterThan(grantedAt ?? 0);
    expect([...reviews.values()].filter(({ kind }) => kind === "break-glass").length).toBe(granted.length);
  }
}

/** A recovery is done a day after its second signature, at the earliest. */
function checkRecoveries(office: Office): void {
  const [waitMs, doubledMs] = [duration(day), duration(2 * day)];
  for (const { state, signers, objections, waitMs: waits } of office.authority.recoveries.values()) {
    expect(waits).toBeGreaterThanOrEqual(objections.length > 0 ? doubledMs : waitMs);
    if (state === "done") expect(office.now - (signers[1]?.at ?? office.now)).toBeGreaterThanOrEqual(waitMs);
  }
}

describe(`random requests about people (seed ${seed}, ${runs} histories of ${steps} steps)`, () => {
  it("no key is in two hands, nobody revokes another's key alone, nothing outlives its limit", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { minLength: steps, maxLength: steps }), (enrolled, history) => {
        const office = enrolled ? Office.enrolled() : new Office();
        for (const act of history) {
          act(office);
          checkRecoveries(office);
        }
        check(office);
        for (const { type } of office.events) reached.add(type);
      }),
      { seed, numRuns: runs },
    );
    // A history that never gets anywhere shows nothing.
    expect([...reached].toSorted()).toEqual([
      "break-glass-asked",
      "break-glass-signed",
      "break-glass-withdrawn",
      "delegation-given",
      "delegation-withdrawn",
      "installation-created",
      "installation-signed",
      "key-enrolled",
      "key-revocation-asked",
      "key-revoked",
      "recovery-asked",
      "recovery-ended",
      "recovery-objected",
      "recovery-signed",
      "review-closed",
      "review-opened",
    ]);
  });
});
