import { plainAuthority } from "../policy/plain-authority.ts";
import { sha256 } from "../../values/sha256.ts";
import { utf8 } from "../../values/octets.ts";
import { day, duration, instant, second, type Instant } from "../../values/time.ts";
import type { Band, CheckDefinition, Policy, Service, Signal, Site } from "../policy/policy.ts";
import { createHealth } from "./health-book.ts";
import type { Health, Moment } from "./health.ts";
import type { Observation, ProbeTarget } from "./observation.ts";
import type { ServiceHealth, SiteHealth } from "./verdict.ts";

/*
 * A small installation for the tests of health: sites, vantages and services by name, checks every 5 s with 2 s time-out,
 * rise 2 and fall 3. Every value of every record at every site has one target a check.
 */

export const intervalMs = duration(5 * second);
/** 3 intervals and the time-out. */
export const freshMs = 17 * second;
const epochMs = 1_790_000_000_000;

/** Site and record to addresses, or `none`. */
type Places = { readonly [site: string]: { readonly [record: string]: readonly [string, ...string[]] | "none" } };

interface Given {
  readonly lab?: boolean;
  /** Site to region and dependencies. */
  readonly sites?: { readonly [site: string]: readonly [region: string, ...dependsOn: string[]] };
  /** Vantage to domain. */
  readonly vantages?: { readonly [vantage: string]: string };
  readonly sameHost?: readonly string[];
  readonly services?: { readonly [service: string]: Places };
  readonly checks?: Service["checks"];
  readonly readiness?: Service["readiness"];
  readonly bands?: { readonly [band: string]: Signal };
}

export const httpsCheck: CheckDefinition = {
  type: "http",
  name: "health",
  intervalMs,
  timeoutMs: duration(2 * second),
  rise: 2,
  fall: 3,
  scheme: "https",
  host: "login.example.com",
  port: 443,
  path: "/healthz",
  status: [200],
  contains: null,
  trust: null,
};
export const threeDomains = { office: "isp-a", cloud1: "cloud-x", cloud2: "cloud-y" };
export const twoSites: Places = { fra: { v4: ["192.0.2.10"] }, iad: { v4: ["198.51.100.10"] } };

/** Sees what it is told to see; time passes as `mono`, in milliseconds. */
export class HealthWorld {
  readonly targets: readonly ProbeTarget[];
  readonly health: Health;
  readonly #vantages: readonly string[];
  readonly #ordinals = new Map<string, number>();
  mono = 1000;

  constructor(given: Given = {}) {
    const services = Object.entries(given.services ?? { login: twoSites });
    this.#vantages = Object.keys(given.vantages ?? threeDomains);
    this.targets = services.flatMap(([service, places]) => targetsOf(service, places, given)).map(numbered);
    this.health = createHealth(policyOf(given), this.targets, { sameHostVantages: given.sameHost ?? [] });
  }

  get moment(): Moment {
    return { mono: duration(this.mono), now: instant(epochMs + this.mono) };
  }

  /** One batch of a vantage, about each target that `see` gives a reason for. */
  batch(vantage: string, see: (target: ProbeTarget) => string | undefined, control: "reached" | "lost" = "reached") {
    const ordinal = this.#ordinals.get(vantage) ?? 0;
    this.#ordinals.set(vantage, ordinal + 1);
    const seen = this.targets.flatMap((target) => this.observe(target, see(target)));
    const round = { vantage, controlsPass: control === "reached", observations: seen, boot: "boot-1", ordinal };
    return this.health.receive(round, this.moment);
  }

  observe(target: ProbeTarget, reason: string | undefined): Observation[] {
    if (reason === undefined) return [];
    const certificateUntil: Instant | null = target.definition.type === "tcp" ? null : instant(epochMs + 30 * day);
    return [{ check: target.check, at: this.moment.now, latencyMs: duration(20), reason, certificateUntil }];
  }

  /** Rounds of all vantages, one an interval; `see` says what each sees of a target, `pass` unless it says otherwise. */
  rounds(count: number, see: (vantage: string, target: ProbeTarget) => string | undefined = () => "pass"): void {
    for (let round = 0; round < count; round += 1) {
      this.mono += intervalMs;
      for (const vantage of this.#vantages) this.batch(vantage, (target) => see(vantage, target));
    }
  }

  /** Rounds in which all vantages see these sites fail. */
  down(count: number, ...sites: readonly string[]): void {
    this.rounds(count, (_, target) => (sites.includes(target.site) ? "connect-refused" : "pass"));
  }

  of(service = "login"): ServiceHealth {
    return this.health.serviceHealth(service, this.moment);
  }

  site(site: string, service = "login"): SiteHealth {
    const found = this.of(service).sites[site];
    if (found === undefined) throw new Error(`no site ${site}`);
    return found;
  }
}

function policyOf(given: Given): Policy {
  const sites = Object.entries(given.sites ?? { fra: ["eu"], iad: ["us"] });
  const services = Object.entries(given.services ?? { login: twoSites });
  return {
    hash: sha256(utf8("policy")),
    document: {},
    version: 1,
    follows: null,
    lab: given.lab ?? false,
    people: new Map(),
    authority: plainAuthority({ duties: new Map(), separate: [] }),
    dependencies: new Map(),
    sites: new Map(sites.map(([id, [region, ...dependsOn]]) => [id, siteOf(id, region, dependsOn)])),
    vantages: new Map(
      Object.entries(given.vantages ?? threeDomains).map(([id, domain]) => [
        id,
        { id, domain, key: null, views: ["public"] },
      ]),
    ),
    controls: [],
    providers: new Map(),
    zones: new Map(),
    services: new Map(services.map(([id, places]) => [id, serviceOf(id, places, given)])),
    blastRadius: { services: 1, perMs: duration(0) },
  };
}

function siteOf(id: string, region: string, dependsOn: readonly string[]): Site {
  return { id, region, jurisdiction: "DE", capacity: null, dependsOn };
}

function serviceOf(id: string, places: Places, given: Given): Service {
  const bands = Object.entries(given.bands ?? {}).map(([name, when]) => bandOf(name, when));
  return {
    id,
    owner: "ana",
    objective: { detectMs: duration(0), recoverMs: duration(0) },
    provides: [],
    records: new Map(),
    sites: new Map(Object.entries(places).map(([site, records]) => [site, new Map(Object.entries(records))])),
    home: ["fra"],
    minimumActive: 1,
    demand: null,
    checks: given.checks ?? [httpsCheck],
    readiness: given.readiness ?? [],
    bands,
    rollback: null,
    failback: null,
    frozen: [],
    holdDownMs: duration(0),
    flapping: { changes: 4, perMs: duration(0) },
  };
}

function bandOf(name: string, when: Signal): Band {
  const move = { kind: "replace", from: "fra", to: "iad" } as const;
  return { name, when, move, authority: "approve", acceptedBy: [], budget: null, expiresAt: null, reassert: false };
}

function targetsOf(service: string, places: Places, given: Given): Omit<ProbeTarget, "check">[] {
  const values = Object.entries(places).flatMap(([site, records]) =>
    Object.entries(records).flatMap(([record, addresses]) =>
      (addresses === "none" ? [] : addresses).map((address) => ({ site, record, address })),
    ),
  );
  const checks = given.checks ?? [httpsCheck];
  const name = "login.example.com.";
  return values.flatMap(({ site, record, address }) =>
    checks.map((definition) => ({ service, site, record, address, name, definition })),
  );
}

function numbered(target: Omit<ProbeTarget, "check">, check: number): ProbeTarget {
  return { check, ...target };
}
