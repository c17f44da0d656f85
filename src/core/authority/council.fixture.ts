import { parse } from "yaml";
import { builtText } from "../../../test/fixtures/design-policy.ts";
import { invariant } from "../../values/invariant.ts";
import { sequenceOf } from "../../values/ids.ts";
import { sha256OfJson, type Sha256 } from "../../values/sha256.ts";
import { add, instant, type Instant } from "../../values/time.ts";
import type { FleetDecision } from "../cycle/fleet-decision.ts";
import type { World } from "../cycle/world.ts";
import type { FleetEvent } from "../failover/event.ts";
import type { Policy } from "../policy/policy.ts";
import { resolvePolicy } from "../policy/resolve.ts";
import { decidePolicy } from "./decide-policy.ts";
import { evolveAuthority } from "./evolve-authority.ts";
import type { PolicyRequest } from "./request.ts";
import type { Speaker } from "./admitted.ts";
import { initialAuthority, type AuthorityState } from "./state.ts";

export type Duty = "adopt" | "approve" | "validate";
// oxlint-disable-next-line typescript/no-explicit-any -- a document of any shape, changed by hand in tests
export type Document = { [member: string]: any };

/** Reading a policy is most of what these tests would do. */
const read = new Map<Sha256, Policy>();

function policyOf(document: Document): Policy {
  const { policy, findings } = resolvePolicy(document);
  invariant(policy !== undefined, JSON.stringify(findings));
  return policy;
}

const example = JSON.stringify(parse(builtText));

const start = instant(1_790_000_000_000);

/** The design's example as a signed installation, with everybody enrolled, and nothing but the governance of its policy. */
export class Council {
  authority: AuthorityState = { ...initialAuthority, mode: "signed" };
  readonly policies = new Map<Sha256, Policy>();
  policy: Policy;
  now: Instant = start;
  readonly events: FleetEvent[] = [];
  #sequence = 0;

  constructor(change: (document: Document) => void = () => undefined) {
    const document: Document = JSON.parse(example);
    change(document);
    this.policy = this.know(document);
    this.#take([
      { type: "installation-created", policy: this.policy.hash, nonce: "", keys: [], enrolments: [], mode: "unsigned" },
    ]);
    for (const person of this.policy.people.keys()) this.enrol(person);
    this.#take([{ type: "installation-signed" }]);
  }

  get world(): World {
    const { authority, policies, policy } = this;
    const installation = sha256OfJson("installation");
    return { installation, services: new Map(), policies, policy, zones: new Map(), stopped: null, authority };
  }

  enrol(person: string, key = keyOf(person)): void {
    const line = { method: "sshsig", line: key } as const;
    this.#take([{ type: "key-enrolled", key: { fingerprint: key, person, key: line, statement: sha256OfJson(key) } }]);
  }

  revoke(person: string): void {
    this.#take([{ type: "key-revoked", fingerprint: keyOf(person), by: [] }]);
  }

  /** Hands in the policy in force with a change, as the next version; `also` may spoil that. */
  draft(change: (document: Document) => void): Policy {
    const document: Document = JSON.parse(JSON.stringify(this.policy.document));
    document["version"] = this.policy.version + 1;
    document["follows"] = this.policy.hash;
    change(document);
    return this.know(document);
  }

  know(document: Document): Policy {
    const hash = sha256OfJson(document);
    const policy = read.get(hash) ?? policyOf(document);
    read.set(hash, policy);
    this.policies.set(policy.hash, policy);
    return policy;
  }

  sign(
    person: string,
    { hash }: Policy,
    options: { role?: string; duty?: Duty; incident?: string | null } = {},
  ): FleetDecision {
    const { duty = "adopt" } = options;
    return this.ask(person, { kind: "sign-policy", policy: hash, duty }, options);
  }

  ask(
    person: string,
    request: PolicyRequest,
    { role, incident = null }: { role?: string; incident?: string | null } = {},
  ): FleetDecision {
    const decision = decidePolicy(this.world, request, this.#speaker(person, role, incident), this.now);
    if (decision.accepted) this.#take(decision.events);
    return decision;
  }

  advance(): FleetDecision {
    const decision = decidePolicy(this.world, { kind: "advance-policy" }, null, this.now);
    if (decision.accepted) this.#take(decision.events);
    return decision;
  }

  pass(ms: number): void {
    this.now = add(this.now, ms);
    this.advance();
  }

  #speaker(person: string, role: string | undefined, incident: string | null): Speaker | null {
    const known = this.policy.people.get(person);
    if (known === undefined) return null;
    const as = { duty: null, role: role ?? known.roles[0] ?? null, delegation: null };
    this.#sequence += 1;
    const hash = sha256OfJson(this.#sequence);
    return {
      person: known,
      signer: { person, key: keyOf(person), statement: hash, at: this.now },
      statement: {
        v: 1,
        kind: "adopt-policy",
        installation: hash,
        nonce: "",
        by: { person, key: keyOf(person) },
        as,
        subject: { type: "policy", id: "1", hash },
        terms: {},
        says: [],
        basis: null,
        policy: { version: 1, hash },
        log: { size: 1, root: hash },
        incident,
        reason: null,
        notBefore: this.now,
        expires: this.now,
      },
    };
  }

  #take(events: readonly FleetEvent[]): void {
    for (const event of events) {
      this.#sequence += 1;
      const sequence = sequenceOf(this.#sequence);
      this.authority = evolveAuthority(this.authority, { event, sequence, at: this.now });
      if (event.type === "policy-adopted") {
        const policy = this.policies.get(event.policy);
        invariant(policy !== undefined, "what is adopted is known");
        this.policy = policy;
      }
      this.events.push(event);
    }
  }
}

/** A stand-in: signatures were checked before anything is decided. */
function keyOf(person: string): string {
  return `SHA256:${person}`;
}
