import { spreadOf } from "../table.ts";

/** Something checked, and whether it came out as it must. */
export type Check = () => Promise<boolean>;

/** Checks a second. */
export interface Rates {
  /** Of processor time of this process, its threads included: what one core does that is busy with nothing else. */
  readonly perCore: number;
  /** By the clock on the wall, with all cores that there are. */
  readonly byClock: number;
}

/** As many at once, so that libuv's threads never wait for work. */
const inFlight = 8;

/** Does `count` checks, each of `checks` in turn. @throws Error when one does not come out as it must. */
export async function rateOf(checks: readonly Check[], count: number): Promise<Rates> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const check = checks[next % checks.length];
      next += 1;
      // oxlint-disable-next-line no-await-in-loop -- as many at once as there are workers
      if (check === undefined || !(await check())) throw new Error("What the bench checks did not come out right.");
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const { user, system } = process.cpuUsage(cpu);
  const elapsedMs = performance.now() - begin;
  return { perCore: (count * 1e6) / (user + system), byClock: (count * 1e3) / elapsedMs };
}

/**
 * Measures all of them in each round, one after the other; gives the rounds of each, in their order. Who goes first
 * changes, so that none always runs on what another left in the caches. The first `warmUp` rounds do not count.
 */
export async function roundsOf(
  measures: readonly (() => Promise<Rates>)[],
  { warmUp, rounds }: { readonly warmUp: number; readonly rounds: number },
): Promise<readonly (readonly Rates[])[]> {
  const figures = measures.map((measure) => ({ measure, rates: [] as Rates[] }));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const { measure, rates } of round % 2 === 0 ? figures : figures.toReversed()) {
      // oxlint-disable-next-line no-await-in-loop -- what is compared must not run at the same time
      const measured = await measure();
      if (round >= 0) rates.push(measured);
    }
  }
  return figures.map(({ rates }) => rates);
}

export function median(rates: readonly Rates[], of: keyof Rates): number {
  return Math.round(spreadOf(rates.map((rate) => rate[of])).median);
}

export function spread(rates: readonly Rates[], of: keyof Rates): string {
  const { minimum, maximum } = spreadOf(rates.map((rate) => rate[of]));
  return `${Math.round(minimum)}-${Math.round(maximum)}`;
}

/** One over the other in the same round: median (least-most). */
export function ratio(ours: readonly Rates[], theirs: readonly Rates[], of: keyof Rates): string {
  const ratios = ours.map((rate, round) => rate[of] / (theirs[round]?.[of] ?? Number.NaN));
  const { minimum, median: middle, maximum } = spreadOf(ratios);
  return `${middle.toFixed(2)} (${minimum.toFixed(2)}-${maximum.toFixed(2)})`;
}
