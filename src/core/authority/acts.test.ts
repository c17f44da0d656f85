import { describe, expect, it } from "vitest";
import { fingerprint, keyOf, type Said } from "../../../test/world/signing.ts";
import { type Json } from "../../values/json.ts";
import { type Spoken } from "../cycle/command.ts";
import { admit } from "./admit.ts";
import { spokenIn, type Scene } from "./authority.fixture.ts";
import { routeOf } from "./route.ts";
import { statementKinds } from "./statement.ts";
import { breakGlassWords } from "./telephone-words.ts";
import { breakGlassId } from "./terms.ts";
import {
  about,
  commitment,
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
  service,
  until,
  world,
} from "./statements.fixture.ts";

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

function codeOf(spoken: Spoken, given: Scene): string | undefined {
  const admission = admit(given.world, spoken, given.now);
  return admission.ok ? undefined : admission.refusal.code;
}

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
