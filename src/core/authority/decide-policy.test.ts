import { describe, expect, test } from "vitest";
import { day, hour } from "../../values/time.ts";
import { Council, type Document } from "./council.fixture.ts";

const tightening = (document: Document): void => void (document["services"].login.holdDown = "20m");
const widening = (document: Document): void => void (document["services"].login.bands[0].budget.moves = 3);
const values = (document: Document): void => void (document["services"].login.sites.iad.v4 = ["198.51.100.11"]);

describe("N12: a policy comes into force by the thresholds of the one before it and its own", () => {
  test("tightening is adopted at once when one of each role that adopt asks for has signed", () => {
    const council = new Council();
    const next = council.draft(tightening);
    expect(council.sign("ana", next).accepted).toBe(true);
    expect(council.policy.version).toBe(4);
    expect(council.sign("eve", next).accepted).toBe(true);
    expect(council.policy.hash).toBe(next.hash);
    expect(council.events.at(-1)).toMatchObject({
      type: "policy-adopted",
      version: 5,
      signed: true,
      class: "tightening",
    });
  });

  test.each([
    ["a version that skips one", "policy-version", (document: Document) => void (document["version"] += 1)],
    ["a version that goes back", "policy-version", (document: Document) => void (document["version"] = 3)],
    [
      "one that follows another policy",
      "policy-follows-another",
      (document: Document) => void (document["follows"] = "0".repeat(64)),
    ],
    [
      "one that does not say what it follows",
      "policy-follows-another",
      (document: Document) => void delete document["follows"],
    ],
  ])("%s is refused", (_, code, change) => {
    const council = new Council();
    expect(council.sign("ana", council.draft(change))).toMatchObject({ accepted: false, refusal: { code } });
    expect(council.authority.proposals.size).toBe(0);
  });

  test("one person who holds every role that adopt asks for adopts nothing alone", () => {
    const council = new Council();
    const next = council.draft(tightening);
    council.sign("fay", next, { role: "service-owner" });
    expect(council.sign("fay", next, { role: "change-approver" })).toMatchObject({
      refusal: { code: "signed-already" },
    });
    expect(council.policy.version).toBe(4);
  });

  test("adopt may be anybody's of one role: two persons are needed all the same", () => {
    const council = new Council((document) => void (document["authority"].adopt = { any: ["service-owner"] }));
    const next = council.draft(tightening);
    council.sign("ana", next);
    expect(council.policy.version).toBe(4);
    council.sign("gus", next);
    expect(council.policy.hash).toBe(next.hash);
  });

  test("the new policy's own rule is filled too", () => {
    const council = new Council();
    const next = council.draft(
      (document) =>
        void (document["authority"].adopt = { all: ["service-owner", "change-approver", "identity-owner"] }),
    );
    for (const person of ["ana", "eve"]) council.sign(person, next);
    expect(council.policy.version).toBe(4);
    council.sign("chi", next);
    expect(council.policy.hash).toBe(next.hash);
  });

  test("a key that is revoked before the last signature counts no more, and its holder may sign again", () => {
    const council = new Council();
    const next = council.draft(tightening);
    council.sign("ana", next);
    council.revoke("ana");
    council.sign("eve", next);
    expect(council.policy.version).toBe(4);
    council.sign("fay", next, { role: "service-owner" });
    expect(council.policy.hash).toBe(next.hash);
  });

  test("in an unsigned trial nobody signs a policy", () => {
    const council = new Council();
    council.authority = { ...council.authority, mode: "unsigned" };
    expect(council.sign("ana", council.draft(tightening))).toMatchObject({ refusal: { code: "unsigned-trial" } });
  });

  test("what was proposed on a policy that is no longer in force is never adopted", () => {
    const council = new Council();
    const [first, second] = [council.draft(tightening), council.draft(values)];
    for (const person of ["ana", "eve"]) {
      if (person === "eve") council.sign("ana", second);
      council.sign(person, first);
    }
    expect(council.policy.hash).toBe(first.hash);
    expect(council.authority.proposals.size).toBe(0);
    expect(council.sign("eve", second)).toMatchObject({ refusal: { code: "policy-version" } });
  });

  test("a proposal that nobody completes ends by itself", () => {
    const council = new Council();
    const next = council.draft(tightening);
    council.sign("ana", next);
    council.pass(14 * day);
    expect(council.events.at(-1)).toMatchObject({ type: "policy-proposal-ended", how: "expired" });
    council.sign("eve", next);
    expect(council.policy.version).toBe(4);
  });
});

