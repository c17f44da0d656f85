import type { PeopleEvent } from "../../src/core/authority/authority-event.ts";
import type { BreakGlass, Delegation } from "../../src/core/authority/state.ts";
import type { Word } from "../../src/core/authority/word.ts";
import type { FleetEvent, ServiceEvent } from "../../src/core/failover/event.ts";
import { isActive } from "../../src/core/plan/placement.ts";
import type { Duty, DutyRule, Policy } from "../../src/core/policy/policy.ts";
import { sha256OfJson } from "../../src/values/sha256.ts";
import { found } from "./dns.ts";

type Of<Type extends ServiceEvent["type"]> = Extract<ServiceEvent, { type: Type }>;
type Break = (promise: string, says: string) => void;

interface Known {
  readonly proposed: Of<"failover-proposed">;
  readonly words: Word[];
  readonly waivers: Of<"waiver-given">[];
  /** Whether something of it may have been written: then it is finished or taken back, whoever may still want it. */
  begun: boolean;
}

/**
 * Keeps its own account of who signed what, from the entries alone, and says of each intent whether the right distinct
 * people stood behind it then (N7, N8, N13). It shares no code with what it watches.
 */
export class AuthorityAuditor {
  readonly #policy: Policy;
  readonly #break: Break;
  readonly #failovers = new Map<string, Known>();
  readonly #keys = new Map<string, string>();
  readonly #delegations = new Map<string, Delegation>();
  readonly #grants = new Map<string, BreakGlass>();
  /** By grant: failovers that were begun under it. */
  readonly #used = new Map<string, Set<string>>();
  readonly #verdicts = new Map<string, string>();
  readonly #barred = new Set<string>();
  readonly #forced = new Map<string, number>();
  readonly #handedOver = new Set<string>();
  #disputed = false;
  #signed = false;

  constructor(policy: Policy, breaks: Break) {
    this.#policy = policy;
    this.#break = breaks;
  }

  onFleet(event: FleetEvent): void {
    if (event.type === "installation-signed") this.#signed = true;
    if (event.type === "key-enrolled") this.#keys.set(event.key.fingerprint, event.key.person);
    if (event.type === "key-revoked") this.#keys.delete(event.fingerprint);
    if (event.type === "log-disputed") this.#disputed = true;
    if (event.type === "log-dispute-settled") this.#disputed = false;
    if (event.type === "delegation-given") this.#delegations.set(event.delegation.id, event.delegation);
    if (event.type === "delegation-withdrawn") this.#delegations.delete(event.delegation);
    this.#onEmergency(event);
  }

  #onEmergency(event: FleetEvent | PeopleEvent): void {
    if (event.type === "break-glass-asked") this.#grants.set(event.grant.id, event.grant);
    if (event.type === "break-glass-withdrawn") this.#grants.delete(event.grant);
    if (event.type === "break-glass-signed") {
      const grant = found(this.#grants.get(event.grant), event.grant);
      this.#grants.set(grant.id, { ...grant, signers: [...grant.signers, event.by] });
    }
  }

  onEvent(service: string, event: ServiceEvent, at: number): void {
    if (event.type === "failover-proposed")
      this.#failovers.set(event.failover, { proposed: event, words: [], waivers: [], begun: false });
    if (event.type === "word-given") this.#known(event.failover).words.push(event.word);
    if (event.type === "waiver-given") this.#known(event.failover).waivers.push(event);
    if (event.type === "service-handed-over") this.#handedOver.add(service);
    if (event.type === "service-taken-back") this.#handedOver.delete(service);
    if (event.type === "attempt-intended") this.#onIntent(service, event, at);
    if (event.type === "attempt-ended" && event.outcome !== "failed") this.#beginning(event.attempt);
    if ("site" in event) this.#noteSite(`${service} ${event.site}`, event);
  }

