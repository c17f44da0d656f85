import { describe, expect, it } from "vitest";
import { fingerprint, keyOf, type Said, type SayOptions } from "../../../test/world/signing.ts";
import { canonicalJson, type Json } from "../../values/json.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import { add, day, hour, instant, minute } from "../../values/time.ts";
import type { FleetCommand, ServiceCommand } from "../cycle/service-command.ts";
import type { Spoken } from "../cycle/command.ts";
import { admit } from "./admit.ts";
import { enrolled, sceneOf, spokenIn, withAuthority, type Scene } from "./authority.fixture.ts";
import { readStatement } from "./read-statement.ts";
import { routeOf } from "./route.ts";
import { commandIdOf, speakerOf } from "./speaker.ts";
import { statementKinds, type Statement, type StatementKind } from "./statement.ts";
import { breakGlassWords } from "./telephone-words.ts";
import { breakGlassId } from "./terms.ts";

const scene = withProposal(sceneOf());
const { failover, now, world } = scene;
const hash = failover.planHash;
const until = add(now, hour);
const plan = { type: "plan", id: "login-1", hash } as const;
const service = { type: "service", id: "login", hash: null } as const;
const document = sha256OfJson("version 2");
const policy = { type: "policy", id: "2", hash: document } as const;
const commitment = sha256OfJson("commitment");
const figures = sha256OfJson("figures");
const emergency = {
  service: "login",
  plan: null,
  targets: ["iad"],
  moves: 1,
  incident: "INC 7",
  until,
} satisfies Said<"break-glass">["terms"];
const grant = breakGlassId(emergency);

function withProposal(given: Scene): Scene {
  const proposal = {
    policy: sha256OfJson("version 2"),
    version: 2,
    before: given.policy.hash,
    class: "widening",
    says: ["login: full failover becomes automatic; was: a service owner together with the identity owner."],
    proposedAt: given.now,
    notBefore: given.now,
    words: [],
    objections: [],
  } as const;
  return withAuthority(given, { proposals: new Map([[proposal.policy, proposal]]) });
}

function say<Kind extends StatementKind>(
  kind: Kind,
  subject: Statement["subject"],
  terms: Said<Kind>["terms"],
  person = "ana",
): Said<Kind> {
  return { person, kind, subject, terms };
}

function about(type: string, id: string): Statement["subject"] {
  return { type, id, hash: null };
}

const word = (duty: string): Json => ({ kind: "give-word", failover: "login-1", planHash: hash, duty });