describe("widening", () => {
  test("takes one person more than adopt asks, and waits a day", () => {
    const council = new Council();
    const next = council.draft(widening);
    for (const person of ["ana", "eve"]) council.sign(person, next);
    council.pass(25 * hour);
    expect(council.policy.version).toBe(4);
    council.sign("ben", next);
    expect(council.policy.hash).toBe(next.hash);
  });

  test("that is signed waits all the same, and comes into force by itself when the wait is over", () => {
    const council = new Council();
    const next = council.draft(widening);
    for (const person of ["ana", "eve", "ben"]) council.sign(person, next);
    council.pass(24 * hour - 1);
    expect(council.policy.version).toBe(4);
    council.pass(1);
    expect(council.policy.hash).toBe(next.hash);
  });

  test("is stopped by one objection of anybody enrolled", () => {
    const council = new Council();
    const next = council.draft(widening);
    for (const person of ["ana", "eve", "ben"]) council.sign(person, next);
    council.ask("dan", { kind: "object-to-policy", policy: next.hash });
    council.pass(48 * hour);
    expect(council.policy.version).toBe(4);
    expect(council.events.at(-1)).toMatchObject({ type: "policy-proposal-ended", how: "objected" });
  });

  test("in small steps that mean nothing each is widening in sum, measured over 30 days", () => {
    const spare = { region: "eu", jurisdiction: "DE", capacity: 10 };
    const council = new Council((document) => void (document["sites"].spare = spare));
    const gone = council.draft((document) => void delete document["sites"].spare);
    for (const person of ["ana", "eve"]) council.sign(person, gone);
    const back = (): ReturnType<Council["draft"]> =>
      council.draft((document) => void (document["sites"].spare = { ...spare, capacity: 1000 }));
    council.sign("ana", back());
    expect(council.authority.proposals.get(back().hash)?.class).toBe("widening");
    council.ask("ana", { kind: "withdraw-policy", policy: back().hash });
    council.pass(31 * day);
    council.sign("ana", back());
    expect(council.authority.proposals.get(back().hash)?.class).toBe("neutral");
  });

  test("is what cannot be compared, since the policy of 30 days ago is lost", () => {
    const council = new Council();
    const first = council.policy.hash;
    const next = council.draft(tightening);
    for (const person of ["ana", "eve"]) council.sign(person, next);
    council.policies.delete(first);
    const after = council.draft((document) => void (document["services"].login.holdDown = "30m"));
    council.sign("ana", after);
    expect(council.authority.proposals.get(after.hash)?.class).toBe("widening");
  });
});

describe("an objection to what does not widen", () => {
  test("is on record, and does not keep two others from removing the objector", () => {
    const council = new Council();
    const next = council.draft((document) => {
      delete document["people"].dan;
      document["authority"].breakGlass.of = ["ana", "ben", "chi", "eve", "fay", "gus"];
      document["authority"].declare = { any: ["service-owner"] };
      document["authority"].reverse = { any: ["dns-operator"] };
    });
    council.sign("ana", next);
    const objection = { kind: "object-to-policy", policy: next.hash } as const;
    expect(council.ask("dan", objection).accepted).toBe(true);
    expect(council.ask("dan", objection)).toMatchObject({ refusal: { code: "objected-already" } });
    council.sign("eve", next);
    expect(council.policy.hash).toBe(next.hash);
  });
});

describe("nobody's signature counts for what gives that person more", () => {
  test.each([
    ["a role", (document: Document) => void document["people"].ana.roles.push("change-approver"), ["ana"]],
    ["a duty by a role", (document: Document) => void document["authority"].veto.any.push("dns-operator"), ["ben"]],
    [
      "to do alone what was done together",
      (document: Document) => void (document["authority"].approve = { any: ["identity-owner"] }),
      ["chi", "gus"],
    ],
    [
      "two duties at once",
      (document: Document) =>
        void (document["authority"].separate = [
          ["declare", "approve"],
          ["validate", "execute"],
        ]),
      ["ben"],
    ],
  ])("%s", (_, change, gainers) => {
    const council = new Council();
    const next = council.draft(change);
    for (const person of ["ana", "eve", "ben", "fay", "chi", "gus", "dan"]) {
      const result = council.sign(person, next);
      expect(result).toMatchObject(
        gainers.includes(person) ? { refusal: { code: "signer-gains" } } : { accepted: true },
      );
    }
  });

  test("a further key of one's own is nothing more", () => {
    const council = new Council();
    const { keys } = council.policy.people.get("ben") ?? { keys: [] };
    expect(keys).toHaveLength(1);
    const next = council.draft((document) => {
      document["people"].ben.keys.push(document["people"].dan.keys[0]);
      document["people"].dan.keys = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g dan",
      ];
    });
    expect(council.sign("ben", next).accepted).toBe(true);
  });
});

describe("values of a site in an incident", () => {
  const incident = { incident: "INC-7" };

  test("are adopted by approve and validate at once, and a review opens", () => {
    const council = new Council();
    const next = council.draft(values);
    council.sign("ana", next, { duty: "approve", ...incident });
    council.sign("chi", next, { duty: "approve", ...incident });
    expect(council.policy.version).toBe(4);
    council.sign("gus", next, { duty: "validate", role: "identity-owner", ...incident });
    expect(council.policy.hash).toBe(next.hash);
    expect([...council.authority.reviews.values()]).toMatchObject([
      { kind: "policy-in-incident", subject: next.hash, tookPart: ["ana", "chi", "gus"] },
    ]);
  });

  test("are nothing that approve and validate adopt without an incident, or with anything else in it", () => {
    const council = new Council();
    expect(council.sign("ana", council.draft(values), { duty: "approve" })).toMatchObject({
      refusal: { code: "incident-needed" },
    });
    const more = council.draft((document) => {
      values(document);
      widening(document);
    });
    expect(council.sign("ana", more, { duty: "approve", ...incident })).toMatchObject({
      refusal: { code: "needs-adopt" },
    });
  });

  test("by adopt need no review", () => {
    const council = new Council();
    const next = council.draft(values);
    for (const person of ["ana", "eve"]) council.sign(person, next);
    expect(council.policy.hash).toBe(next.hash);
    expect(council.authority.reviews.size).toBe(0);
  });
});
