import { plainAuthority } from "../../src/core/policy/plain-authority.ts";
import { zoneKey } from "../../src/core/policy/zone-key.ts";
import { rdataFromText, rdataToText } from "../../src/dns/wire/rdata.ts";
import type { ProbeTarget } from "../../src/core/health/observation.ts";
import type {
  Authority,
  Band,
  Duty,
  DutyRule,
  Policy,
  Provider,
  Service,
  SteeredRecord,
  Zone,
} from "../../src/core/policy/policy.ts";
import type { PolicyFile } from "../../src/control/parts.ts";
import { canonicalJson, type Json } from "../../src/values/json.ts";
import { isNonEmpty, type NonEmpty } from "../../src/values/non-empty.ts";
import { utf8 } from "../../src/values/octets.ts";
import { sha256, type Sha256 } from "../../src/values/sha256.ts";
import { duration, hour, minute, second } from "../../src/values/time.ts";

/** What a test says of its installation; everything else is a small, complete policy. */
export interface PolicyOptions {
  readonly version?: number;
  /** Vantage to its domain. */
  readonly vantages?: { readonly [vantage: string]: string };
  /** Site to its values, by record. `none`: no value there. */
  readonly sites?: { readonly [site: string]: SiteOptions };
  readonly records?: readonly ("v4" | "v6")[];
  readonly home?: NonEmpty<string>;
  readonly services?: NonEmpty<string>;
  /** Provider to how many nameservers it has; the first is its primary. */
  readonly providers?: { readonly [provider: string]: number };
  readonly manual?: "manual path too";
  readonly fence?: "off";
  readonly notify?: "off";
  readonly band?: Partial<Band>;
  readonly service?: Partial<Service>;
  readonly blastRadius?: Policy["blastRadius"];
  readonly zone?: Partial<Zone>;
  /** People and what they may do; nobody unless said. `signing.ts` has a whole team. */
  readonly people?: { readonly [person: string]: PersonOptions };
  readonly duties?: { readonly [D in Duty]?: DutyRule };
  readonly authority?: Partial<Omit<Authority, "duties">>;
}

export interface PersonOptions {
  readonly roles: readonly string[];
  readonly group: string;
  readonly keys: readonly string[];
}

interface SiteOptions {
  readonly region?: string;
  readonly dependsOn?: readonly string[];
  readonly v4?: NonEmpty<string> | "none";
  readonly v6?: NonEmpty<string> | "none";
}

const zone = "example.com.";
export const ttlSeconds = 60;

const twoSites = {
  fra: { region: "eu", v4: ["192.0.2.10"], v6: ["2001:db8:1::10"] },
  iad: { region: "us", v4: ["198.51.100.10"], v6: ["2001:db8:2::10"] },
} as const;

/** A policy as the core reads it, made without YAML, and the octets that the journal keeps of it. */
export function simulatedPolicy(options: PolicyOptions = {}): PolicyFile {
  const { version = 1, vantages = { office: "isp-a", cloud1: "cloud-x", cloud2: "cloud-y" } } = options;
  const sites = options.sites ?? twoSites;
  const providers = Object.entries(options.providers ?? { primary: 3 });
  const names = providers.map(([id]) => id);
  if (!isNonEmpty(names)) throw new Error("a policy has a provider");
  const document = utf8(canonicalJson({ version, about: describe(options) }));
  const policy: Policy = {
    hash: hashOf(document),
    document: {},
    version,
    follows: null,
    lab: true,
    people: new Map(Object.entries(options.people ?? {}).map(([id, person]) => [id, { id, ...person, onCall: null }])),
    authority: { ...plainAuthority({ duties: dutiesOf(options), separate: [] }), ...options.authority },
    dependencies: new Map(),
    sites: new Map(
      Object.entries<SiteOptions>(sites).map(([id, { region = id, dependsOn = [] }]) => {
        return [id, { id, region, jurisdiction: "DE", capacity: null, dependsOn }];
      }),
    ),
    vantages: new Map(
      Object.entries(vantages).map(([id, domain]) => [id, { id, domain, key: null, views: ["public"] }]),
    ),
    controls: [],
    providers: new Map(providers.map(([id, count], index) => [id, providerOf(id, count, index, options)])),
    zones: new Map([
      [zoneKey("public", zone), { name: zone, view: "public", providers: names, dnssec: "unsigned", ...options.zone }],
    ]),
    services: new Map((options.services ?? ["login"]).map((id, index) => [id, serviceOf(id, index, sites, options)])),
    blastRadius: options.blastRadius ?? { services: 10, perMs: duration(hour) },
  };
  return { policy, document };
}

function dutiesOf({ duties = {} }: PolicyOptions): ReadonlyMap<Duty, DutyRule> {
  const all = ["declare", "validate", "approve", "execute", "reverse", "veto", "waive", "contain", "adopt"] as const;
  return new Map(
    all.flatMap((duty): (readonly [Duty, DutyRule])[] => {
      const rule = duties[duty];
      return rule === undefined ? [] : [[duty, rule]];
    }),
  );
}