/** Each act: what it asks, and what its signer reads. */
const acts: readonly (readonly [said: Said, service: string | null, request: Json, reads: string])[] = [
  [
    say("declare", service, { move: { kind: "to", site: "iad" } }),
    "login",
    { kind: "declare", move: { kind: "to", site: "iad" } },
    "ana, as service-owner, asks to move login: all of it to iad.",
  ],
  [
    say("declare", service, { move: { kind: "rollback" } }),
    "login",
    { kind: "rollback" },
    "asks to undo the last move of login.",
  ],
  [say("validate", plan, {}, "chi"), "login", word("validate"), "chi, as identity-owner, confirms that this is safe:"],
  [
    say("validate", policy, {}, "chi"),
    null,
    { kind: "sign-policy", policy: document, duty: "validate" },
    "version 2 of the policy (widening):",
  ],
  [say("approve", plan, {}), "login", word("approve"), "ana, as service-owner, approves:"],
  [
    say("approve", policy, {}),
    null,
    { kind: "sign-policy", policy: document, duty: "approve" },
    "approves version 2 of the policy",
  ],
  [say("execute", plan, {}, "ben"), "login", word("execute"), "has this plan carried out:"],
  [say("reverse", plan, {}, "ben"), "login", word("reverse"), "approves this way back:"],
  [
    say("veto", plan, { ground: "data-at-risk" }),
    "login",
    { kind: "veto", failover: "login-1" },
    "vetoes (data-at-risk) the move of this plan:",
  ],
  [
    say("lift-veto", about("veto", "veto-login-1"), { service: "login" }),
    "login",
    { kind: "lift-veto", veto: "veto-login-1" },
    "lifts veto veto-login-1 of login.",
  ],
  [
    say("withdraw", plan, { service: "login" }),
    "login",
    { kind: "withdraw", failover: "login-1" },
    "withdraws this plan:",
  ],
  [
    say("withdraw", about("veto", "veto-login-1"), { service: "login" }),
    "login",
    { kind: "lift-veto", veto: "veto-login-1" },
    "withdraws veto veto-login-1 of login.",
  ],
  [
    say("withdraw", about("forced-verdict", "fra"), { service: "login" }),
    "login",
    { kind: "lift-forced-verdict", site: "fra" },
    "withdraws the verdict that was set for fra of login.",
  ],
  [
    say("withdraw", about("bar", "fra"), { service: "login" }),
    "login",
    { kind: "clear-site", site: "fra" },
    "clears fra of login",
  ],
  [
    say("withdraw", about("delegation", "delegation-1"), { service: null }),
    null,
    { kind: "withdraw-delegation", delegation: "delegation-1" },
    "withdraws delegation delegation-1.",
  ],
  [
    say("withdraw", about("break-glass", grant), { service: null }),
    null,
    { kind: "withdraw-break-glass", grant },
    `withdraws the emergency request with the words ${breakGlassWords(grant).join(" ")}.`,
  ],
  [
    say("withdraw", about("announcement", "statement:1"), { service: null }),
    null,
    { kind: "withdraw-announcement", announcement: "statement:1" },
    "withdraws announcement statement:1.",
  ],
  [
    say("withdraw", policy, { service: null }),
    null,
    { kind: "withdraw-policy", policy: document },
    "withdraws version 2 of the policy",
  ],
  [
    say("delegate", about("person", "dan"), { duties: ["approve"], services: ["login"], from: now, until }),
    null,
    { kind: "delegate", to: "dan", duties: ["approve"], services: ["login"], from: now, until },
    "lets dan fill approve for login from",
  ],
  [
    say("break-glass", about("break-glass", grant), emergency),
    null,
    { kind: "break-glass", grant, ...emergency },
    "asks for emergency authority over login, until",
  ],
  [
    say("waive", plan, { gates: [{ gate: "target-ready", code: "target-unproven", figures }] }),
    "login",
    {
      kind: "waive",
      failover: "login-1",
      planHash: hash,
      gates: [{ gate: "target-ready", code: "target-unproven", figures }],
    },
    "takes the following gates upon themselves, for this plan:",
  ],
  [
    say("contain", service, { site: "fra", to: "iad" }, "eve"),
    "login",
    { kind: "contain", site: "fra", to: "iad" },
    "takes fra out of login: it is held to be compromised, and iad serves instead.",
  ],
  [say("handover", service, {}), "login", { kind: "handover" }, "takes over login"],
  [say("take-back", service, {}), "login", { kind: "take-back" }, "gives login back to Pointsman"],
  [say("stop", service, {}), "login", { kind: "stop" }, "stops everything for login."],
  [
    say("stop", about("installation", world.installation), {}),
    null,
    { kind: "stop-all" },
    "stops everything, for every service.",
  ],
  [say("resume", service, {}), "login", { kind: "resume" }, "resumes login."],
  [
    say("resume", about("installation", world.installation), {}),
    null,
    { kind: "resume-all" },
    "resumes every service.",
  ],
  [say("resume", about("dispute", figures), {}), null, { kind: "settle-dispute" }, "settles that the log is whole"],
  [
    say("force-verdict", service, { site: "fra", verdict: "down", until }),
    "login",
    { kind: "force-verdict", site: "fra", verdict: "down", until },
    "sets fra of login to down until",
  ],
  [
    say("adopt", about("record", "login/v4"), { service: "login", record: "v4" }),
    "login",
    { kind: "adopt", record: "v4" },
    "takes what stands for record v4 of login as what should stand.",
  ],
  [
    say("announce", about("zone", "example.com."), { view: "public", change: "rollover", from: now, until }),
    null,
    { kind: "announce", zone: "example.com.", view: "public", change: "rollover", from: now, until },
    "foretells a change of zone example.com. in view public (rollover)",
  ],
  [
    say("adopt-policy", policy, {}),
    null,
    { kind: "sign-policy", policy: document, duty: "adopt" },
    "adopts version 2 of the policy (widening):",
  ],
  [
    say("object", policy, {}),
    null,
    { kind: "object-to-policy", policy: document },
    "objects to version 2 of the policy",
  ],
  [
    say("object", about("recovery", "recovery-1"), {}),
    null,
    { kind: "object-to-recovery", recovery: "recovery-1" },
    "objects to recovery recovery-1.",
  ],
  [
    say("enrol", about("key", fingerprint("ana/2")), { key: keyOf("ana/2") }),
    null,
    { kind: "enrol", fingerprint: fingerprint("ana/2"), key: { method: "sshsig", line: keyOf("ana/2") } },
    `enrols the SSH key ${fingerprint("ana/2")} as their own.`,
  ],
  [
    say("revoke-key", about("key", fingerprint("ben")), {}),
    null,
    { kind: "revoke-key", fingerprint: fingerprint("ben") },
    `revokes the key ${fingerprint("ben")} of ben`,
  ],
  [
    say("path-done", about("attempt", "login-1/primary/example.com/1"), { service: "login" }),
    "login",
    { kind: "path-done", attempt: "login-1/primary/example.com/1" },
    "has made the change of attempt login-1/primary/example.com/1 by hand.",
  ],
  [
    say("credential-rotated", about("credential", "tsig-primary"), {}),
    null,
    { kind: "credential-rotated", credential: "tsig-primary" },
    "has replaced the credential tsig-primary.",
  ],
  [
    say("close-review", about("review", "waiver/login-1"), {}),
    null,
    { kind: "close-review", review: "waiver/login-1" },
    "closes it.",
  ],
  [
    say("erase", about("attachment", commitment), {}),
    null,
    { kind: "erase", commitment },
    `has what stands behind commitment ${commitment} erased`,
  ],
];

