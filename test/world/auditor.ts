import type { FleetEvent, ServiceEvent } from "../../src/core/failover/event.ts";
import { isActive, moveKey, rrsetUnder } from "../../src/core/plan/placement.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { sameData } from "../../src/core/plan/rrset.ts";
import type { ZoneSurvey } from "../../src/core/integrity/survey.ts";
import type { Policy, Service } from "../../src/core/policy/policy.ts";
import { zoneIn } from "../../src/core/policy/zone-key.ts";
import type { MemoryStore } from "../../src/journal/memory/store.ts";
import type { WriteOrder } from "../../src/ports/change-path.ts";
import { checkOrder } from "../../src/transparency/order.ts";
import { equalOctets } from "../../src/values/octets.ts";
import { AuthorityAuditor } from "./authority-auditor.ts";
import { found, reaches, type AppliedChange, type SimulatedDns } from "./dns.ts";
import type { SimulatedSites } from "./sites.ts";

/** One entry of a service's stream, as it was read from the journal. */
export interface SeenEvent {
  readonly sequence: number;
  readonly at: number;
  readonly service: string;
  readonly event: ServiceEvent;
}

/** How long what was verified may be old when it is recorded: one round of verification and of the service's checks. */
const verifiedWithinMs = 6000;

/** A look at a zone that counts. */
const lookedWithinMs = 120_000;

/**
 * Watches the journal, every message and every change of DNS, from outside, and names each promise that was broken: what
 * must never happen (design §4). It keeps its own account and asks nothing of the code that it watches.
 */
export class Auditor {
  readonly broken: string[] = [];
  readonly #policy: Policy;
  readonly #dns: SimulatedDns;
  readonly #sites: SimulatedSites;
  readonly #store: MemoryStore;
  readonly #now: () => number;
  readonly #sent = new Set<string>();
  readonly #applied = new Map<string, number>();
  readonly #plans = new Map<string, Plan>();
  /** By service: the failover that may change DNS now. */
  readonly #open = new Map<string, string>();
  readonly #vetoes = new Map<
    string,
    { readonly move: string; readonly until: number; readonly service: string; readonly sequence: number }
  >();
  /** By failover: where its first intent stands. */
  readonly #begun = new Map<string, number>();
  readonly #authority: AuthorityAuditor;
  /** Attempts whose outcome was recorded as unknown and not read back since. */
  readonly #unread = new Map<string, string>();
  readonly #intents = new Map<string, Extract<ServiceEvent, { type: "attempt-intended" }>>();
  /** Looks one after another that found the zone bogus at some nameserver. */
  #bogusLooks = 0;
  #lookedAt = -Infinity;
  /** Whether anybody validates: then what is bogus, or not secure where it must be, is never recovered. */
  validates = false;
  /** When the world was last disturbed: before and a moment after, what is true is not what was verified. */
  disturbedAt = -Infinity;