// A band's functions of time and the sites' values: enough that two different policies have two hashes.
function describe(options: PolicyOptions): Json {
  return JSON.stringify(options);
}

function hashOf(document: Uint8Array): Sha256 {
  return sha256(document);
}

function providerOf(id: string, count: number, index: number, options: PolicyOptions): Provider {
  const nameservers = Array.from({ length: count }, (_, number) => ({
    name: `ns${number + 1}.${id}.example.net.`,
    endpoints: [{ address: `203.0.113.${index * 16 + number + 1}`, port: 53 }] as const,
  }));
  const [first] = nameservers;
  if (!isNonEmpty(nameservers) || first === undefined) throw new Error("a provider has a nameserver");
  const byHand = { type: "manual", name: "by-hand", instructions: "Call the NOC.", dependsOn: [] } as const;
  const update = {
    type: "rfc2136",
    name: "update",
    server: first.endpoints[0],
    credential: `tsig-${id}`,
    dependsOn: [],
  } as const;
  return {
    id,
    view: "public",
    nameservers,
    paths: options.manual === undefined ? [update] : [update, byHand],
    notify: options.notify !== "off",
    fence: options.fence !== "off",
  };
}

function serviceOf(
  id: string,
  index: number,
  sites: NonNullable<PolicyOptions["sites"]>,
  options: PolicyOptions,
): Service {
  const records = (options.records ?? ["v4", "v6"]).map((record) => recordOf(id, record));
  const home = options.home ?? ["fra"];
  return {
    id,
    owner: "ana",
    objective: { detectMs: duration(45 * second), recoverMs: duration(5 * minute) },
    provides: [],
    records: new Map(records.map((record) => [record.id, record])),
    sites: new Map(Object.entries(sites).map(([site, values]) => [site, valuesOf(records, values, index)])),
    home,
    minimumActive: 1,
    demand: null,
    checks: [
      {
        type: "tcp",
        name: "port",
        port: 443,
        intervalMs: duration(5 * second),
        timeoutMs: duration(2 * second),
        rise: 3,
        fall: 3,
      },
    ],
    readiness: [],
    bands: [{ ...siteLost, ...options.band }],
    rollback: { site: "iad", withinMs: duration(15 * minute) },
    failback: { stableForMs: duration(15 * minute) },
    frozen: [],
    holdDownMs: duration(5 * minute),
    flapping: { changes: 4, perMs: duration(10 * minute) },
    ...options.service,
  };
}

/** The band of the design's own example. */
export const siteLost: Band = {
  name: "site-lost",
  when: { kind: "verdict", site: "fra", verdict: "down", vantages: 2, forMs: duration(20 * second) },
  move: { kind: "replace", from: "fra", to: "iad" },
  authority: "pre-authorised",
  acceptedBy: ["ana", "chi", "eve"],
  budget: { moves: 2, perMs: duration(24 * hour) },
  expiresAt: null,
  reassert: false,
};

function recordOf(service: string, id: "v4" | "v6"): SteeredRecord {
  const name = `${service}.${zone}`;
  return { id, view: "public", zone, name, type: id === "v4" ? "A" : "AAAA", ttl: ttlSeconds };
}

// Every service has addresses of its own: the last number of an address grows with the service.
function valuesOf(
  records: readonly SteeredRecord[],
  site: SiteOptions,
  index: number,
): ReadonlyMap<string, NonEmpty<string> | "none"> {
  return new Map(
    records.map(({ id, type }): readonly [string, NonEmpty<string> | "none"] => {
      const texts = (id === "v4" ? site.v4 : site.v6) ?? "none";
      if (texts === "none") return [id, "none"];
      const rdata = texts.map((text) => hexOf(type, shifted(text, index)));
      if (!isNonEmpty(rdata)) throw new Error("a site's value is none or an address");
      return [id, rdata];
    }),
  );
}

function shifted(address: string, index: number): string {
  return address.replace(/10$/, String(10 + index));
}

/** Canonical RDATA of an address. */
export function hexOf(type: string, text: string): string {
  const rdata = rdataFromText(type, text);
  if (rdata === undefined) throw new Error(`${text} is no ${type}`);
  return rdata;
}

/** What every vantage probes: each check at each address of each site. */
export function targetsOf(policy: Policy): readonly ProbeTarget[] {
  const targets: ProbeTarget[] = [];
  for (const service of policy.services.values())
    for (const [site, values] of service.sites)
      for (const [record, value] of values)
        for (const rdata of value === "none" ? [] : value)
          for (const definition of service.checks) {
            const { type, name } = steered(service, record);
            const check = targets.length;
            targets.push({
              check,
              service: service.id,
              site,
              record,
              address: rdataToText(type, rdata),
              name,
              definition,
            });
          }
  return targets;
}

export function steered(service: Service, record: string): SteeredRecord {
  const found = service.records.get(record);
  if (found === undefined) throw new Error(`${service.id} has no record ${record}`);
  return found;
}
