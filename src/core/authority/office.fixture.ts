import { simulatedPolicy } from "../../../test/world/policy.ts";
import { keyOf } from "../../../test/world/signing.ts";
import { Fold } from "../../control/fold.ts";
import { commandId, sequenceOf } from "../../values/ids.ts";
import { utf8 } from "../../values/octets.ts";
import { sha256, sha256OfJson } from "../../values/sha256.ts";
import { add, day, duration, hour, instant, type Instant } from "../../values/time.ts";
import type { Sender } from "../cycle/command.ts";
import { nothingDue } from "../cycle/cycle.ts";
import { decideFleet } from "../cycle/fleet.ts";
import type { FleetDecision } from "../cycle/fleet-decision.ts";
import type { FleetCommand } from "../cycle/service-command.ts";
import type { FleetEvent } from "../failover/event.ts";
import { fingerprintOf } from "../policy/ssh-key.ts";
import type { Authority, Person, Policy } from "../policy/policy.ts";
import { recoveryPerson } from "./admit.ts";
import { dueInstallation } from "./due.ts";
import { routeOf } from "./route.ts";
import { saysOf } from "./says.ts";
import { shownIn } from "./shown.ts";
import { initialAuthority } from "./state.ts";
import { namespaceOf, statementText, type Statement, type StatementKind } from "./statement.ts";
import { breakGlassId, termsOf } from "./terms.ts";

/** An OpenSSH line of a key that nobody has the private part of: no signature is checked here. */
export const keyLine = keyOf;

export function fingerprint(line: string): string {
  return fingerprintOf(line) ?? "";
}

/** Each has one key, made of their name. */
const roles = {
  ana: ["service-owner"],
  ben: ["identity-owner"],
  cat: ["commander"],
  dan: ["security"],
} as const;

export const recoveryKeys = ["recovery-1", "recovery-2", "recovery-3"].map((seed) => keyLine(seed));
export const automationLine = keyLine("automation");

const authority: Authority = {
  duties: new Map([
    ["approve", { kind: "any", roles: ["service-owner", "identity-owner"] }],
    ["reverse", { kind: "any", roles: ["service-owner"] }],
    ["adopt", { kind: "any", roles: ["service-owner", "security"] }],
  ]),
  separate: [],
  signOffs: [],
  breakGlass: { need: 2, of: ["ana", "ben", "cat", "dan"] },
  solo: [],
  delegateTo: ["commander"],
  recovery: { need: 2, keys: [recoveryKeys[0] ?? "", ...recoveryKeys.slice(1)] },
  wideningWaitMs: duration(day),
  afterFirstWrite: "finish",
};

export function officePolicy(version = 1, without: readonly string[] = []): Policy {
  const { policy } = simulatedPolicy({ version, service: { owner: without.join(" ") } });
  const people = Object.entries(roles).filter(([id]) => !without.includes(id));
  return {
    ...policy,
    people: new Map(people.map(([id, held]) => [id, personOf(id, held)])),
    authority,
  };
}

function personOf(id: string, held: readonly string[]): Person {
  return { id, roles: held, group: id, keys: [keyLine(id), keyLine(`${id}-second`)], onCall: null };
}

type Asked = Partial<Pick<Statement, "terms" | "subject" | "as" | "notBefore" | "expires" | "nonce">> & {
  /** The line of the key that signs; left out: the person's first. */
  readonly key?: string;
  readonly head?: "contained" | "not-contained";
};

/** An installation of four people, with nothing but its decisions: what is accepted is folded at once. */
export class Office {
  readonly fold: Fold;
  readonly events: FleetEvent[] = [];
  now: Instant = instant(1_790_000_000_000);
  #sequence = 1;
  #nonce = 0;

  constructor(policy: Policy = officePolicy()) {
    this.fold = new Fold({
      installation: sha256OfJson("installation"),
      services: new Map(),
      policies: new Map([[policy.hash, policy]]),
      policy,
      zones: new Map(),
      stopped: null,
      authority: initialAuthority,
    });
    this.take({
      type: "installation-created",
      policy: policy.hash,
      nonce: "00",
      keys: [{ role: "automation", key: automationLine }],
      enrolments: [],
      mode: "unsigned",
    });
  }

  /** Everybody of the policy is enrolled with their first key. */
  static enrolled(): Office {
    const office = new Office();
    for (const id of office.fold.policy.people.keys()) office.enrol(id, keyLine(id));
    return office;
  }

  get authority(): Fold["authority"] {
    return this.fold.authority;
  }

