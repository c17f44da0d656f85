import { addresses, startInstallation, zone, type Installation, type SiteId } from "./overhead/installation.ts";
import { BareUpdate } from "./overhead/bare.ts";
import { startBind } from "../test/servers/bind.ts";
import { startNsd } from "../test/servers/nsd.ts";
import { freePort } from "../test/servers/ports.ts";
import { data } from "../test/servers/update.ts";
import type { RRset } from "../src/core/plan/rrset.ts";
import { invariant } from "../src/values/invariant.ts";
import { spreadOf, tableOf } from "./table.ts";

/** Bench (a): milliseconds, median of the runs with the least and the most. */
export interface OverheadRow {
  readonly what: string;
  readonly ms: string;
  /** Against the bare UPDATE and polling of the same round; the median of these. */
  readonly ratio: number;
}

const runs = 21;

/**
 * From the observation that completes the verdict until every nameserver is verified, on a signed BIND zone with an NSD
 * secondary, beside the bare UPDATE and polling for the same change; the same NOTIFY by us on both sides; interleaved.
 */
export async function benchOverhead(): Promise<readonly OverheadRow[]> {
  const records = [`login 1 IN A ${addresses.fra}`, `bare 1 IN A ${addresses.fra}`];
  const zones = [{ name: zone, records }];
  const port = await freePort();
  const bind = await startBind({ zones, signed: true });
  const nsd = await startNsd({ zones, primary: bind, port });
  const primary = { name: "ns1.example.net", address: bind.address, port: bind.port };
  const secondary = { name: "ns2.example.net", address: nsd.address, port: nsd.port };
  const installation = await startInstallation(primary, secondary);
  const bare = new BareUpdate(primary, secondary);
  const figures = { ours: [] as number[], updated: [] as number[], published: [] as number[] };
  try {
    for (let run = -1; run < runs; run += 1) {
      const [from, to]: readonly [SiteId, SiteId] = run % 2 === 0 ? ["iad", "fra"] : ["fra", "iad"];
      // oxlint-disable-next-line no-await-in-loop -- what is compared must not run at the same time
      const ours = await failover(installation, from);
      // oxlint-disable-next-line no-await-in-loop -- as above
      const { updatedMs, publishedMs } = await bare.change(values(from), values(to));
      if (run < 0) continue; // the first round is for warming up
      figures.ours.push(ours);
      figures.updated.push(updatedMs);
      figures.published.push(publishedMs);
    }
  } finally {
    await installation.stop();
    await Promise.all([bind.stop(), nsd.stop()]);
  }
  const row = (what: string, list: readonly number[]): OverheadRow => {
    const { minimum, median, maximum } = spreadOf(list);
    const ratio = spreadOf(list.map((ms, index) => ms / (figures.published[index] ?? Number.NaN))).median;
    return {
      what,
      ms: `${median.toFixed(1)} (${minimum.toFixed(1)}-${maximum.toFixed(1)})`,
      ratio: Number(ratio.toFixed(2)),
    };
  };
  return [
    row("bare UPDATE alone", figures.updated),
    row("bare UPDATE, until BIND and NSD have it", figures.published),
    row("pointsman, verdict to every nameserver verified", figures.ours),
  ];
}

/** One whole failover away from a site; milliseconds from the observation to `switched`, after which it is let close. */
async function failover({ controller, see }: Installation, down: SiteId): Promise<number> {
  see("none");
  await until(() => controller.state("login")?.placement !== null && controller.state("login")?.failover === null);
  let heard = 0;
  const switched = Promise.withResolvers<number>();
  // The entry's own time is that of the decision that every nameserver is verified, before it is durable.
  const end = controller.follow(({ type, at }) => {
    if (type === "failover-switched") switched.resolve(at - performance.timeOrigin - heard);
  });
  heard = see(down);
  const tookMs = await switched.promise;
  end();
  see("none");
  await until(() => controller.state("login")?.failover === null);
  return tookMs;
}

async function until(condition: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!condition()) {
    invariant(performance.now() - startedAt < 30_000, "the controller gets there within 30 s");
    // oxlint-disable-next-line no-await-in-loop -- polling
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function values(site: SiteId): RRset {
  const rrset = data("A", [addresses[site]]);
  invariant(rrset !== "absent", "a site has an address");
  return { ...rrset, ttl: 1 };
}

if (import.meta.main) console.log(tableOf(await benchOverhead()));
