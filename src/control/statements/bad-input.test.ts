import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../../test/control/manual-clock.ts";
import { softwareKey } from "../../../test/signatures/software-key.ts";
import type { EnrolledKey } from "../../core/authority/keys.ts";
import type { Statement } from "../../core/authority/statement.ts";
import { Desk } from "../../core/core.fixture.ts";
import type { FleetCommand, ServiceCommand } from "../../core/cycle/service-command.ts";
import type { World } from "../../core/cycle/world.ts";
import { fingerprintOf } from "../../core/policy/ssh-key.ts";
import { statementVerifier } from "../../signatures/statement-verifier.ts";
import { asJson, canonicalJson } from "../../values/json.ts";
import { sequenceOf } from "../../values/ids.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import { add, hour, instant, type Instant } from "../../values/time.ts";
import { StatementIntake } from "./intake.ts";

const [anas, bens, revoked, strangers] = Array.from({ length: 4 }, () => softwareKey("sk-ssh-ed25519@openssh.com"));
const root = sha256OfJson("root");
const desk = new Desk();
let clock = new ManualClock();
let submitted: (ServiceCommand | FleetCommand)[] = [];
let logged: string[] = [];
let intake: StatementIntake;

type Key = ReturnType<typeof softwareKey>;

function fingerprint(key: Key | undefined): string {
  return fingerprintOf(key?.line ?? "") ?? "";
}

function enrolled(key: Key | undefined, person: string, revokedAt: Instant | null): readonly [string, EnrolledKey] {
  const line = { method: "sshsig", line: key?.line ?? "" } as const;
  const own = fingerprint(key);
  return [own, { fingerprint: own, person, key: line, statement: root, at: instant(0), revokedAt }];
}

/** Ana and Ben have a key each; Ana has another that was revoked. */
function world(): World {
  const keys = new Map([
    enrolled(anas, "ana", null),
    enrolled(bens, "ben", null),
    enrolled(revoked, "ana", instant(1)),
  ]);
  return { ...desk.world, authority: { ...desk.world.authority, mode: "signed", keys } };
}

beforeEach(() => {
  clock = new ManualClock();
  submitted = [];
  logged = [];
  intake = new StatementIntake({
    verifier: statementVerifier(),
    clock,
    log: { write: (_level, event) => void logged.push(event) },
    head: world,
    now: () => clock.now(),
    rootAt: () => root,
    dispute: () => Promise.reject(new Error("nothing is disputed here")),
    submit: async (command) => {
      submitted.push(command);
      const events = [{ type: "service-stopped", by: command.by }] as const;
      return await Promise.resolve({ accepted: true, entries: [sequenceOf(7)], events });
    },
  });
});

/** Ana stops the service. */
function stop(change: Partial<Statement> = {}): Statement {
  return {
    v: 1,
    kind: "stop",
    installation: desk.world.installation,
    nonce: "0".repeat(32),
    by: { person: "ana", key: fingerprint(anas) },
    as: { duty: null, role: null, delegation: null },
    subject: { type: "service", id: "login", hash: null },
    terms: {},
    says: ["ana stops everything for login."],
    basis: null,
    policy: { version: 1, hash: root },
    log: { size: 1, root },
    incident: null,
    reason: null,
    notBefore: clock.now(),
    expires: add(clock.now(), hour),
    ...change,
  };
}

function text(statement: Statement): string {
  return canonicalJson(asJson(statement));
}

interface Signing {
  readonly key?: Key | undefined;
  readonly namespace?: string;
  readonly flags?: number;
  /** What is sent in place of the octets that were signed. */
  readonly sent?: string;
}

/** What came of a text that was signed and sent. */
async function codeOf(octets: string, signing: Signing = {}): Promise<string> {
  const { key = anas, namespace = "stop@pointsman", flags = 1, sent = octets } = signing;
  const signature = key?.sign(octets, namespace, { flags }) ?? "";
  const source = { lane: "socket", from: "socket" } as const;
  const result = intake.submit({ statement: sent, proof: { method: "sshsig", signature } }, null, source);
  await clock.advance(0);
  const came = await result;
  await clock.advance(0);
  return came.accepted ? "accepted" : came.refusal.code;
}

