import type { ProbeTarget } from "../../src/core/health/observation.ts";
import { rdataToText } from "../../src/dns/wire/rdata.ts";
import type { ServiceCaller } from "../../src/ports/service-caller.ts";
import type { SimulatedClock } from "./clock.ts";

/** `slow`: it takes connections and never answers. */
export type Condition = "up" | "down" | "slow";

/** Sites that serve, or not. */
export class SimulatedSites implements ServiceCaller {
  readonly #targets: readonly ProbeTarget[];
  readonly #clock: SimulatedClock;
  readonly #conditions = new Map<string, Condition>();

  constructor(targets: readonly ProbeTarget[], clock: SimulatedClock) {
    this.#targets = targets;
    this.#clock = clock;
  }

  /** A whole site, or one record of it: `fra`, `fra/v6`. */
  set(site: string, condition: Condition): void {
    this.#conditions.set(site, condition);
  }

  conditionOf({ site, record }: { readonly site: string; readonly record: string }): Condition {
    return this.#conditions.get(`${site}/${record}`) ?? this.#conditions.get(site) ?? "up";
  }

  /** How a check there ends, and after how long. */
  probe(target: ProbeTarget): { readonly reason: string; readonly tookMs: number } {
    switch (this.conditionOf(target)) {
      case "up":
        return { reason: "pass", tookMs: 20 };
      case "down":
        return { reason: "connect-refused", tookMs: 10 };
      case "slow":
        return { reason: "timeout", tookMs: target.definition.timeoutMs };
    }
  }

  async call(
    service: Parameters<ServiceCaller["call"]>[0],
    answers: Parameters<ServiceCaller["call"]>[1],
    signal: AbortSignal,
  ): Promise<string | null> {
    const addresses = answers.flatMap(({ record, rrset }) =>
      rrset === "absent" ? [] : rrset.rdata.map((rdata) => rdataToText(record.type, rdata)),
    );
    if (addresses.length === 0) return "no address";
    for (const address of addresses) {
      const target = this.#targets.find((one) => one.service === service.id && one.address === address);
      if (target === undefined) return `port at ${address}: connect-refused`;
      const { reason, tookMs } = this.probe(target);
      // oxlint-disable-next-line no-await-in-loop -- the first failure is the answer
      await this.#clock.wait(tookMs, signal);
      if (reason !== "pass") return `${target.definition.name} at ${address}: ${reason}`;
    }
    return null;
  }
}
