import { dutiesOfAct } from "../../src/core/authority/acts.ts";
import { readStatement } from "../../src/core/authority/read-statement.ts";
import { routeOf } from "../../src/core/authority/route.ts";
import { saysOf } from "../../src/core/authority/says.ts";
import { shownIn } from "../../src/core/authority/shown.ts";
import { commandIdOf } from "../../src/core/authority/speaker.ts";
import {
  statementText,
  type SignedStatement,
  type Statement,
  type StatementKind,
} from "../../src/core/authority/statement.ts";
import { termsOf, type StatementOf } from "../../src/core/authority/terms.ts";
import type { FleetCommand, ServiceCommand } from "../../src/core/cycle/service-command.ts";
import type { World as State } from "../../src/core/cycle/world.ts";
import type { Duty, DutyRule, Policy } from "../../src/core/policy/policy.ts";
import { fingerprintOf } from "../../src/core/policy/ssh-key.ts";
import { concat, fromHex, toBase64, utf8 } from "../../src/values/octets.ts";
import { sha256 } from "../../src/values/sha256.ts";
import { sshString } from "../../src/values/ssh-wire.ts";
import { add, hour, type Instant } from "../../src/values/time.ts";
import { found } from "./dns.ts";
import type { PersonOptions, PolicyOptions } from "./policy.ts";

/** The form of an Ed25519 key, made from a name: nobody has its other half, and {@link proves} needs none. */
export function keyOf(name: string): string {
  const octets = found(fromHex(sha256(utf8(name))), "octets");
  return `ssh-ed25519 ${toBase64(concat(sshString(utf8("ssh-ed25519")), sshString(octets)))}`;
}

export function fingerprint(name: string): string {
  return found(fingerprintOf(keyOf(name)), name);
}

function person(id: string, group: string, ...roles: readonly string[]): readonly [string, PersonOptions] {
  return [id, { roles, group, keys: [keyOf(id), keyOf(`${id}/2`)] }];
}

/** The people of the design's own example, without `waive` and `adopt` that it leaves to their defaults. */
export const team = {
  people: Object.fromEntries([
    person("ana", "product", "service-owner"),
    person("ben", "network", "dns-operator"),
    person("chi", "identity", "identity-owner"),
    person("dan", "response", "incident-commander"),
    person("eve", "response", "change-approver", "incident-response"),
    person("fay", "product", "service-owner", "change-approver"),
    person("gus", "identity", "identity-owner", "incident-response"),
  ]),
  duties: {
    declare: { kind: "any", roles: ["service-owner", "incident-commander"] },
    validate: { kind: "any", roles: ["identity-owner"] },
    approve: { kind: "all", roles: ["service-owner", "identity-owner"] },
    execute: { kind: "any", roles: ["dns-operator", "automation"] },
    reverse: { kind: "any", roles: ["incident-commander", "dns-operator"] },
    contain: { kind: "any", roles: ["incident-response"] },
    veto: { kind: "any", roles: ["identity-owner", "service-owner"] },
    waive: { kind: "number", people: 2, groups: 2 },
    adopt: { kind: "all", roles: ["service-owner", "change-approver"] },
  },
  authority: {
    separate: [
      ["declare", "approve"],
      ["validate", "execute"],
      ["execute", "reverse"],
    ],
    breakGlass: {
      need: 2,
      of: ["ana", "ben", "chi", "dan", "eve", "fay", "gus"],
    },
    delegateTo: ["incident-commander"],
  },
} as const satisfies PolicyOptions;

/** Beside what the kind needs: what a test makes otherwise. */
export interface SayOptions {
  /** Name of the key; the person's first by default. */
  readonly key?: string;
  readonly duty?: Duty | null;
  readonly role?: string | null;
  /** Id of a delegation or of a break-glass grant. */
  readonly under?: string;
  readonly validForMs?: number;
  readonly notBefore?: Instant;
  readonly nonce?: string;
  readonly head?: "contained" | "not-contained";
  /** Changes the statement before it is rendered and signed. */
  readonly alter?: (statement: Statement) => Statement;
}

export interface Said<Kind extends StatementKind = StatementKind> {
  readonly person: string;
  readonly kind: Kind;
  readonly subject: Statement["subject"];
  readonly terms: StatementOf<Kind>["terms"];
}

/** A statement as a person's machine makes it from what it is shown, with a proof that {@link proves} takes. */
export function makeStatement<Kind extends StatementKind>(
  state: State,
  { person: by, kind, subject, terms }: Said<Kind>,
  nonce: string,
  now: Instant,
  options: SayOptions,
): SignedStatement {
  const key = fingerprint(options.key ?? by);
  const duty = options.duty === undefined ? dutiesOfAct[kind][0] : options.duty;
  const notBefore = options.notBefore ?? now;
  const plain: Statement = {
    v: 1,
    kind,
    installation: state.installation,
    nonce: options.nonce ?? nonce,
    by: { person: by, key },
    as: { duty, role: options.role ?? roleFor(state.policy, by, duty), delegation: options.under ?? null },
    subject,
    terms: { ...terms },
    says: ["to be rendered"],
    basis: null,
    policy: { version: state.policy.version, hash: state.policy.hash },
    log: { size: 1, root: state.installation },
    incident: null,
    reason: null,
    notBefore,
    expires: add(notBefore, options.validForMs ?? hour),
  };
  const altered = options.alter?.(plain) ?? plain;
  const read = termsOf(altered);
  const says = read === undefined ? undefined : saysOf(read, shownIn(state, read, now));
  const text = statementText({ ...altered, says: [...(says ?? altered.says)] });
  return { statement: text, proof: { method: "sshsig", signature: proofOf(text, key) } };
}

/** The simulated check of a signature: whoever makes it must know the octets and the key. */
export function proves({ statement, proof }: SignedStatement): boolean {
  const read = readStatement(statement);
  return typeof read !== "string" && proof.method === "sshsig" && proof.signature === proofOf(statement, read.by.key);
}

function proofOf(text: string, key: string): string {
  return toBase64(found(fromHex(sha256(utf8(`${key} ${text}`))), "octets"));
}

/** The command that control makes of a statement whose signature holds. */
export function commandOf(signed: SignedStatement, head: "contained" | "not-contained"): ServiceCommand | FleetCommand {
  const statement = readStatement(signed.statement);
  if (typeof statement === "string") throw new Error(statement);
  const common = {
    id: commandIdOf(signed),
    by: { kind: "person", id: statement.by.person, method: "statement" },
    spoken: { ...signed, head },
  } as const;
  return { ...common, ...routeOf(statement) };
}

/** The person's role that the policy's rule for the duty asks, or the first one; null where the act is no duty. */
function roleFor({ people, authority }: Policy, id: string, duty: Duty | null): string | null {
  const roles = people.get(id)?.roles ?? [];
  if (duty === null) return null;
  const asked = rolesOf(authority.duties.get(duty));
  return roles.find((role) => asked.includes(role)) ?? roles[0] ?? null;
}

function rolesOf(rule: DutyRule | undefined): readonly string[] {
  return rule === undefined || rule.kind === "number" ? [] : rule.roles;
}