function reordered(statement: Statement): string {
  return JSON.stringify(Object.fromEntries(Object.entries(statement).toReversed()));
}

describe("bad input is refused with its code, and nothing is recorded as authority:", () => {
  const cases: readonly (readonly [string, string, () => Promise<string>])[] = [
    ["cut short", "statement-not-canonical", () => codeOf(text(stop()).slice(0, -9))],
    ["members in another order", "statement-not-canonical", () => codeOf(reordered(stop()))],
    ["a line break behind it", "statement-not-canonical", () => codeOf(`${text(stop())}\n`)],
    ["a byte order mark", "statement-not-canonical", () => codeOf(`\uFEFF${text(stop())}`)],
    ["UTF-16 read as Latin-1", "statement-not-canonical", () => codeOf(text(stop()).split("").join("\u0000"))],
    ["1 MiB", "statement-too-large", () => codeOf("x".repeat(1024 * 1024))],
    ["empty", "statement-not-canonical", () => codeOf("")],
    ["an unknown member", "statement-malformed", () => codeOf(canonicalJson({ ...asJson(stop()), extra: 1 }))],
    [
      "a name that looks like Ana's (Cyrillic)",
      "statement-malformed",
      () => codeOf(text(stop({ by: { person: "\u0430na", key: fingerprint(anas) } }))),
    ],
    [
      "a service that looks like login",
      "statement-malformed",
      () => codeOf(text(stop({ subject: { type: "service", id: "log\u0456n", hash: null } }))),
    ],
    [
      "a key that nobody enrolled",
      "unknown-key",
      () => codeOf(text(stop({ by: { person: "ana", key: fingerprint(strangers) } })), { key: strangers }),
    ],
    [
      "a revoked key",
      "key-revoked",
      () => codeOf(text(stop({ by: { person: "ana", key: fingerprint(revoked) } })), { key: revoked }),
    ],
    [
      "somebody else's key",
      "key-of-another-person",
      () => codeOf(text(stop({ by: { person: "ana", key: fingerprint(bens) } })), { key: bens }),
    ],
    [
      "Ana's fingerprint, and another's signature",
      "signature-of-another-key",
      () => codeOf(text(stop()), { key: bens }),
    ],
    [
      "another kind's namespace",
      "signature-of-another-namespace",
      () => codeOf(text(stop()), { namespace: "approve@pointsman" }),
    ],
    ["a hardware key that was not touched", "user-not-present", () => codeOf(text(stop()), { flags: 0 })],
    [
      "other octets than were signed",
      "signature-wrong",
      () => codeOf(text(stop()), { sent: text(stop({ nonce: "1".repeat(32) })) }),
    ],
    [
      "another installation, or a drill's",
      "other-installation",
      () => codeOf(text(stop({ installation: sha256OfJson("a drill") }))),
    ],
    ["over", "expired", () => codeOf(text(stop({ expires: clock.now() })))],
    ["not yet", "not-yet-valid", () => codeOf(text(stop({ notBefore: add(clock.now(), 1) })))],
  ];

  it.each(cases)("%s: %s", async (_, code, ask) => {
    expect(await ask()).toBe(code);
    expect(submitted).toEqual([]);
    expect(intake.counts()).toEqual([{ lane: "socket", code, count: 1 }]);
  });

  it("what is signed well becomes the command that it is, by its person", async () => {
    expect(await codeOf(text(stop()))).toBe("accepted");
    expect(submitted).toMatchObject([
      { by: { kind: "person", id: "ana" }, service: "login", request: { kind: "stop" }, spoken: { head: "contained" } },
    ]);
  });

  it("junk is one line of the log a minute, with its counts, and never one each", async () => {
    for (let index = 0; index < 50; index += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await codeOf("junk");
    }
    await clock.advance(60_000);
    expect(logged).toEqual(["statements-refused"]);
    expect(intake.counts()).toEqual([{ lane: "socket", code: "statement-not-canonical", count: 50 }]);
  });
});