  enrol(person: string, line: string, key = line): string {
    const subject = { type: "key", id: fingerprint(line), hash: null };
    return this.ask(person, "enrol", { subject, terms: { key: line }, key });
  }

  /** `subject` by type and id, for what has no hash. */
  about(person: string, kind: StatementKind, type: string, id: string, change: Asked = {}): string {
    return this.ask(person, kind, { subject: { type, id, hash: null }, ...change });
  }

  revoke(person: string, line: string, change: Asked = {}): string {
    return this.about(person, "revoke-key", "key", fingerprint(line), change);
  }

  delegate(person: string, to: string, terms: Statement["terms"] = {}, change: Asked = {}): string {
    const window = { duties: ["approve"], services: "all", from: this.now, until: add(this.now, 8 * hour) };
    return this.about(person, "delegate", "person", to, { terms: { ...window, ...terms }, ...change });
  }

  breakGlass(person: string, terms: Statement["terms"] = {}, change: Asked = {}): string {
    const whole = {
      service: "login",
      plan: null,
      targets: ["iad"],
      moves: 2,
      incident: "INC-1",
      until: add(this.now, hour),
      ...terms,
    };
    return this.about(person, "break-glass", "break-glass", breakGlassId(whole), { terms: whole, ...change });
  }

  recover(by: number, person: string, keys: readonly string[], change: Asked = {}): string {
    const key = recoveryKeys[by] ?? "";
    return this.about(recoveryPerson, "recover", "person", person, { terms: { keys: [...keys] }, key, ...change });
  }

  /** The types of the events, or the code of the refusal. */
  ask(person: string, kind: StatementKind, change: Asked): string {
    return this.submit(this.command(person, kind, change));
  }

  submit(command: FleetCommand): string {
    const decision = decideFleet(this.fold, command, this.now);
    return this.#take(decision, command.spoken?.statement);
  }

  command(person: string, kind: StatementKind, change: Asked): FleetCommand {
    const { key, head = "contained", ...members } = change;
    const frame = this.#frame(person, kind);
    const signedWith = key === undefined ? frame.by.key : fingerprint(key);
    const statement = termsOf({ ...frame, ...members, by: { person, key: signedWith } });
    if (statement === undefined) throw new Error("a statement of another form");
    const says = saysOf(statement, shownIn(this.fold, statement, this.now)) ?? ["nothing"];
    const text = statementText({ ...statement, says: [...says] });
    const route = routeOf(statement);
    if ("service" in route) throw new Error("a request of a service");
    const by: Sender = { kind: "person", id: person, method: "statement" };
    const proof = { method: "sshsig", signature: namespaceOf(kind) } as const;
    const spoken = { statement: text, proof, head } as const;
    return { id: commandId(`statement:${sha256(utf8(text))}`), by, request: route.request, spoken };
  }

  /** Time passes, and what is due by itself is decided. */
  pass(ms: number): void {
    this.now = add(this.now, ms);
    this.settle();
  }

  settle(): void {
    const by: Sender = { kind: "controller", id: "controller", method: "internal" };
    for (let step = 0; step < 10; step += 1) {
      const [request] = dueInstallation(this.fold, this.now).requests;
      if (request === undefined) return;
      const id = commandId(`1.${this.#sequence}`);
      if (this.submit({ id, by, request }) === nothingDue) return;
    }
    throw new Error("what is due never ends");
  }

  take(event: FleetEvent): void {
    this.fold.takeFleet({ event, sequence: sequenceOf(this.#sequence), at: this.now });
    this.#sequence += 1;
    this.events.push(event);
  }

  #take(decision: FleetDecision, statement: string | undefined): string {
    if (!decision.accepted) return decision.refusal.code;
    for (const event of decision.events) this.take(event);
    if (statement !== undefined) this.fold.takeStatement(statement, this.now);
    return decision.events.map(({ type }) => type).join(" ");
  }

  #frame(person: string, kind: StatementKind): Statement {
    this.#nonce += 1;
    const { policy, installation } = this.fold;
    return {
      v: 1,
      kind,
      installation,
      nonce: this.#nonce.toString(16).padStart(32, "0"),
      by: { person, key: fingerprint(keyLine(person)) },
      as: { duty: null, role: null, delegation: null },
      subject: { type: "key", id: fingerprint(keyLine(person)), hash: null },
      terms: {},
      says: ["nothing"],
      basis: null,
      policy: { version: policy.version, hash: policy.hash },
      log: { size: 1, root: sha256OfJson("root") },
      incident: null,
      reason: null,
      notBefore: this.now,
      expires: add(this.now, hour),
    };
  }
}