function read(spoken: Spoken) {
  const statement = readStatement(spoken.statement);
  if (typeof statement === "string") throw new Error(statement);
  return statement;
}

describe("each act, from what is signed to what is asked", () => {
  it.each(acts.map((row) => [`${row[0].kind} ${row[0].subject.type}`, ...row] as const))(
    "%s: it asks this, and its signer reads this",
    (_name, said, routed, request, reads) => {
      const spoken = spokenIn(scene, said);
      const statement = read(spoken);
      expect(statement.says.join("\n")).toContain(reads);
      expect(routeOf(statement)).toEqual(routed === null ? { request } : { service: routed, request });
      expect(admit(world, spoken, now)).toMatchObject({ ok: true, signer: { person: said.person, at: now } });
    },
  );

  it("no kind is left out but recovery, which other keys sign", () => {
    const shown = new Set(acts.map(([{ kind }]) => kind));
    expect(statementKinds.filter((kind) => !shown.has(kind))).toEqual(["recover"]);
  });

  it("a word for a plan shows its exact RRsets, and its hash", () => {
    const [, ...lines] = read(spokenIn(scene, say("approve", plan, {}))).says;
    expect(lines.join("\n")).toMatch(
      /zone example\.com\. login\.example\.com\. A: 192\.0\.2\.10 \(TTL 1 min\) becomes 198\.51\.100\.10 \(TTL 1 min\)\./,
    );
    expect(lines.at(-1)).toBe(`The plan's hash is ${hash}.`);
  });

  it("recovery keys sign a recovery, and nothing else; nobody else does", () => {
    const given = sceneWithRecovery();
    const recover = say("recover", about("person", "chi"), { keys: [keyOf("chi/3")] }, "recovery");
    const spoken = spokenIn(given, recover, { key: "safe" });
    expect(admit(given.world, spoken, now)).toMatchObject({ ok: true, signer: { key: fingerprint("safe") } });
    expect(routeOf(read(spoken))).toEqual({ request: { kind: "recover", person: "chi", keys: [keyOf("chi/3")] } });
    expect(codeOf(spokenIn(given, recover, { key: "ana" }), given)).toBe("unknown-key");
    expect(codeOf(spokenIn(given, { ...recover, person: "ana" }), given)).toBe("unknown-person");
    expect(codeOf(spokenIn(given, say("stop", service, {}, "recovery"), { key: "safe" }), given)).toBe(
      "unknown-person",
    );
  });
});

function sceneWithRecovery(): Scene {
  const recovery = { need: 2, keys: [keyOf("safe"), keyOf("safe/2"), keyOf("safe/3")] } as const;
  const inForce = { ...scene.policy, authority: { ...scene.policy.authority, recovery } };
  return { ...scene, policy: inForce, world: { ...world, policy: inForce } };
}

function codeOf(spoken: Spoken, given = scene): string | undefined {
  const admission = admit(given.world, spoken, given.now);
  return admission.ok ? undefined : admission.refusal.code;
}

/** The approval of ana, changed before she signs it. */
function approval(options: SayOptions = {}, said: Partial<Said<"approve">> = {}): Spoken {
  return spokenIn(scene, { ...say("approve", plan, {}), ...said }, options);
}

/** Changes the text after it was made, as it lies on the way. */
function tampered(change: (statement: { [member: string]: Json }) => void): Spoken {
  const spoken = approval();
  const statement = JSON.parse(spoken.statement) as { [member: string]: Json };
  change(statement);
  return { ...spoken, statement: canonicalJson(statement) };
}

