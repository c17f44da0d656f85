import type { Json } from "../../values/json.ts";
import type { NonEmpty } from "../../values/non-empty.ts";
import type { Sha256 } from "../../values/sha256.ts";
import type { DurationMs, Instant } from "../../values/time.ts";

/**
 * The policy as the core reads it: validated, references resolved, durations in milliseconds, names absolute and lower
 * case with a final dot, addresses in canonical text, RDATA in canonical hexadecimal. Maps, since data is the key.
 */
export interface Policy {
  /** SHA-256 over the canonical JSON of the document. */
  readonly hash: Sha256;
  /** The document with its defaults, as differences are read from it. */
  readonly document: Json;
  readonly version: number;
  /** Hash of the policy that it follows; null: the first, or one that does not say. */
  readonly follows: Sha256 | null;
  readonly lab: boolean;
  readonly people: ReadonlyMap<string, Person>;
  readonly authority: Authority;
  readonly dependencies: ReadonlyMap<string, Dependency>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly vantages: ReadonlyMap<string, Vantage>;
  /** Places that should always answer; a vantage that reaches fewer than half of them is cut off. */
  readonly controls: readonly Endpoint[];
  readonly providers: ReadonlyMap<string, Provider>;
  /** By {@link zoneKey}: every zone in each view that it is published in. */
  readonly zones: ReadonlyMap<string, Zone>;
  /** In the document's order. Left out: none are listed. */
  readonly resolvers?: ReadonlyMap<string, Resolver>;
  /** Absolute name of a zone that is deliberately bogus. Left out: whether resolvers validate is not checked. */
  readonly brokenName?: string;
  readonly services: ReadonlyMap<string, Service>;
  readonly blastRadius: { readonly services: number; readonly perMs: DurationMs };
}

export interface Person {
  readonly id: string;
  readonly roles: readonly string[];
  readonly group: string;
  /** OpenSSH public keys, as in the document. */
  readonly keys: readonly string[];
  /** When the person can be reached, in UTC; null: always. */
  readonly onCall: readonly OnCall[] | null;
}

/** Hours of a week, in UTC. */
export interface OnCall {
  /** ISO 8601 days: 1 is Monday. */
  readonly days: NonEmpty<number>;
  /** Minutes of the day; `until` may be 1440, and is not before `from`. */
  readonly from: number;
  readonly until: number;
}

export const dutyNames = [
  "declare",
  "validate",
  "approve",
  "execute",
  "reverse",
  "veto",
  "waive",
  "contain",
  "adopt",
] as const;

export type Duty = (typeof dutyNames)[number];

/** Who fills a duty: anybody of these roles, one of each role, or n people of different groups. */
export type DutyRule =
  | { readonly kind: "any"; readonly roles: NonEmpty<string> }
  | { readonly kind: "all"; readonly roles: NonEmpty<string> }
  | { readonly kind: "number"; readonly people: number; readonly groups: number };

export interface Authority {
  readonly duties: ReadonlyMap<Duty, DutyRule>;
  readonly separate: readonly (readonly [Duty, Duty])[];
  /** Roles whose word a plan needs beside its duties when it has this effect. */
  readonly signOffs: readonly SignOff[];
  /** Null: there is no emergency authority. */
  readonly breakGlass: { readonly need: number; readonly of: NonEmpty<string> } | null;
  /** Off unless adopted: what one person may do alone. */
  readonly solo: readonly Solo[];
  /** Roles to whose holders a duty may be delegated for hours. */
  readonly delegateTo: readonly string[];
  /** Keys kept offline, OpenSSH lines: they replace people's keys, and nothing else. */
  readonly recovery: { readonly need: number; readonly keys: NonEmpty<string> } | null;
  /** How long a policy that widens what may happen waits before it is adopted. */
  readonly wideningWaitMs: DurationMs;
  /** What becomes of a partly switched failover whose authority ends. */
  readonly afterFirstWrite: "finish" | "go-back";
}

interface SignOff {
  readonly when: PlanEffect;
  readonly roles: NonEmpty<string>;
}

/** Computed from the plan and the policy alone. */
export type PlanEffect = "changes-sign-in" | "changes-jurisdiction" | "changes-provider";