  constructor(policy: Policy, dns: SimulatedDns, sites: SimulatedSites, store: MemoryStore, now: () => number) {
    this.#policy = policy;
    this.#dns = dns;
    this.#sites = sites;
    this.#store = store;
    this.#now = now;
    this.#authority = new AuthorityAuditor(policy, (promise, says) => this.#break(promise, says));
    dns.listeners.push((change) => this.#onApplied(change));
  }

  disturbed(): void {
    this.disturbedAt = this.#now();
  }

  /** A message is about to leave. */
  onSend(order: WriteOrder): void {
    const { attempt, change, proof } = order;
    const refusal = checkOrder(order);
    if (refusal !== undefined) this.#break("N1", `${attempt} was sent with an order that is ${refusal}`);
    const stored = this.#store.entries[order.sequence];
    if (stored === undefined || !equalOctets(stored, proof.intent))
      this.#break("N1", `${attempt} was sent, and its intent is not in the journal`);
    if (this.#sent.has(attempt)) this.#break("N7", `${attempt} was sent twice`);
    this.#sent.add(attempt);
    const failover = failoverOf(attempt);
    const plan = this.#plans.get(failover);
    const service = this.#policy.services.get(plan?.service ?? "");
    if (plan === undefined || service === undefined) {
      this.#break("N1", `${attempt} was sent without a proposal`);
      return;
    }
    if (this.#open.get(plan.service) !== failover)
      this.#break("N5", `${attempt} was sent while ${this.#open.get(plan.service) ?? "nothing"} is open`);
    for (const rrset of change.rrsets)
      if (rrset.after === "absent" && rrsetUnder(service, rrset.record, plan.placement.after) !== "absent")
        this.#break("N3", `${attempt} removes ${rrset.name} ${rrset.type}, and its plan does not say so`);
    for (const [earlier, of] of this.#unread)
      if (of === `${plan.service} ${change.provider} ${change.zone}`)
        this.#break("N2", `${attempt} was sent before ${earlier} was read back`);
    // After the first intent a veto stops nothing half-way.
    const begun = this.#begun.get(failover) ?? Infinity;
    for (const { move, until, service: of, sequence } of this.#vetoes.values())
      if (
        of === plan.service &&
        sequence < begun &&
        this.#now() < until &&
        move === moveKey(plan.placement.after) &&
        plan.purpose !== "rollback"
      )
        this.#break("N7", `${attempt} was sent under a veto`);
  }

  /** A look at a zone is about to be handed to a controller that takes it. */
  onSurvey({ servers }: ZoneSurvey, taken: boolean): void {
    const isBogus = servers.some(({ finding }) => finding.authenticity === "bogus");
    if (!taken) return;
    this.#bogusLooks = isBogus ? this.#bogusLooks + 1 : 0;
    this.#lookedAt = this.#now();
  }

  /** Another process knows nothing yet. */
  onRestart(): void {
    this.#bogusLooks = 0;
  }

  onFleet(event: FleetEvent): void {
    this.#authority.onFleet(event);
  }

  onEvent({ service, event, sequence, at }: SeenEvent): void {
    if (event.type === "failover-proposed") {
      if (this.#open.has(service)) this.#break("N5", `${event.failover} was proposed while another is open`);
      this.#open.set(service, event.failover);
      this.#plans.set(event.failover, event.plan);
    }
    if (event.type === "failover-ended") this.#open.delete(service);
    if (event.type === "failover-recovered") this.#onRecovered(event.failover);
    if (event.type === "veto-placed")
      this.#vetoes.set(event.veto, { move: event.move, until: event.until, service, sequence });
    if (event.type === "veto-lifted") this.#vetoes.delete(event.veto);
    if (event.type === "attempt-intended" && !this.#begun.has(event.failover))
      this.#begun.set(event.failover, sequence);
    this.#authority.onEvent(service, event, at);
    this.#onAttempt(service, event);
  }

  #onAttempt(service: string, event: ServiceEvent): void {
    if (event.type === "attempt-intended") {
      this.#intents.set(event.attempt, event);
      const { kind, band, people } = event.authority;
      if ((kind === "band" && band === null) || (kind === "people" && people.length === 0))
        this.#break("N1", `${event.attempt} names no authority`);
      // The first look may come while the intent is on its way, and one that is old says nothing of now.
      const known = this.#bogusLooks > 1 && this.#now() - this.#lookedAt < lookedWithinMs;
      if (kind !== "people" && known)
        this.#break("zone-is-authentic", `${event.attempt} is the automation's, and the zone is bogus somewhere`);
    }
    if (event.type === "attempt-ended" && event.outcome === "unknown")
      this.#unread.set(event.attempt, `${service} ${providerAndZone(this.#intentOf(event.attempt))}`);
    if (event.type === "attempt-read-back" && event.found !== "no-answer") this.#unread.delete(event.attempt);
  }

  #intentOf(attempt: string): Extract<ServiceEvent, { type: "attempt-intended" }> {
    return found(this.#intents.get(attempt), attempt);
  }

  /** N9: what answers is right, something does at every provider, and the service answers through its name. */
  #onRecovered(failover: string): void {
    if (this.#now() - this.disturbedAt < verifiedWithinMs) return;
    const plan = found(this.#plans.get(failover), failover);
    const service = found(this.#policy.services.get(plan.service), plan.service);
    for (const change of plan.steps.flatMap((step) => step.changes)) {
      const nameservers = this.#dns.nameservers.filter(({ provider }) => provider === change.provider);
      const answering = nameservers.filter(reaches);
      if (answering.length === 0) this.#break("N9", `${failover} recovered, and nobody answers at ${change.provider}`);
      const required = zoneIn(this.#policy, change)?.dnssec === "required";
      for (const { name, authenticity } of this.validates ? answering : [])
        if (authenticity === "bogus" || (required && authenticity !== "secure"))
          this.#break("N9", `${failover} recovered, and ${name} is ${authenticity}`);
      for (const { name, zone, answers } of answering)
        for (const rrset of change.rrsets)
          if (answers === "lame" || !sameData(zone.rrsets.get(`${rrset.name} ${rrset.type}`) ?? "absent", rrset.after))
            this.#break("N9", `${failover} recovered, and ${name} answers otherwise`);
    }
    for (const [site, values] of service.sites)
      for (const [record, value] of values)
        if (
          value !== "none" &&
          isActive(plan.placement.after, site) &&
          this.#sites.conditionOf({ site, record }) !== "up"
        )
          this.#break("N9", `${failover} recovered, and ${site} does not answer`);
  }

  #onApplied({ attempt, before, after }: AppliedChange): void {
    if (attempt === undefined) return;
    const times = (this.#applied.get(attempt) ?? 0) + 1;
    this.#applied.set(attempt, times);
    if (times > 1) this.#break("N7", `${attempt} was applied ${times} times`);
    for (const service of this.#policy.services.values())
      if (hasAddress(service, before.rrsets) && !hasAddress(service, after.rrsets))
        this.#break("N3", `${attempt} left ${service.id} without any address`);
  }

  #break(promise: string, says: string): void {
    this.broken.push(`${promise}: ${says}`);
  }
}

function failoverOf(attempt: string): string {
  return attempt.split("/")[0] ?? attempt;
}

function providerAndZone({ provider, zone }: { readonly provider: string; readonly zone: string }): string {
  return `${provider} ${zone}`;
}

function hasAddress(service: Service, rrsets: AppliedChange["before"]["rrsets"]): boolean {
  return [...service.records.values()].some(({ name, type }) => rrsets.has(`${name} ${type}`));
}
