// `npm run test:long [-- SEED]`: the long seeds of the fuzz, kill and property tests, and whole rollovers of keys. Prints the seed and the figures.
import { randomInt } from "node:crypto";
import { controllerKills } from "./e2e/kills.ts";
import { dnssecTrial } from "./dnssec/long.ts";
import { fuzzWire } from "./fuzz/wire.ts";
import { wholeRollovers } from "./integrity/long-rollovers.ts";
import { journalKills } from "./journal/kills.ts";
import { longSuite } from "./long-suite.ts";
import { histories } from "./world/histories.ts";
import { simulateAll } from "./world/simulate.ts";
import { lateUpdates } from "./servers/late-updates.ts";

const seed = Number(process.argv[2] ?? randomInt(2 ** 31));
console.log(`seed ${seed}`);

const runs: readonly (readonly [string, () => unknown])[] = [
  ["decoder, 1 000 000 fuzzed messages", () => fuzzWire(seed, 1_000_000)],
  ["journal, 200 SIGKILLs of the writing process", () => journalKills(seed, 200)],
  ["controller, 200 SIGKILLs of the real process", () => controllerKills(seed, 200)],
  ["random schedules of faults, crashes and people, 500 worlds", () => simulateAll(seed, 500)],
  ["random histories of people who sign, 150 steps each, 200 worlds", () => histories(seed, 200)],
  ["steps of the clock at each step of the cycle", () => longSuite("unit", "test/world/clock-steps.test.ts")],
  ["DNSSEC, 40 000 altered answers; 3 000 of them by Unbound, 300 by delv", () => dnssecTrial(seed)],
  ["late UPDATEs, held back on the way", lateUpdates],
  ["whole automatic rollovers of BIND and Knot, no alarm", wholeRollovers],
];

for (const [name, run] of runs) {
  const started = Date.now();
  // oxlint-disable-next-line no-await-in-loop -- one after the other, so that the figures mean something
  const figures = await run();
  console.log(`${name}: ${JSON.stringify(figures)} in ${Math.round((Date.now() - started) / 1000)} s`);
}
