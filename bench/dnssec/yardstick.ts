import { readFileSync } from "node:fs";
import { iterativePort } from "../../src/dns/resolution/iterative.ts";
import { trustAnchors } from "../../src/dns/dnssec/anchors.ts";
import { nameOf } from "../../src/dns/dnssec/sign.fixture.ts";
import { createValidator } from "../../src/dns/dnssec/validator.ts";
import { rrtype } from "../../src/dns/wire/rrtype.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { systemEntropy } from "../../src/platform/entropy.ts";
import { duration } from "../../src/values/time.ts";
import { makeCorpus, type Corpus } from "../../test/dnssec/corpus/corpus.ts";
import { askUnbound } from "../../test/dnssec/resolvers.ts";
import { startUnbound } from "../../test/servers/unbound.ts";
import { median, ratio, rateOf, roundsOf, spread, type Check, type Rates } from "./rate.ts";

/** Validated answers that nobody had in a cache, with the network, a second of the validating process's own time. */
export interface YardstickRow {
  readonly validator: string;
  readonly zone: string;
  readonly perCore: number;
  readonly spread: string;
  /** Over Unbound's in the same round: median (least-most). */
  readonly overUnbound: string;
  readonly byClock: number;
}

const rounds = 15;
const warmUpRounds = 2;
/** Enough that the hundredths of a second in which Linux counts do not matter. */
const answersPerRound = 1000;
/** P-256, two keys a zone; a wildcard, so that no name was ever asked for before, below a root and a top-level zone. */
const zones = { NSEC: "bind-13-nsec.beta.", NSEC3: "bind-13-nsec3.beta." } as const;

/**
 * Bench (g): answers made from a wildcard of zones that one NSD serves, each name asked for once: by Unbound, which a
 * client asks over UDP, and by our validator with its iterative port. The chain down to the zone is known to both. Unbound
 * keeps the NSEC that comes with each answer in its cache once it is validated; we validate it each time.
 */
export async function benchYardstick(): Promise<readonly YardstickRow[]> {
  const corpus = await makeCorpus();
  try {
    // Made from NSEC records in its cache, an answer would be neither asked for nor validated (RFC 8198).
    const unbound = await startUnbound({
      zones: corpus.zones.map(({ name }) => name),
      authority: corpus.server,
      anchor: corpus.anchor,
      server: ["aggressive-nsec: no"],
    });
    try {
      const ours = ourCheck(corpus);
      const theirs = async (name: string) => (await askUnbound(unbound, name, "A")).verdict === "secure";
      const rows: YardstickRow[] = [];
      for (const [denial, zone] of Object.entries(zones)) {
        // oxlint-disable-next-line no-await-in-loop -- what is compared must not run at the same time
        rows.push(...(await rowsOf(`${denial}, P-256`, zone, { ours, theirs, pid: unbound.pid })));
      }
      return rows;
    } finally {
      await unbound.stop();
    }
  } finally {
    await corpus.stop();
  }
}

interface Contestants {
  readonly ours: (name: string) => Promise<boolean>;
  readonly theirs: (name: string) => Promise<boolean>;
  /** Of Unbound. */
  readonly pid: number;
}

async function rowsOf(
  kind: string,
  zone: string,
  { ours, theirs, pid }: Contestants,
): Promise<readonly YardstickRow[]> {
  let asked = 0;
  const next = (check: (name: string) => Promise<boolean>): Check => {
    return () => {
      asked += 1;
      return check(`n${asked}.wild.${zone}`);
    };
  };
  const [unbound = [], our = []] = await roundsOf(
    [
      () => perSecondOf(pid, () => rateOf([next(theirs)], answersPerRound)),
      () => rateOf([next(ours)], answersPerRound),
    ],
    { warmUp: warmUpRounds, rounds },
  );
  return [
    {
      validator: "Unbound",
      zone: kind,
      ...figuresOf(unbound),
      overUnbound: "1.00",
      byClock: median(unbound, "byClock"),
    },
    {
      validator: "Pointsman",
      zone: kind,
      ...figuresOf(our),
      overUnbound: ratio(our, unbound, "perCore"),
      byClock: median(our, "byClock"),
    },
  ];
}

function figuresOf(rates: readonly Rates[]): Pick<YardstickRow, "perCore" | "spread"> {
  return { perCore: median(rates, "perCore"), spread: spread(rates, "perCore") };
}

function ourCheck({ server, anchor }: Corpus): (name: string) => Promise<boolean> {
  const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(5000) };
  const hints = [{ name: "ns.", addresses: [server.address] }];
  const port = iterativePort({ means, hints, portOf: () => server.port });
  const validator = createValidator({ port, anchors: trustAnchors({ anchors: anchor }) });
  const signal = new AbortController().signal;
  return async (name) => {
    const question = { name: nameOf(name), type: rrtype.A };
    return (await validator.resolve(question, means.clock.now(), signal)).verdict === "secure";
  };
}

/** The rate over the processor time of another process instead of ours. */
async function perSecondOf(pid: number, measure: () => Promise<Rates>): Promise<Rates> {
  const before = processorSecondsOf(pid);
  const rates = await measure();
  return { ...rates, perCore: answersPerRound / (processorSecondsOf(pid) - before) };
}

/** User and system time (proc(5), fields 14 and 15 of stat), in ticks of a hundredth of a second on Linux. */
function processorSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in brackets may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

const ticksPerSecond = 100;
