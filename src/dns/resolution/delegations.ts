import type { Clock } from "../../ports/clock.ts";
import { hour, second } from "../../values/time.ts";
import { canonicalText, type Name, parentOf } from "../wire/name.ts";

export interface Nameserver {
  /** Null where only addresses were given. */
  readonly name: Name | null;
  /** Canonical text; empty: to be looked up. */
  readonly addresses: readonly string[];
}

/** A zone, and who serves it. */
export interface Delegation {
  readonly zone: Name;
  readonly nameservers: readonly Nameserver[];
}

/** However long its TTL, a delegation that changed is noticed within this. */
const rememberedMsMax = hour;
/** Delegations kept; the ones learnt first go first. */
const delegationsMax = 4096;

/** What is known of who serves what: given once and for all, or learnt from referrals for as long as their TTL says. */
export class Delegations {
  readonly #clock: Clock;
  readonly #given = new Map<string, Delegation>();
  readonly #learnt = new Map<string, { readonly delegation: Delegation; readonly until: number }>();

  constructor(clock: Clock, given: readonly Delegation[]) {
    this.#clock = clock;
    for (const delegation of given) this.#given.set(canonicalText(delegation.zone), delegation);
  }

  /** The deepest zone at or above the name; `undefined` when the name is above all that is known. */
  deepest(name: Name): Delegation | undefined {
    const now = this.#clock.monotonic();
    for (let at: Name | undefined = name; at !== undefined; at = parentOf(at)) {
      const key = canonicalText(at);
      const given = this.#given.get(key);
      if (given !== undefined) return given;
      const learnt = this.#learnt.get(key);
      if (learnt !== undefined && learnt.until > now) return learnt.delegation;
    }
    return undefined;
  }

  /** @param ttl seconds. */
  learn(delegation: Delegation, ttl: number): void {
    const key = canonicalText(delegation.zone);
    this.#learnt.delete(key);
    const [oldest] = this.#learnt.keys();
    if (this.#learnt.size >= delegationsMax && oldest !== undefined) this.#learnt.delete(oldest);
    const until = this.#clock.monotonic() + Math.min(ttl * second, rememberedMsMax);
    this.#learnt.set(key, { delegation, until });
  }

  /** Forgets what was learnt; what was given stands. Says whether there was anything. */
  forget(zone: Name): boolean {
    return this.#learnt.delete(canonicalText(zone));
  }
}
