import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, day, hour, minute } from "../../values/time.ts";
import { fingerprint, keyLine, Office, recoveryKeys } from "./office.fixture.ts";

/** Printed with every failure; steps a history, histories a run. */
const seed = 20_261_122;
const steps = 40;
const runs = 150;

const everybody = ["ana", "ben", "cat", "dan"] as const;
const person = fc.constantFrom(...everybody);
/** Keys of everybody, listed and not, the automation's and a recovery key among them. */
const line = fc.constantFrom(
  ...everybody.flatMap((id) => [keyLine(id), keyLine(`${id}-second`), keyLine(`${id}-anew`)]),
  keyLine("automation"),
  recoveryKeys[0] ?? "",
);
const nth = fc.nat(3);

type Step = (office: Office) => unknown;

function pick<Value>(values: Iterable<Value>, index: number): Value | undefined {
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
    const given = pick(office.authority.delegations.keys(), index);
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
    const asked = pick(office.authority.grants.keys(), index);
    return asked !== undefined && office.about(by, "withdraw", "break-glass", asked, none);
  }),
  fc.tuple(person, nth).map(([by, index]) => (office: Office) => {
    const review = pick(office.authority.reviews.keys(), index);
    return review !== undefined && office.about(by, "close-review", "review", review);
  }),
  fc.tuple(fc.nat(2), person, line).map(
    ([by, of, key]) =>
      (office: Office) =>
        office.recover(by, of, [key]),
  ),
  fc.tuple(person, nth).map(([by, index]) => (office: Office) => {
    const recovery = pick(office.authority.recoveries.keys(), index);
    return recovery !== undefined && office.about(by, "object", "recovery", recovery);
  }),
  fc.constantFrom(minute, hour, 6 * hour, day).map((ms) => (office: Office) => office.pass(ms)),
);

function passed(office: Office): number {
  return office.now - (office.authority.history[0]?.from ?? office.now);
}

/** What must never have happened, told from the events and the state alone and not by the code that made them. */
function faultsOf(office: Office): readonly string[] {
  return [
    ...faultsOfEvents(office),
    ...faultsOfKeys(office),
    ...faultsOfDelegations(office),
    ...faultsOfGrants(office),
  ];
}

function faultsOfEvents({ events, authority }: Office): readonly string[] {
  const holders = new Map<string, string>();
  const objections = new Set<string>();
  return events.flatMap((event) => {
    if (event.type === "key-enrolled") {
      const { fingerprint: of, person: holder } = event.key;
      const before = holders.get(of) ?? holder;
      holders.set(of, holder);
      return before === holder ? [] : [`${of} is in two hands`];
    }
    if (event.type === "key-revoked") {
      const by = new Set(event.by.map((signer) => (signer.person === "recovery" ? signer.key : signer.person)));
      const own = by.has(holders.get(event.fingerprint) ?? "");
      return own || by.size >= 2 ? [] : [`${[...by].join()} revoked another's key alone`];
    }
    if (event.type === "review-closed") {
      const own = authority.reviews.get(event.review)?.tookPart.includes(event.by.person) === true;
      return own ? [`${event.by.person} closed a review of their own`] : [];
    }
    if (event.type === "recovery-objected") objections.add(`${event.recovery} ${event.by.person}`);
    if (event.type !== "recovery-ended" || event.how === "stopped") return [];
    const against = [...objections].filter((each) => each.startsWith(`${event.recovery} `)).length;
    const keys = new Set(authority.recoveries.get(event.recovery)?.signers.map(({ key }) => key)).size;
    return against < 2 && keys >= 2 ? [] : [`a recovery by ${keys} against ${against}`];
  });
}

function faultsOfKeys({ authority }: Office): readonly string[] {
  const others = new Set([keyLine("automation"), ...recoveryKeys].map(fingerprint));
  return [...authority.keys.keys()].filter((each) => others.has(each)).map((each) => `${each} has another use`);
}

function faultsOfDelegations({ authority }: Office): readonly string[] {
  return [...authority.delegations.values()]
    .filter(
      ({ since, until, from, to, duties }) =>
        until - since > 8 * hour || to === from.person || duties.includes("adopt"),
    )
    .map(({ id }) => `${id} goes too far`);
}

function faultsOfGrants({ authority }: Office): readonly string[] {
  const granted = [...authority.grants.values()].flatMap((grant) =>
    grant.grantedAt === null ? [] : [{ ...grant, at: grant.grantedAt }],
  );
  const reviews = [...authority.reviews.values()].filter(({ kind }) => kind === "break-glass");
  const faults = granted.filter(({ signers, until, at }) => {
    const people = new Set(signers.map(({ person: id }) => id)).size;
    const another = granted.some((each) => each.at < at && at - each.at < day);
    return people !== signers.length || people < (another ? 3 : 2) || until <= at;
  });
  return [
    ...faults.map(({ id }) => `${id} is granted by too few, or too late`),
    ...(reviews.length === granted.length ? [] : ["a grant without its review"]),
  ];
}

/** A recovery is done a day after its second signature, at the earliest, and two after an objection. */
function faultsOfRecoveries({ authority, now }: Office): readonly string[] {
  return [...authority.recoveries.values()]
    .filter(({ state, signers, objections }) => {
      const waitedMs = now - (signers[1]?.at ?? now);
      return state === "done" && waitedMs < (objections.length > 0 ? 2 * day : day);
    })
    .map(({ id }) => `${id} was done too early`);
}

describe(`random requests about people (seed ${seed}, ${runs} histories of ${steps} steps)`, () => {
  it("no key is in two hands, nobody revokes another's key alone, nothing outlives its limit", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.boolean(), fc.array(step, { minLength: steps, maxLength: steps }), (enrolled, history) => {
        const office = enrolled ? Office.enrolled() : new Office();
        for (const act of history) {
          act(office);
          expect(faultsOfRecoveries(office)).toEqual([]);
        }
        expect(faultsOf(office)).toEqual([]);
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