interface Solo {
  readonly person: string;
  readonly service: string;
  readonly targets: NonEmpty<string>;
}

interface Dependency {
  readonly id: string;
  readonly kind: "facility" | "account" | "network" | "registrar" | "identity-provider" | "third-party";
  readonly owner: string;
}

export interface Site {
  readonly id: string;
  readonly region: string;
  readonly jurisdiction: string;
  /** In the unit of the services' `demand`; null: not declared. */
  readonly capacity: number | null;
  readonly dependsOn: readonly string[];
}

export interface Endpoint {
  /** Canonical IP address. */
  readonly address: string;
  readonly port: number;
}

interface Vantage {
  readonly id: string;
  /** Vantages of one domain count as one voice. */
  readonly domain: string;
  readonly key: string | null;
  /** Whose nameservers answer it as they answer the audience. */
  readonly views: NonEmpty<string>;
}

interface Nameserver {
  /** Absolute name. */
  readonly name: string;
  readonly endpoints: NonEmpty<Endpoint>;
}

export interface Provider {
  readonly id: string;
  /** The one view that it publishes. */
  readonly view: string;
  readonly nameservers: NonEmpty<Nameserver>;
  /** In order of preference. */
  readonly paths: NonEmpty<PathDefinition>;
  /** Pointsman sends NOTIFY to the nameservers itself after a change (RFC 1996). */
  readonly notify: boolean;
  readonly fence: boolean;
}

export type PathDefinition =
  | {
      readonly type: "rfc2136";
      readonly name: string;
      readonly server: Endpoint;
      /** An entry of the settings' credentials. */
      readonly credential: string;
      readonly dependsOn: readonly string[];
    }
  | {
      readonly type: "manual";
      readonly name: string;
      readonly instructions: string;
      readonly dependsOn: readonly string[];
    };

/** A zone as one view has it. */
export interface Zone {
  /** Absolute name. */
  readonly name: string;
  readonly view: string;
  /** Of this view alone. */
  readonly providers: NonEmpty<string>;
  readonly dnssec: "required" | "unsigned";
  /** Left out: nothing is declared, and each change of a key is an alarm unless it was announced. */
  readonly signing?: Signing;
  /** When its registration ends, as declared. Left out: not known. */
  readonly expires?: Instant;
}

/** A resolver that is measured; it has no part in any decision. */
export interface Resolver {
  readonly id: string;
  /** Of those who use it. */
  readonly view: string;
  readonly endpoint: Endpoint;
  readonly channel: ResolverChannel;
}

export type ResolverChannel =
  | { readonly via: "udp" | "tcp" }
  | {
      readonly via: "dot" | "doh";
      /** Without final dot. Null: pins alone say who it is. */
      readonly name: string | null;
      /** SHA-256 over the key of its certificate, base64. */
      readonly pins: readonly string[];
      /** Of the resource that answers over HTTPS. */
      readonly path: string;
    };

/** How a zone is signed, as declared: what the integrity monitor expects of its keys. */
export interface Signing {
  /** Providers that sign with keys of their own; two or more know each other's keys (RFC 8901). */
  readonly signers: NonEmpty<string>;
  /** Numbers of the registry. */
  readonly algorithms: NonEmpty<number>;
  /** Where the private keys lie, as declared. */
  readonly privateKeys: string;
  /** By role: both `ksk` and `zsk`, or `csk` alone. */
  readonly roles: ReadonlyMap<KeyRole, KeyRule>;
  /** Entry points that stand ready beside those in use. */
  readonly standby: number;
  /** How the parent learns of a new DS. */
  readonly parent: "cds" | "api" | "by-hand";
  readonly parentWithinMs: DurationMs;
  /** The longest that a change takes to every nameserver. */
  readonly propagationMs: DurationMs;
  readonly largestTtlMs: DurationMs;
}

/** `csk`: one key for both, as a key that signs all and that a DS names. */
export type KeyRole = "ksk" | "zsk" | "csk";

export interface KeyRule {
  /** `signer`: by itself, at any time that the ages allow. */
  readonly rolledBy: "signer" | "person";
  readonly method: "pre-publication" | "double-signature" | "double-ds";
  readonly minAgeMs: DurationMs;
  /** Null: no key is too old. */
  readonly maxAgeMs: DurationMs | null;
}