  #noteSite(place: string, event: ServiceEvent): void {
    if (event.type === "verdict-changed") this.#verdicts.set(place, event.to);
    if (event.type === "verdict-forced") this.#forced.set(place, event.until);
    if (event.type === "forced-verdict-lifted") this.#forced.delete(place);
    if (event.type === "site-barred") this.#barred.add(place);
    if (event.type === "site-cleared") this.#barred.delete(place);
  }

  #beginning(attempt: string): void {
    this.#known(attempt.split("/")[0] ?? "").begun = true;
  }

  #known(failover: string): Known {
    return found(this.#failovers.get(failover), failover);
  }

  #onIntent(service: string, event: Of<"attempt-intended">, at: number): void {
    const known = this.#known(event.failover);
    const { plan, needs } = known.proposed;
    if (event.planHash !== known.proposed.planHash) this.#break("N7", `${event.attempt} is of another plan`);
    if (this.#disputed) this.#break("N10", `${event.attempt} was intended while the log is disputed`);
    if (this.#handedOver.has(service)) this.#break("N5", `${event.attempt} was intended after a handover`);
    for (const site of this.#policy.sites.keys())
      if (isActive(plan.placement.after, site)) this.#onSite(service, site, event, at);
    if (!this.#signed || needs === "nothing" || known.begun) return;
    const words = known.words.filter((word) => this.#isLive(word, at));
    if (this.#emergency(event, words, at)) return;
    for (const says of this.#lacks(known, words)) this.#break("N8", `${event.attempt}: ${says}`);
  }

  /** N4, N6, N13: where it leads, whoever decided it. */
  #onSite(service: string, site: string, event: Of<"attempt-intended">, at: number): void {
    const { needs, plan } = this.#known(event.failover).proposed;
    if (this.#barred.has(`${service} ${site}`))
      this.#break("N13", `${event.attempt} leads to ${site}, which is barred`);
    if (needs === "nothing" && at < (this.#forced.get(`${service} ${site}`) ?? 0))
      this.#break("N6", `${event.attempt} is the automation's, and ${site} is forced`);
    const waived = event.gates.some(({ gate, figures }) => gate === "target-ready" && figures["site"] === site);
    if (this.#verdicts.get(`${service} ${site}`) !== "down" || plan.purpose === "rollback") return;
    if (!waived) this.#break("N13", `${event.attempt} leads to ${site}, which is down, and nobody waived that`);
    for (const { kind, gate, code, figures } of event.gates)
      if (kind === "judgement" && !this.#isWaived(event.failover, gate, code ?? "", sha256OfJson({ ...figures }), at))
        this.#break("N13", `${event.attempt} passed ${gate} without its waiver`);
  }

  #isWaived(failover: string, gate: string, code: string, figures: string, at: number): boolean {
    const live = this.#known(failover).waivers.filter(
      ({ word, gates }) =>
        this.#isLive(word, at) &&
        gates.some((one) => one.gate === gate && one.code === code && one.figures === figures),
    );
    const people = new Set(live.map(({ word }) => word.person));
    const groups = new Set([...people].map((person) => this.#policy.people.get(person)?.group));
    return people.size >= 2 && groups.size >= 2;
  }

  #isLive({ at: given, expires, key, person, under, duty }: Word, at: number): boolean {
    if (at < given || at >= expires || this.#keys.get(key) !== person) return false;
    if (under === null) return true;
    if (under.kind !== "delegation") return true;
    const delegation = this.#delegations.get(under.id);
    return (
      delegation !== undefined &&
      delegation.to === person &&
      delegation.duties.includes(duty) &&
      delegation.since <= at &&
      at < delegation.until
    );
  }

  /** Whether an emergency stands in: enough people signed it, for this service, these targets and this many moves. */
  #emergency(event: Of<"attempt-intended">, words: readonly Word[], at: number): boolean {
    const id = words.find(({ under }) => under?.kind === "break-glass")?.under?.id;
    if (id === undefined) return false;
    const grant = this.#grants.get(id);
    const { plan, planHash } = this.#known(event.failover).proposed;
    const used = this.#used.get(id) ?? new Set();
    this.#used.set(id, used.add(event.failover));
    const signers = new Set(
      (grant?.signers ?? []).filter(({ key, person }) => this.#keys.get(key) === person).map(({ person }) => person),
    );
    const added = [...this.#policy.sites.keys()].filter(
      (site) => isActive(plan.placement.after, site) && !isActive(plan.placement.before, site),
    );
    if (grant === undefined || at >= grant.until || signers.size < 2 || signers.size < grant.need)
      this.#break("N13", `${event.attempt} rests on emergency ${id}, which does not stand`);
    else if (
      grant.service !== plan.service ||
      (grant.plan !== null && grant.plan !== planHash) ||
      added.some((site) => !grant.targets.includes(site)) ||
      used.size > grant.moves
    )
      this.#break("N13", `${event.attempt} is outside of emergency ${id}`);
    return true;
  }

  #lacks({ proposed }: Known, words: readonly Word[]): readonly string[] {
    const { plan, needs, by } = proposed;
    const { duties, separate } = this.#policy.authority;
    const asked: Duty[] =
      plan.purpose === "contain"
        ? ["contain"]
        : needs === "reverse"
          ? ["reverse"]
          : [...(by.kind === "person" ? (["declare"] as const) : []), "validate", "approve"];
    const unfilled = asked.flatMap((duty) => {
      const rule = duties.get(duty);
      const people = words.filter((word) => word.duty === duty);
      return rule === undefined || fills(rule, people) ? [] : [`nobody who may filled ${duty}`];
    });
    const twice = separate.flatMap(([one, other]) =>
      words
        .filter(
          ({ duty, person }) => duty === one && words.some((word) => word.person === person && word.duty === other),
        )
        .map(({ person }) => `${person} filled ${one} and ${other}`),
    );
    const roles = [...new Set(words.map(({ person }) => person))]
      .filter((person) => new Set(words.filter((word) => word.person === person).map(({ role }) => role)).size > 1)
      .map((person) => `${person} signed in two roles`);
    return [...unfilled, ...twice, ...roles];
  }
}

function fills(rule: DutyRule, words: readonly Word[]): boolean {
  if (rule.kind === "any") return words.some(({ role }) => rule.roles.includes(role));
  if (rule.kind === "number") {
    const groups = new Set(words.map(({ group }) => group));
    return new Set(words.map(({ person }) => person)).size >= rule.people && groups.size >= rule.groups;
  }
  const people = new Set<string>();
  for (const role of rule.roles) {
    const word = words.find((one) => one.role === role && !people.has(one.person));
    if (word === undefined) return false;
    people.add(word.person);
  }
  return true;
}
