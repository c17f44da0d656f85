import type { Json } from "../../src/values/json.ts";
import type { ServerAddress } from "../servers/zone.ts";
import type { Sites } from "./sites.ts";

type PlacesOfSites = Pick<Sites, "fra" | "iad" | "port" | "trust">;

/** What a test says of its policy; everything else is small, complete, and quick enough for a test. */
export interface PolicyOptions {
  readonly sites: PlacesOfSites;
  /** The server that takes UPDATEs. */
  readonly updates: ServerAddress;
  /** Every nameserver that publishes the zone. */
  readonly nameservers: readonly ServerAddress[];
  /** `people`: no band, so that nothing moves unless a person says so. */
  readonly moves?: "automation" | "people";
  /** How often each vantage asks each site; 3 unless given. */
  readonly checksPerSecond?: number;
  /** Left out: there is none, and the service stays where it was moved. */
  readonly failback?: { readonly stableFor: string };
  /** Public keys of the people, where a test signs; nobody holds the keys otherwise. */
  readonly keys?: { readonly ana: string; readonly ben: string };
  /** The key of a third person: the policy is changed by any two of the three. */
  readonly chi?: string;
  /** Public keys of two who hold no duty, and whom an emergency may be given to with the others. */
  readonly responders?: { readonly chi: string; readonly dan: string };
  /** What is declared of the zone beside its provider: unsigned unless given. */
  readonly zone?: { readonly dnssec: "required"; readonly signing?: Json };
}

/** Seconds; the resolvers' tail in every test. */
const ttlSeconds = 1;

// Nobody holds the other halves of these keys.
const anaKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIfsHa/Li2zKG6Nf01GZw6dYW2K3Cpqv7wO3ziz8vIC6 ana";
const benKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICVr/ojgUcOH36O8LrmXiC+i5M00P7oEVQhu9kP2bkar ben";

/** One service, `login`, at home in fra, with iad to go to; steered by A, and by AAAA where a site has one. */
export function policyDocument(options: PolicyOptions): { readonly [member: string]: Json } {
  const { sites, updates, nameservers, moves = "automation", zone = {}, keys, chi, responders } = options;
  return {
    version: 1,
    lab: true,
    people: {
      ana: { roles: ["service-owner"], group: "product", keys: [keys?.ana ?? anaKey] },
      ben: { roles: ["dns-operator"], group: "network", keys: [keys?.ben ?? benKey] },
      ...(chi === undefined ? {} : { chi: { roles: ["service-owner"], group: "product", keys: [chi] } }),
      ...(responders === undefined
        ? {}
        : {
            chi: { roles: ["responder"], group: "response", keys: [responders.chi] },
            dan: { roles: ["responder"], group: "security", keys: [responders.dan] },
          }),
    },
    authority: {
      declare: { any: ["service-owner", "dns-operator"] },
      approve: { any: ["service-owner"] },
      execute: { any: ["dns-operator", "automation"] },
      reverse: { any: ["dns-operator"] },
      veto: { any: ["service-owner", "dns-operator"] },
      ...(chi === undefined ? {} : { adopt: { any: ["service-owner", "dns-operator"] } }),
      ...(responders === undefined ? {} : { breakGlass: { need: 2, of: ["ana", "ben", "chi", "dan"] } }),
    },
    dependencies: { "dc-fra": { kind: "facility", owner: "ben" }, "dc-iad": { kind: "facility", owner: "ben" } },
    sites: {
      fra: { region: "eu", jurisdiction: "DE", dependsOn: ["dc-fra"] },
      iad: { region: "us", jurisdiction: "US", dependsOn: ["dc-iad"] },
    },
    vantages: { office: { domain: "isp-a" }, "cloud-1": { domain: "cloud-x" }, "cloud-2": { domain: "cloud-y" } },
    providers: {
      primary: {
        nameservers: Object.fromEntries(
          nameservers.map(({ address, port }, index) => [`ns${index + 1}.example.com`, [`${address}:${port}`]]),
        ),
        paths: [
          {
            name: "update",
            type: "rfc2136",
            server: `${updates.address}:${updates.port}`,
            credential: "tsig-primary",
          },
          { name: "by-hand", type: "manual", instructions: "Call the network operators." },
        ],
      },
    },
    zones: { "example.com": { providers: ["primary"], ...zone } },
    services: { login: { ...serviceOf(sites, options), bands: moves === "people" ? [] : [siteLost] } },
  };
}

const siteLost = {
  name: "site-lost",
  when: { site: "fra", verdict: "down", vantages: 2, for: "300ms" },
  move: { replace: { fra: "iad" } },
  authority: "pre-authorised",
  acceptedBy: ["ana"],
  budget: { moves: 100, per: "24h" },
  expires: "2099-12-31",
};

function serviceOf(
  sites: PlacesOfSites,
  { failback, checksPerSecond = 3 }: PolicyOptions,
): { readonly [member: string]: Json } {
  const record = { zone: "example.com", name: "login.example.com", ttl: `${ttlSeconds}s` };
  const withV6 = sites.fra.v6 !== "none" || sites.iad.v6 !== "none";
  return {
    owner: "ana",
    objective: { detect: "5s", recover: "30s" },
    records: { v4: { ...record, type: "A" }, ...(withV6 ? { v6: { ...record, type: "AAAA" } } : {}) },
    sites: Object.fromEntries(
      (["fra", "iad"] as const).map((id) => {
        const { v4, v6 } = sites[id];
        return [id, { v4: [v4], ...(withV6 ? { v6: v6 === "none" ? v6 : [v6] } : {}) }];
      }),
    ),
    home: ["fra"],
    checks: [
      {
        name: "health",
        type: "http",
        url: `https://login.example.com:${sites.port}/healthz`,
        contains: "ok",
        trust: sites.trust,
        interval: `${Math.floor(1000 / checksPerSecond)}ms`,
        timeout: `${Math.floor(1000 / checksPerSecond)}ms`,
        rise: 2,
        fall: 2,
      },
    ],
    readiness: [{ type: "tls", minValidity: "7d" }],
    holdDown: "1s",
    flapping: { changes: 1000, per: "15m" },
    ...(failback === undefined ? {} : { failback: { authority: "reverse", ...failback } }),
  };
}
