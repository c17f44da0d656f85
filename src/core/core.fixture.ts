import { initialAuthority, type AuthorityState } from "./authority/state.ts";
import { simulatedPolicy, type PolicyOptions } from "../../test/world/policy.ts";
import { commandId, epochOf, sequenceOf } from "../values/ids.ts";
import { invariant } from "../values/invariant.ts";
import { sha256OfJson } from "../values/sha256.ts";
import { add, duration, instant, type Instant } from "../values/time.ts";
import { nextActions } from "./cycle/next-actions.ts";
import { decide } from "./cycle/decide/index.ts";
import type { Decision } from "./cycle/cycle.ts";
import type { Facts, NameserverReading } from "./cycle/facts.ts";
import type { ServiceRequest } from "./cycle/service-command.ts";
import type { World } from "./cycle/world.ts";
import { evolve } from "./failover/evolve.ts";
import type { ServiceEvent } from "./failover/event.ts";
import { initialState, type ServiceState } from "./failover/state.ts";
import type { SignalState, SiteHealth, Verdict } from "./health/verdict.ts";
import type { Authenticity } from "./integrity/survey.ts";
import type { ZoneFacts, ZoneServerFacts } from "./integrity/zone-facts.ts";
import { endpointText } from "./policy/endpoint.ts";
import { placementAt, rrsetUnder } from "./plan/placement.ts";
import type { Placement } from "./plan/plan.ts";
import type { RRset } from "./plan/rrset.ts";
import type { Policy, Service } from "./policy/policy.ts";

const person = { kind: "local-user", id: "uid:1000", method: "local-user" } as const;
const controller = { kind: "controller", id: "controller", method: "internal" } as const;
const results: ReadonlySet<string> = new Set(["attempt-result", "read-back", "verified", "service-answered"]);
const epoch = epochOf(1);

/**
 * One service without control around it: facts are set by hand, events are folded at once. Everything is well at the
 * start: home is up and answers, the other site is ready, nothing has a signal.
 */
export class Desk {
  readonly policy: Policy;
  readonly service: Service;
  state: ServiceState;
  now: Instant = instant(1_790_000_000_000);
  readonly events: ServiceEvent[] = [];
  verdicts = new Map<string, Verdict>();
  signal: SignalState = { state: "clear", figures: {} };
  standing: Placement;
  /** What nameservers answer instead of what stands, by address. */
  readonly answers = new Map<string, RRset | "absent" | "silent">();
  change: Partial<Facts> = {};
  authority: AuthorityState = initialAuthority;
  /** What the integrity monitor knows; nothing, as where it is not wired. */
  zones: readonly ZoneFacts[] = [];
  #sequence = 10;

  constructor(options: PolicyOptions = {}) {
    this.policy = simulatedPolicy(options).policy;
    const [service] = this.policy.services.values();
    invariant(service !== undefined, "the policy has a service");
    this.service = service;
    this.state = initialState(service.id);
    this.standing = placementAt(service.home);
    for (const site of service.sites.keys()) this.verdicts.set(site, "up");
    this.settle();
  }

  get world(): World {
    return {
      installation: sha256OfJson("installation"),
      services: new Map([[this.service.id, this.state]]),
      policies: new Map([[this.policy.hash, this.policy]]),
      policy: this.policy,
      zones: new Map(),
      authority: this.authority,
      stopped: null,
    };
  }

