// `npm run bench [-- overhead|statements|wire|probes|journal|dnssec]`: the figures of README and docs, with their peers beside them in the
// same run. The first, and the yardstick of the last, need DNS servers (`npm run test:servers` brings them).
import { missingPackages, aptLine } from "../test/servers/install.ts";
import { benchChains } from "./dnssec/chains.ts";
import { benchHostile } from "./dnssec/hostile.ts";
import { benchRRsets } from "./dnssec/rrsets.ts";
import { benchYardstick } from "./dnssec/yardstick.ts";
import { benchJournal } from "./journal.ts";
import { benchOverhead } from "./overhead.ts";
import { benchStatements } from "./statements.ts";
import { benchProbes } from "./probes.ts";
import { tableOf } from "./table.ts";
import { benchWire } from "./wire.ts";

const benches: readonly (readonly [string, string, () => Promise<readonly object[]>])[] = [
  [
    "overhead",
    "(a) from the verdict until every nameserver is verified, milliseconds: median (least-most)",
    () => withServers(benchOverhead),
  ],
  [
    "statements",
    "(i) from an approval's arrival until its order reaches the change path, milliseconds: median (least-most)",
    () => withServers(benchStatements),
  ],
  ["wire", "(b) wire codec, nanoseconds an operation", benchWire],
  ["probes", "(c) HTTP checks, a new connection each", benchProbes],
  ["journal", "(d) durable intents, and appends in groups", benchJournal],
  ["dnssec", "(e) RRsets validated, keys cached, over bare signature checks", benchRRsets],
  ["dnssec", "(f) whole chains validated, from octets to a verdict", benchChains],
  ["dnssec", "(g) uncached answers validated, network included, beside Unbound", () => withServers(benchYardstick)],
  ["dnssec", "(h) verdicts of good zones beside a KeyTrap zone, milliseconds", benchHostile],
];

const wanted = process.argv.slice(2);
for (const [name, title, run] of benches) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${title}\n`);
  // oxlint-disable-next-line no-await-in-loop -- what is compared must not run at the same time
  console.log(tableOf(await run()));
}

async function withServers(bench: () => Promise<readonly object[]>): Promise<readonly object[]> {
  const missing = missingPackages();
  return missing.length === 0 ? await bench() : [{ skipped: `missing: ${aptLine(missing)}` }];
}
