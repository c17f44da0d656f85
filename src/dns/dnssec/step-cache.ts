import { canonicalText, type Name } from "../wire/name.ts";
import { keysPerZoneMax } from "./limits.ts";
import { earlier } from "./reasons.ts";
import type { SecureZone, Step } from "./step.ts";
import { second, type Instant } from "../../values/time.ts";
import { equalOctets } from "../../values/octets.ts";

/** Questions whose times are no further apart are of one time: they began before they came to the same step. */
const clockSlackMs = 10 * second;

/** A question on its way down, as far as the memory of steps has to do with it. */
export interface Walker {
  readonly now: Instant;
  readonly signal: AbortSignal;
  readonly budget: { endStep(): void };
  /** Steps that this question has gone, failed ones too: none is gone twice. Grows. */
  readonly gone: Map<string, GoneStep>;
  /** Steps that it does not believe, if they were made before this number. */
  readonly distrusted: ReadonlyMap<string, number>;
}

export interface GoneStep {
  readonly step: Step;
  readonly name: Name;
  readonly from: "here" | "cache";
}

type LastingStep = Exclude<Step, { readonly kind: "failed" }>;

interface Entry {
  readonly step: LastingStep;
  /** Believed from then on: a question of a time before it, as a corpus may ask, believes nothing of the future. */
  readonly from: Instant;
  readonly number: number;
}

interface Flight {
  readonly step: Promise<Step>;
  readonly by: Walker;
  readonly number: number;
}

/**
 * The steps of all chains, each until its signatures or TTLs end: validated keys, cuts, insecure delegations. Several
 * questions that want one step at once wait for one making of it.
 */
export class StepCache {
  readonly #entriesMax: number;
  readonly #entries = new Map<string, Entry>();
  readonly #flights = new Map<string, Flight>();
  #number = 0;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /** The number of the newest step: those up to it are what a question that begins now finds. */
  get newest(): number {
    return this.#number;
  }

  async get(key: string, name: Name, walker: Walker, make: () => Promise<Step>): Promise<Step> {
    const gone = walker.gone.get(key);
    if (gone !== undefined) return gone.step;
    const flight = this.#flightOf(key, walker);
    // Nothing is awaited between the look for a flight and the start of one, or several would start at once.
    const known = this.#known(key, walker) ?? (flight === undefined ? undefined : await shared(flight, walker));
    const step = known ?? (await this.#make(key, walker, make));
    walker.gone.set(key, { step, name, from: known === undefined ? "here" : "cache" });
    return step;
  }

  /** Another DNSKEY set of a zone that was validated: its keys join those that are remembered. */
  learn(zone: Name, step: Extract<Step, { readonly kind: "zone" }>, now: Instant): void {
    for (const key of [stepKey(zone), anchorKey(zone)]) {
      const entry = this.#entries.get(key);
      if (entry?.step.kind === "zone" && entry.from <= now && now < entry.step.until) {
        const joined = joinedKeys(entry.step.zone, step.zone);
        const until = earlier(entry.step.until, joined.until);
        this.#remember(key, { ...entry, step: { ...entry.step, zone: joined, until } });
      }
    }
  }

  #known(key: string, walker: Walker): Step | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || walker.now < entry.from - clockSlackMs || walker.now >= entry.step.until)
      return undefined;
    if (entry.number <= (walker.distrusted.get(key) ?? 0)) return undefined;
    // Used last, forgotten last.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.step;
  }

  #flightOf(key: string, walker: Walker): Flight | undefined {
    const flight = this.#flights.get(key);
    return flight === undefined || flight.number <= (walker.distrusted.get(key) ?? 0) ? undefined : flight;
  }

  async #make(key: string, walker: Walker, make: () => Promise<Step>): Promise<Step> {
    this.#number += 1;
    const flight = { step: make(), by: walker, number: this.#number };
    this.#flights.set(key, flight);
    try {
      const step = this.#joined(key, await flight.step, walker.now);
      if (step.kind !== "failed") this.#remember(key, { step, from: walker.now, number: flight.number });
      return step;
    } finally {
      walker.budget.endStep();
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    }
  }

  #remember(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#entriesMax && oldest !== undefined) this.#entries.delete(oldest);
  }

  /**
   * A zone asked again: its nameservers may give different DNSKEY sets (RFC 8901, or a rollover that has not reached
   * them all). An answer is good by a key of any that is validated and has not ended.
   */
  #joined(key: string, step: Step, now: Instant): Step {
    const before = this.#entries.get(key);
    if (step.kind !== "zone" || before?.step.kind !== "zone") return step;
    if (now < before.from || now >= before.step.until) return step;
    const zone = joinedKeys(step.zone, before.step.zone);
    return { ...step, zone, until: earlier(step.until, zone.until) };
  }
}

/** Under what the step down to a name is remembered. */
export function stepKey(name: Name): string {
  return canonicalText(name);
}

/** The same, of a zone whose keys an anchor vouches for. */
export function anchorKey(zone: Name): string {
  return `anchor ${canonicalText(zone)}`;
}

/** What another question is finding out just now; not what came of its own end or its own budget. */
async function shared(flight: Flight, walker: Walker): Promise<Step | undefined> {
  const step = await flight.step;
  const isOwn = step.kind === "failed" && (flight.by.signal.aborted || step.fault.verdict === "unverifiable");
  const isForNow = Math.abs(walker.now - flight.by.now) <= clockSlackMs;
  const hasEnded = step.kind !== "failed" && walker.now >= step.until;
  return isOwn || !isForNow || hasEnded ? undefined : step;
}

function joinedKeys(fresh: SecureZone, before: SecureZone): SecureZone {
  const others = before.keys.filter(({ rdata }) => !fresh.keys.some((key) => equalOctets(key.rdata, rdata)));
  if (others.length === 0) return fresh;
  const keys = [...fresh.keys, ...others].slice(0, keysPerZoneMax);
  return { ...fresh, keys, until: earlier(fresh.until, before.until) };
}
