import type { Fence, RRsetChange } from "../../src/core/plan/plan.ts";
import { sameData, type RRset } from "../../src/core/plan/rrset.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import type { ChangePath, WriteOrder, WriteOutcome } from "../../src/ports/change-path.ts";
import { add, second } from "../../src/values/time.ts";
import type { SimulatedClock } from "./clock.ts";
import { found, reaches, withRRset, type SimulatedDns, type ZoneVersion } from "./dns.ts";

/**
 * What happens to one message. `lose-request`: it never arrives. `lose-answer`: it takes effect, and nobody hears.
 * `hold`: it arrives only when the test releases it.
 */
export type MessageFault = "lose-request" | "lose-answer" | "hold" | "refuse" | "not-sent";

export interface SentMessage {
  readonly order: WriteOrder;
  readonly at: number;
  /** What the primary made of it, each time that it arrived; empty: it is still on its way, or lost. */
  readonly arrivals: ("applied" | "prerequisite-failed" | "refused")[];
}

const writeTimeoutMs = 2 * second;
/** A signature is accepted this long: our fudge. */
const fudgeMs = 30 * second;

/** All change paths of an installation: what they send, and what the primaries make of it by RFC 2136. */
export class SimulatedPaths {
  readonly sent: SentMessage[] = [];
  /** Asked for each message. */
  faultOf: (order: WriteOrder) => MessageFault | undefined = () => undefined;
  /** Told of each message before it leaves. */
  onSend: (order: WriteOrder) => void = () => {};
  readonly #dns: SimulatedDns;
  readonly #clock: SimulatedClock;
  readonly #held: SentMessage[] = [];

  constructor(dns: SimulatedDns, clock: SimulatedClock) {
    this.#dns = dns;
    this.#clock = clock;
  }

  forPolicy(policy: Policy): readonly ChangePath[] {
    return [...policy.providers.values()].flatMap((provider) =>
      provider.paths
        .filter(({ type }) => type !== "manual")
        .map(({ name }) => ({
          provider: provider.id,
          path: name,
          capabilities: { compareAndSwap: true, atomicRRsets: 64, minimumTtl: 0, shares: false },
          write: (order, lost) => this.#write(order, lost),
        })),
    );
  }

  /** What was held back on its way arrives now. */
  release(): void {
    for (const message of this.#held.splice(0)) this.#arrive(message);
  }

  /** The same octets arrive once more, as an attacker or a bad network may have it. */
  repeat(message: SentMessage): void {
    this.#arrive(message);
  }

  async #write(order: WriteOrder, lost: AbortSignal): Promise<WriteOutcome> {
    if (lost.aborted) return { outcome: "not-sent", code: "stopping" };
    const fault = this.faultOf(order);
    const primary = this.#dns.primary(order.change.provider);
    if (fault === "not-sent") return { outcome: "not-sent", code: "connect-refused" };
    const message: SentMessage = { order, at: this.#clock.now(), arrivals: [] };
    this.onSend(order);
    this.sent.push(message);
    if (fault === "hold") this.#held.push(message);
    if (fault === "lose-request" || fault === "hold" || !reaches(primary)) return await this.#timeOut();
    await this.#clock.wait(this.#dns.latencyMs());
    if (fault === "refuse") {
      message.arrivals.push("refused");
      return { outcome: "refused", code: "REFUSED" };
    }
    const outcome = this.#arrive(message);
    if (fault === "lose-answer") return await this.#timeOut();
    await this.#clock.wait(this.#dns.latencyMs());
    return outcome === "applied" ? { outcome, receipt: "NOERROR" } : { outcome: "conflict", code: "NXRRSET" };
  }

  async #timeOut(): Promise<WriteOutcome> {
    const lateUntil = add(this.#clock.now(), fudgeMs);
    await this.#clock.wait(writeTimeoutMs);
    return { outcome: "unknown", code: "timeout", lateUntil };
  }

  #arrive(message: SentMessage): "applied" | "prerequisite-failed" {
    const { change, fences, attempt } = message.order;
    const { zone } = this.#dns.primary(change.provider);
    const stands = prerequisitesHold(zone, change.rrsets, fences);
    message.arrivals.push(stands ? "applied" : "prerequisite-failed");
    if (!stands) return "prerequisite-failed";
    this.#dns.change(change.provider, attempt, (before) => updated(before, change.rrsets, fences));
    return "applied";
  }
}

/** RFC 2136 §2.4 and §3.2: every RRset and every fence holds exactly what the message names. */
function prerequisitesHold(zone: ZoneVersion, changes: readonly RRsetChange[], fences: readonly Fence[]): boolean {
  return (
    changes.every(({ name, type, before }) => sameData(zone.rrsets.get(`${name} ${type}`) ?? "absent", before)) &&
    fences.every(({ name, before }) => (zone.fences.get(name) ?? null) === before)
  );
}

function updated(
  zone: ZoneVersion,
  changes: readonly RRsetChange[],
  fences: readonly Fence[],
): Omit<ZoneVersion, "serial"> {
  let rrsets: ReadonlyMap<string, RRset> = zone.rrsets;
  for (const { name, type, after } of changes) rrsets = withRRset(rrsets, `${name} ${type}`, after);
  return { rrsets, fences: new Map([...zone.fences, ...fences.map(({ name, after }) => [name, after] as const)]) };
}

export function lastSent(paths: SimulatedPaths): SentMessage {
  return found(paths.sent.at(-1), "message");
}
