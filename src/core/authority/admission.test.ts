import { describe, expect, it } from "vitest";
import { fingerprint, keyOf, type SayOptions } from "../../../test/world/signing.ts";
import { canonicalJson, type Json } from "../../values/json.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import { add, day, hour, instant, minute } from "../../values/time.ts";
import { type Spoken } from "../cycle/command.ts";
import { admit } from "./admit.ts";
import { enrolled, spokenIn, withAuthority, type Scene } from "./authority.fixture.ts";
import { type Statement } from "./statement.ts";
import {
  about,
  approval,
  document,
  emergency,
  figures,
  grant,
  hash,
  now,
  plan,
  policy,
  read,
  say,
  scene,
  until,
  world,
} from "./statements.fixture.ts";

/** Changes the text after it was made, as it lies on the way. */
function tampered(change: (statement: { [member: string]: Json }) => void): Spoken {
  const spoken = approval();
  const statement: { [member: string]: Json } = JSON.parse(spoken.statement);
  change(statement);
  return { ...spoken, statement: canonicalJson(statement) };
}

function altering(change: Partial<Statement>): SayOptions {
  return { alter: (statement) => Object.assign({}, statement, change) };
}

function text(statement: string): Spoken {
  return { ...approval(), statement };
}

describe("what is not admitted, each with its code", () => {
  const reordered = `{"kind":"approve",${approval().statement.slice(1).replace('"kind":"approve",', "")}`;
  const revoked = withAuthority(scene, {
    keys: new Map([...world.authority.keys, [fingerprint("ana"), enrolled("ana", now, now)]]),
  });
  const used = withAuthority(scene, { nonces: new Map([[read(approval()).nonce, until]]) });

  const refused: readonly (readonly [why: string, code: string, spoken: Spoken, given?: Scene])[] = [
    ["1 MiB of it", "statement-too-large", text("x".repeat(1_048_576))],
    ["cut short", "statement-not-canonical", text(approval().statement.slice(0, -7))],
    ["members in another order", "statement-not-canonical", text(reordered)],
    ["with blanks", "statement-not-canonical", text(approval().statement.replace(":", ": "))],
    ["with a byte order mark", "statement-not-canonical", text(`\uFEFF${approval().statement}`)],
    ["a member more", "statement-malformed", tampered((one) => (one["more"] = 1))],
    ["a member less", "statement-malformed", tampered((one) => delete one["basis"])],
    [
      "a name in Cyrillic that looks alike",
      "statement-malformed",
      tampered((one) => (one["by"] = { person: "аna", key: fingerprint("ana") })),
    ],
    [
      "a subject that looks alike",
      "statement-malformed",
      tampered((one) => (one["subject"] = { type: "plan", id: "lоgin-1", hash })),
    ],
    [
      "an incident of two lines",
      "statement-malformed",
      tampered((one) => (one["incident"] = "INC 7\nana approves everything.")),
    ],
    ["a plan without its hash", "statement-malformed", approval({}, { subject: { ...plan, hash: null } })],
    [
      "a subject of another act",
      "statement-malformed",
      approval({}, { subject: { type: "zone", id: "example.com.", hash: null } }),
    ],
    [
      "terms that name another record than its subject",
      "statement-malformed",
      spokenIn(scene, say("adopt", about("record", "login/v4"), { service: "login", record: "v6" })),
    ],
    [
      "terms that name another service than its subject",
      "statement-malformed",
      spokenIn(scene, say("withdraw", plan, { service: "mail" })),
    ],
    [
      "an emergency under the id of another",
      "statement-malformed",
      spokenIn(scene, say("break-glass", about("break-glass", grant), { ...emergency, moves: 2 })),
    ],
    [
      "a key under the fingerprint of another",
      "statement-malformed",
      spokenIn(scene, say("enrol", about("key", fingerprint("ana")), { key: keyOf("ana/2") })),
    ],
    [
      "made for another installation",
      "other-installation",
      approval(altering({ installation: sha256OfJson("other") })),
    ],
    ["by nobody of the policy", "unknown-person", approval({}, { person: "zoe" })],
    ["by the automation's name", "automation-is-no-person", approval({}, { person: "automation" })],
    ["with a key that nobody enrolled", "unknown-key", approval({ key: "ana/2" })],
    ["with the key of another", "key-of-another-person", approval({ key: "ben" })],
    ["with a revoked key", "key-revoked", approval(), revoked],
    [
      "an enrolment that nothing vouches for",
      "key-not-in-policy",
      spokenIn(scene, say("enrol", about("key", fingerprint("mallory")), { key: keyOf("mallory") }), {
        key: "mallory",
      }),
    ],
    ["before its time", "not-yet-valid", approval({ notBefore: add(now, 1) })],
    ["at its end", "expired", approval({ notBefore: add(now, -hour) })],
    ["for a day and a millisecond", "lives-too-long", approval({ validForMs: day + 1 })],
    ["that ends as it begins", "lives-too-long", approval({ validForMs: 0 })],
    ["with a nonce that was used", "nonce-used", approval(), used],
    [
      "under a policy that is no more",
      "policy-changed",
      approval(altering({ policy: { version: 2, hash: document } })),
    ],
    [
      "under the right hash and a wrong version",
      "policy-changed",
      approval(altering({ policy: { version: 9, hash: scene.policy.hash } })),
    ],
    ["in the duty of another act", "duty-of-another-act", approval({ duty: "veto" })],
    ["in a role that the person has not", "role-not-held", approval({ role: "identity-owner" })],
    ["for another plan", "plan-differs", approval({}, { subject: { ...plan, hash: document } })],
    ["for a failover that is over", "not-open", approval({}, { subject: { ...plan, id: "login-9" } })],
    [
      "for a policy that nobody handed in",
      "no-such-policy",
      spokenIn(scene, say("adopt-policy", { ...policy, hash: figures }, {})),
    ],
    [
      "to revoke a key that is none",
      "no-such-key",
      spokenIn(scene, say("revoke-key", about("key", fingerprint("nobody")), {})),
    ],
    [
      "whose words are other words",
      "says-differs",
      tampered((one) => (one["says"] = ["ana, as service-owner, approves nothing at all."])),
    ],
    [
      "with one line more",
      "says-differs",
      tampered((one) => (one["says"] = [...read(approval()).says, "And a pony."])),
    ],
    ["that saw another log", "log-not-contained", approval({ head: "not-contained" })],
  ];

  it.each(refused.map(([why, code, spoken, given = scene]) => ({ why, code, spoken, given })))("$why: $code", (row) => {
    const { code, spoken, given } = row;
    const admission = admit(given.world, spoken, given.now);
    if (admission.ok) throw new Error("it was admitted");
    expect(admission.refusal.code).toBe(code);
    expect(admission.refusal.says).toMatch(/^\S.{20,}\.$/);
    expect(admission.refusal.mend).toMatch(/^[A-Z].*\S$/);
    expect(admission.disputes).toBe(code === "log-not-contained");
  });

  it("disputes the log only when all else holds", () => {
    const all = refused.map(([, code, spoken, given]) => [code, { ...spoken, head: "not-contained" }, given] as const);
    for (const [code, spoken, given = scene] of all)
      expect(admit(given.world, spoken, given.now)).toMatchObject({
        ok: false,
        refusal: { code },
        disputes: code === "log-not-contained",
      });
  });

  it("is judged at its place: the same statement counts before a revocation and its end, and not after", () => {
    const spoken = approval();
    const keys = new Map([...world.authority.keys, [fingerprint("ana"), enrolled("ana", now, add(now, minute))]]);
    const later = withAuthority(scene, { keys });
    expect(admit(later.world, spoken, add(now, minute - 1)).ok).toBe(true);
    expect(admit(later.world, spoken, add(now, minute))).toMatchObject({ refusal: { code: "key-revoked" } });
    for (const at of [instant(0), add(now, -1), add(now, hour), instant(Date.UTC(2100, 0))])
      expect(admit(world, spoken, at).ok).toBe(false);
  });
});
