import { endpointText } from "../../src/core/policy/endpoint.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import { rrsetUnder, placementAt } from "../../src/core/plan/placement.ts";
import type { Authenticity } from "../../src/core/integrity/survey.ts";
import type { RRset } from "../../src/core/plan/rrset.ts";
import { duration } from "../../src/values/time.ts";
import { Random } from "../fuzz/random.ts";
import type { SimulatedClock } from "./clock.ts";

/** One version of a zone. Immutable: a transfer hands it on as it is. */
export interface ZoneVersion {
  readonly serial: number;
  /** By `name type`. */
  readonly rrsets: ReadonlyMap<string, RRset>;
  /** By the fence's name. */
  readonly fences: ReadonlyMap<string, string>;
}

/** A nameserver and what is wrong with it. */
export interface SimulatedNameserver {
  readonly provider: string;
  readonly name: string;
  /** `address:port` */
  readonly address: string;
  zone: ZoneVersion;
  answers: "all" | "nothing" | "udp-only" | "lame" | "no-route";
  /** A nameserver that is stuck keeps its old data, whatever it is told. */
  transfers: "work" | "stuck";
  /** What a validator says of its answers. */
  authenticity: Authenticity;
  /** Its signatures have ended, by the time that it is here. */
  signaturesEndAt: number | null;
}

/** Something that was changed at a primary, by us or by others. */
export interface AppliedChange {
  readonly provider: string;
  /** Undefined when it was none of ours. */
  readonly attempt: string | undefined;
  readonly at: number;
  readonly before: ZoneVersion;
  readonly after: ZoneVersion;
}

/** A primary tells its secondaries this much later, as BIND does (measured). */
const primaryNotifyMs = 500;
/** A secondary looks by itself this often. */
const refreshMs = 300_000;

/** Nameservers by provider: the first is the primary, the others follow by transfer. */
export class SimulatedDns {
  readonly nameservers: readonly SimulatedNameserver[];
  /** In the order in which they took effect. */
  readonly applied: AppliedChange[] = [];
  /** Names that are delegated away, and the wildcard above a name. */
  readonly cuts = new Map<string, string>();
  readonly wildcards = new Map<string, string>();
  /** Told of each change, when it takes effect. */
  readonly listeners: ((change: AppliedChange) => void)[] = [];
  readonly #clock: SimulatedClock;
  readonly #random: Random;

  constructor(policy: Policy, clock: SimulatedClock, seed: number) {
    this.#clock = clock;
    this.#random = new Random(seed ^ 0xd45);
    const zone = homeZone(policy);
    this.nameservers = [...policy.providers.values()].flatMap((provider) =>
      provider.nameservers.map(({ name, endpoints: [endpoint] }) => ({
        provider: provider.id,
        name,
        address: endpointText(endpoint),
        zone,
        answers: "all" as const,
        transfers: "work" as const,
        authenticity: "secure" as const,
        signaturesEndAt: null,
      })),
    );
    for (const secondary of this.nameservers) this.#refresh(secondary);
  }

  primary(provider = "primary"): SimulatedNameserver {
    return found(
      this.nameservers.find((one) => one.provider === provider),
      provider,
    );
  }

  /** The nameserver of this number, 0 being the primary. */
  nameserver(number: number, provider = "primary"): SimulatedNameserver {
    return found(this.nameservers.filter((one) => one.provider === provider)[number], String(number));
  }

  at(address: string): SimulatedNameserver {
    return found(
      this.nameservers.find((one) => one.address === address),
      address,
    );
  }

  /** Changes a zone at its primary, and tells the secondaries. */
  change(
    provider: string,
    attempt: string | undefined,
    edit: (zone: ZoneVersion) => Omit<ZoneVersion, "serial">,
  ): void {
    const primary = this.primary(provider);
    const before = primary.zone;
    const after = { ...edit(before), serial: before.serial + 1 };
    primary.zone = after;
    const change = { provider, attempt, at: this.#clock.now(), before, after };
    this.applied.push(change);
    for (const listener of this.listeners) listener(change);
    for (const secondary of this.#secondaries(provider)) this.transferSoon(secondary, primaryNotifyMs);
  }

  /** Somebody else writes. */
  foreignWrite(key: string, rrset: RRset | "absent", provider = "primary"): void {
    this.change(provider, undefined, ({ rrsets, fences }) => ({ rrsets: withRRset(rrsets, key, rrset), fences }));
  }

  /** After a while a secondary asks for the newest version, and has it, unless something is wrong with either. */
  transferSoon(secondary: SimulatedNameserver, delayMs: number): void {
    const transfer = (): void => {
      const primary = this.primary(secondary.provider);
      if (secondary.transfers === "stuck" || !reaches(primary) || !reaches(secondary)) return;
      secondary.zone = primary.zone;
    };
    this.#clock.schedule(duration(delayMs + this.latencyMs()), transfer);
  }

  /** 1 to 8 ms. */
  latencyMs(): number {
    return 1 + this.#random.below(8);
  }

  /** What every nameserver would say of a record, whether or not it answers. */
  data(key: string): readonly (RRset | "absent")[] {
    return this.nameservers.map(({ zone }) => zone.rrsets.get(key) ?? "absent");
  }

  #secondaries(provider: string): readonly SimulatedNameserver[] {
    return this.nameservers.filter((one) => one.provider === provider).slice(1);
  }

  #refresh(secondary: SimulatedNameserver): void {
    if (secondary === this.primary(secondary.provider)) return;
    this.#clock.schedule(duration(refreshMs), () => {
      this.transferSoon(secondary, 0);
      this.#refresh(secondary);
    });
  }
}

export function reaches(nameserver: SimulatedNameserver): boolean {
  return nameserver.answers !== "nothing" && nameserver.answers !== "no-route";
}

export function withRRset(
  rrsets: ReadonlyMap<string, RRset>,
  key: string,
  rrset: RRset | "absent",
): ReadonlyMap<string, RRset> {
  const others = new Map(rrsets);
  others.delete(key);
  return rrset === "absent" ? others : others.set(key, rrset);
}

/** Every service stands at home. */
function homeZone(policy: Policy): ZoneVersion {
  const rrsets = new Map<string, RRset>();
  for (const service of policy.services.values())
    for (const { id, name, type } of service.records.values()) {
      const rrset = rrsetUnder(service, id, placementAt(service.home));
      if (rrset !== "absent") rrsets.set(`${name} ${type}`, rrset);
    }
  return { serial: 1, rrsets, fences: new Map() };
}

export function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`the simulated world has no ${what}`);
  return value;
}