export interface SteeredRecord {
  readonly id: string;
  readonly view: string;
  readonly zone: string;
  readonly name: string;
  readonly type: "A" | "AAAA" | "CNAME";
  /** Seconds. */
  readonly ttl: number;
}

export interface Service {
  readonly id: string;
  readonly owner: string;
  readonly objective: { readonly detectMs: DurationMs; readonly recoverMs: DurationMs };
  /** Dependencies that this service is itself, such as the identity provider. */
  readonly provides: readonly string[];
  readonly records: ReadonlyMap<string, SteeredRecord>;
  /** Site, then record: canonical RDATA, or the word `none`. Every record stands at every site. */
  readonly sites: ReadonlyMap<string, ReadonlyMap<string, NonEmpty<string> | "none">>;
  /** Site, then CNAME record: the addresses that checks connect to, canonical. Left out: it steers no CNAME. */
  readonly cnameAddresses?: ReadonlyMap<string, ReadonlyMap<string, NonEmpty<string>>>;
  readonly home: NonEmpty<string>;
  readonly minimumActive: number;
  readonly demand: number | null;
  readonly checks: NonEmpty<CheckDefinition>;
  readonly readiness: readonly ReadinessDefinition[];
  readonly bands: readonly Band[];
  /** Undo a move onto `site` (null: onto any) when it turns down within the time after the change. */
  readonly rollback: { readonly site: string | null; readonly withinMs: DurationMs } | null;
  readonly failback: { readonly stableForMs: DurationMs } | null;
  readonly frozen: readonly { readonly from: Instant; readonly until: Instant; readonly reason: string }[];
  /** Least time between the end of one automatic move and the next. */
  readonly holdDownMs: DurationMs;
  /** More changes of a site's verdict between up and down than this in the time: flapping. */
  readonly flapping: { readonly changes: number; readonly perMs: DurationMs };
}

interface CheckTiming {
  readonly name: string;
  readonly intervalMs: DurationMs;
  readonly timeoutMs: DurationMs;
  /** Passes in a row until up. */
  readonly rise: number;
  /** Failures in a row until down. */
  readonly fall: number;
}

export type CheckDefinition =
  | (CheckTiming & {
      readonly type: "http";
      readonly scheme: "http" | "https";
      /** Host of the URL: absolute name without final dot, sent as Host and SNI. */
      readonly host: string;
      readonly port: number;
      /** Path and query. */
      readonly path: string;
      readonly status: NonEmpty<number>;
      /** The body must contain this text; null: any body. */
      readonly contains: string | null;
      /** PEM of the certificate authorities to trust instead of the system's; null: the system's. */
      readonly trust: string | null;
    })
  | (CheckTiming & { readonly type: "tcp"; readonly port: number });

export type ReadinessDefinition = { readonly type: "tls"; readonly minValidityMs: DurationMs };

export type Signal =
  | {
      readonly kind: "verdict";
      readonly site: string;
      readonly verdict: "down" | "partly";
      readonly vantages: number;
      readonly forMs: DurationMs;
    }
  | { readonly kind: "error-rate"; readonly site: string; readonly overPercent: number; readonly forMs: DurationMs }
  | { readonly kind: "latency"; readonly site: string; readonly overMs: DurationMs; readonly forMs: DurationMs }
  | { readonly kind: "regional-loss"; readonly region: string; readonly forMs: DurationMs };

export type Move =
  | { readonly kind: "replace"; readonly from: string; readonly to: string }
  | { readonly kind: "drain"; readonly site: string }
  | { readonly kind: "add"; readonly site: string }
  | { readonly kind: "withdraw"; readonly site: string; readonly record: string }
  | { readonly kind: "isolate"; readonly site: string };

export interface Band {
  readonly name: string;
  readonly when: Signal;
  readonly move: Move;
  readonly authority: "pre-authorised" | "approve";
  readonly acceptedBy: readonly string[];
  readonly budget: { readonly moves: number; readonly perMs: DurationMs } | null;
  readonly expiresAt: Instant | null;
  /** Once within the budget, automation may put back what something else reverted. */
  readonly reassert: boolean;
}