  /** Takes every step that is due by itself. */
  settle(): readonly ServiceEvent[] {
    const before = this.events.length;
    for (let step = 0; this.#take(this.#decide(controller, { kind: "advance" })); step += 1)
      invariant(step < 2, "all that is due by itself is one decision");
    return this.events.slice(before);
  }

  /** What a person asks, or what came of an effect; the events are folded, then all that is due by itself. */
  ask(request: ServiceRequest): Decision {
    const decision = this.#decide(results.has(request.kind) ? controller : person, request);
    this.#take(decision);
    this.settle();
    return decision;
  }

  /** The monitor has just surveyed the service's zone: one verdict for all nameservers, but for those named by address. */
  surveyed(
    verdict: Authenticity,
    but: { readonly [address: string]: Authenticity | "no-response" } = {},
    change: Partial<ZoneFacts> = {},
  ): void {
    const [provider] = this.policy.providers.values();
    invariant(provider !== undefined, "the policy has a provider");
    const servers = provider.nameservers.map(({ name, endpoints: [endpoint] }): ZoneServerFacts => {
      const address = endpointText(endpoint);
      const said = but[address] ?? verdict;
      const authenticity = said === "no-response" ? "indeterminate" : said;
      return {
        provider: provider.id,
        nameserver: name,
        address,
        vantage: "office",
        answers: said !== "no-response",
        authenticity,
        code: `said-${authenticity}`,
        at: this.now,
      };
    });
    const known = { everSecure: verdict === "secure", leavingDnssec: false, freshForMs: 180_000 };
    this.zones = [{ zone: "example.com.", view: "public", ...known, servers, ...change }];
    this.settle();
  }

  pass(ms: number): readonly ServiceEvent[] {
    this.now = add(this.now, ms);
    return this.settle();
  }

  /** The home site is down, and the band's signal holds. */
  lose(site: string): readonly ServiceEvent[] {
    this.verdicts.set(site, "down");
    this.signal = { state: "holds", figures: {} };
    return this.settle();
  }

  types(): readonly string[] {
    return this.events.map(({ type }) => type);
  }

  get effects() {
    return nextActions(this.state, this.world, this.facts, this.now, epoch).effects;
  }

  get facts(): Facts {
    return {
      boot: "desk",
      mode: "act",
      clock: { trustworthy: true, errorMs: 0, says: "even" },
      log: { whole: true, says: "whole" },
      automationKey: null,
      health: {
        judged: true,
        sites: Object.fromEntries([...this.verdicts].map(([site, verdict]) => [site, this.#health(verdict)])),
        cutOff: [],
        voices: { heard: 3, all: 3 },
        commonCause: { kind: "none" },
        signals: Object.fromEntries(this.service.bands.map(({ name }) => [name, this.signal])),
      },
      readings: Object.fromEntries([...this.service.records.keys()].map((record) => [record, this.#readings(record)])),
      names: [...this.policy.providers.keys()].flatMap((provider) =>
        [...this.service.records.values()].map(({ name }) => ({
          provider,
          name,
          cutAt: null,
          wildcard: null,
          fence: null,
          at: this.now,
        })),
      ),
      paths: [...this.policy.providers.values()].flatMap((provider) =>
        provider.paths.map(({ name, type }) => ({
          provider: provider.id,
          path: name,
          type,
          compareAndSwap: type === "rfc2136",
          atomicRRsets: 100,
        })),
      ),
      zones: this.zones,
      ...this.change,
    };
  }

  #health(verdict: Verdict): SiteHealth {
    return {
      verdict,
      heldMs: duration(60_000),
      reason: "quorum",
      domains: { up: verdict === "up" ? 3 : 0, down: verdict === "down" ? 3 : 0, partly: 0, silent: 0 },
      oldestMs: duration(1000),
      failure: null,
      records: {},
      errorPercent: null,
      latencyMs: null,
      ready: verdict === "up" ? { state: "passed", reasons: [] } : { state: "failed", reasons: ["it is down"] },
    };
  }

  #readings(record: string): readonly NameserverReading[] {
    return [...this.policy.providers.values()].flatMap((provider) =>
      provider.nameservers.flatMap(({ name, endpoints }) =>
        endpoints.map((endpoint): NameserverReading => {
          const address = endpointText(endpoint);
          const answer =
            this.answers.get(`${record} ${address}`) ??
            this.answers.get(address) ??
            rrsetUnder(this.service, record, this.standing);
          const common = { provider: provider.id, nameserver: name, address, at: this.now };
          if (answer === "silent") return { ...common, outcome: "no-response", code: "timeout", rrset: null };
          return { ...common, outcome: "answer", code: null, rrset: answer };
        }),
      ),
    );
  }

  #decide(by: typeof person | typeof controller, request: ServiceRequest): Decision {
    const command = { id: commandId(`c-${this.#sequence}`), service: this.service.id, by, request };
    return decide(this.state, this.world, command, this.facts, this.now, epoch);
  }

  #take(decision: Decision): boolean {
    if (!decision.accepted) return false;
    for (const event of decision.events) {
      this.state = evolve(this.state, { event, sequence: sequenceOf(this.#sequence), at: this.now });
      this.#sequence += 1;
      this.events.push(event);
    }
    return true;
  }
}
