import type { Observation, ProbeTarget } from "../core/health/observation.ts";
import type { Endpoint } from "../core/policy/policy.ts";
import type { ClockWitnessSink } from "../ports/clock-witness.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import { hashOfBatch, type ObservationBatch, type ObservationSource } from "../ports/observations.ts";
import { invariant } from "../values/invariant.ts";
import { toHex, utf8 } from "../values/octets.ts";
import { type Sha256, sha256 } from "../values/sha256.ts";
import { type DurationMs, duration, second } from "../values/time.ts";
import { createProber } from "./checks/index.ts";
import { type Connector, directConnector } from "./connector.ts";
import { type ControlWatch, watchControls } from "./controls.ts";
import { silentReasons } from "./socket-reason.ts";

/** More checks of one vantage than this do not run at once; the rest wait their turn. */
export const checksInFlightMax = 512;
/** Control places are tried at least this often, and again for each failure. */
const controlIntervalMs = duration(5 * second);

export interface VantageOptions {
  readonly installation: Sha256;
  readonly vantage: string;
  readonly policy: Sha256;
  readonly targets: readonly ProbeTarget[];
  readonly controls: readonly Endpoint[];
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Undefined: straight to the address, from the source address that the system chooses. */
  readonly connect?: Connector;
  /** Hears the time of answers to checks. */
  readonly clockWitnesses?: ClockWitnessSink;
}

/**
 * A vantage in this process: runs every target at its interval, never one of them twice at once, and delivers each
 * result as it comes (those of one millisecond together). A failure is held back until a control round that started
 * after it has ended, so that a batch never calls a site down before it knows whether this vantage is cut off.
 */
export function createVantage(options: VantageOptions): ObservationSource {
  return {
    start(receive) {
      const abort = new AbortController();
      const means = { clock: options.clock, connect: options.connect ?? directConnector(), signal: abort.signal };
      const controls = watchControls(options.controls, means);
      const outbox = createOutbox(options, controls, receive);
      const prober = createProber(means.clock, means.connect, options.clockWitnesses);
      const places = createPlaces(checksInFlightMax);
      const startedAt = means.clock.monotonic();

      async function check(target: ProbeTarget): Promise<void> {
        const observation = await places.run(() => prober.probe(target, abort.signal));
        if (silentReasons.has(observation.reason)) return;
        if (observation.reason !== "pass" || !controls.passes()) await controls.confirm(means.clock.monotonic());
        if (!abort.signal.aborted) outbox.add(observation);
      }
      const loops = options.targets.map((target) => {
        const phase = phaseOf(options.vantage, target);
        return repeat(means.clock, startedAt + phase, target.definition.intervalMs, () => check(target));
      });
      loops.push(repeat(means.clock, startedAt, controlIntervalMs, () => controls.confirm(means.clock.monotonic())));
      return Promise.resolve(async () => {
        abort.abort();
        await Promise.all(loops.map((stop) => stop()));
        outbox.close();
      });
    },
  };
}

/**
 * When in its interval a check runs: multiples of the golden ratio spread any number of checks evenly (Knuth, TAOCP 3,
 * §6.4), and each vantage begins elsewhere, so that neither a site nor this machine gets bursts. Deterministic.
 */
export function phaseOf(vantage: string, { check, definition }: ProbeTarget): DurationMs {
  const shift = Number.parseInt(sha256(utf8(vantage)).slice(0, 8), 16) / 2 ** 32;
  const fraction = (shift + check * 0.618_033_988_749_894_9) % 1;
  return duration(Math.floor(fraction * definition.intervalMs));
}

/** Runs `task` at `first` and every interval after it, skipping the times at which it still runs. Returns what stops it. */
function repeat(clock: Clock, first: number, intervalMs: DurationMs, task: () => Promise<void>): () => Promise<void> {
  let stopped = false;
  let running = Promise.resolve();
  let cancel = clock.schedule(duration(Math.max(0, first - clock.monotonic())), run);

  function run(): void {
    running = task().then(again);
  }
  function again(): void {
    if (stopped) return;
    const late = clock.monotonic() - first;
    cancel = clock.schedule(duration(intervalMs - (late % intervalMs)), run);
  }
  return () => {
    stopped = true;
    cancel();
    return running;
  };
}

/** Lets at most `most` tasks run at once, the others in the order they came. */
function createPlaces(most: number): { run<Result>(task: () => Promise<Result>): Promise<Result> } {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    async run(task) {
      if (taken < most) taken += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      const result = await task();
      const next = waiting.shift();
      if (next === undefined) taken -= 1;
      else next();
      return result;
    },
  };
}

interface Outbox {
  add(observation: Observation): void;
  /** Delivers what has not been; nothing comes after. */
  close(): void;
}

/** Groups observations of one millisecond into batches, and chains these. */
function createOutbox(
  { installation, vantage, policy, clock, entropy }: VantageOptions,
  controls: ControlWatch,
  receive: (batch: ObservationBatch) => void,
): Outbox {
  const boot = toHex(entropy.octets(16));
  let ordinal = 0;
  let before: Sha256 | undefined;
  let observations: Observation[] = [];
  let cancel: (() => void) | undefined;
  let open = true;

  function flush(): void {
    cancel = undefined;
    const controlsPass = controls.passes();
    const batch = { installation, vantage, boot, ordinal, before, policy, skewMs: 0, controlsPass, observations };
    observations = [];
    ordinal += 1;
    before = hashOfBatch(batch);
    receive(batch);
  }
  return {
    add(observation) {
      invariant(open, "a stopped vantage observes nothing");
      observations.push(observation);
      cancel ??= clock.schedule(duration(0), flush);
    },
    close() {
      open = false;
      if (cancel === undefined) return;
      cancel();
      flush();
    },
  };
}