describe("what is not admitted, each with its code", () => {
  const reordered = `{"kind":"approve",${approval().statement.slice(1).replace('"kind":"approve",', "")}`;
  const text = (statement: string): Spoken => ({ ...approval(), statement });
  const revoked = withAuthority(scene, {
    keys: new Map([...world.authority.keys, [fingerprint("ana"), enrolled("ana", now, now)]]),
  });
  const used = withAuthority(scene, { nonces: new Map([[read(approval()).nonce, until]]) });
  const altering = (change: Partial<Statement>): SayOptions => ({
    alter: (statement) => Object.assign({}, statement, change),
  });

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
      tampered((one) => (one["says"] = [...(one["says"] as string[]), "And a pony."])),
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

describe("who speaks", () => {
  const signed = approval();
  const by = { kind: "person", id: "ana", method: "statement" } as const;
  const command: ServiceCommand = {
    id: commandIdOf(signed),
    service: "login",
    by,
    request: { kind: "give-word", failover: "login-1", planHash: hash, duty: "approve" },
    spoken: signed,
  };
  const local = { kind: "local-user", id: "uid:1000", method: "local-user" } as const;
  const trial = withAuthority(scene, { mode: "unsigned" });
  const { spoken: _, ...unsigned } = command;

  function spoke(one: ServiceCommand | FleetCommand, given = scene): string | null {
    const said = speakerOf(given.world, one, now);
    return said.ok ? (said.speaker?.person.id ?? null) : said.refusal.code;
  }

  it("is the person who signed exactly this request", () => {
    expect(spoke(command)).toBe("ana");
  });

  const others: readonly (readonly [string, string, ServiceCommand | FleetCommand])[] = [
    ["another duty", "request-differs", { ...command, request: { ...command.request, duty: "validate" } as never }],
    ["another service", "request-differs", { ...command, service: "mail" }],
    ["another sender", "request-differs", { ...command, by: { ...by, id: "ben" } }],
    ["a local user with somebody's statement", "request-differs", { ...command, by: local }],
    ["another command's id", "request-differs", { ...command, id: commandIdOf(approval({ key: "ana/2" })) }],
    ["no statement", "statement-needed", { ...unsigned, by: local }],
    ["no statement, though it says who it is", "statement-needed", unsigned],
    [
      "a result that a local user makes up",
      "controller-alone",
      { ...unsigned, by: local, request: { kind: "advance" } },
    ],
    ["an effect's result with a statement", "request-differs", { ...command, request: { kind: "advance" } }],
  ];

  it.each(others)("is nobody with %s: %s", (_why, code, one) => {
    expect(spoke(one)).toBe(code);
  });

  it("is the local user in a trial, for what a trial knows; where people sign, never again", () => {
    const stop: ServiceCommand = { ...unsigned, by: local, request: { kind: "stop" } };
    expect(spoke(stop, trial)).toBeNull();
    expect(spoke(stop)).toBe("statement-needed");
    expect(spoke({ ...unsigned, by: local }, trial)).toBe("statement-needed");
    const fleet = { id: command.id, by: local } as const;
    expect(spoke({ ...fleet, request: { kind: "stop-all" } }, trial)).toBeNull();
    expect(spoke({ ...fleet, request: { kind: "close-review", review: "x" } }, trial)).toBe("statement-needed");
  });

  it("disputes through the controller alone, and only with a statement that nothing else speaks against", () => {
    const spoken: Spoken = { ...signed, head: "not-contained" };
    const controller = { kind: "controller", id: "controller", method: "internal" } as const;
    const dispute = { id: command.id, by: controller, request: { kind: "dispute-log" }, spoken } as const;
    expect(spoke(dispute)).toBe("ana");
    expect(spoke({ ...dispute, by })).toBe("controller-alone");
    expect(spoke({ ...dispute, spoken: signed })).toBe("nothing-disputed");
    expect(spoke({ ...dispute, spoken: { ...approval({ key: "ben" }), head: "not-contained" } })).toBe(
      "key-of-another-person",
    );
  });
});

describe("the words for the telephone", () => {
  it("are four of 256 distinct ones, and another request has others", () => {
    const seen = new Set<string>();
    for (let one = 0; one < 4000; one += 1) for (const each of breakGlassWords(String(one))) seen.add(each);
    expect(seen.size).toBe(256);
    expect([...seen].every((each) => /^[a-z]{3,9}$/.test(each))).toBe(true);
    expect(breakGlassWords(grant)).toHaveLength(4);
    expect(breakGlassWords(grant)).not.toEqual(breakGlassWords(breakGlassId({ ...emergency, moves: 2 })));
  });
});
