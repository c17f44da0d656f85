// `node test/golden/make.ts RELEASE`: writes the golden journal of a release, once. Later releases replay it as it is: the
// meaning of an entry never changes, and a new meaning is a new type or version.
import { writeFileSync } from "node:fs";
import { fromUtf8 } from "../../src/values/octets.ts";
import { hour, minute } from "../../src/values/time.ts";
import { World } from "../world/world.ts";
import { foldJournal } from "./fold.ts";

const [release] = process.argv.slice(2);
if (release === undefined) throw new Error("name the release");

const world = await World.start({ providers: { primary: 3 } });
world.sites.set("fra", "down");
await world.entry("failover-recovered");
await world.entry("failover-ended", 10 * minute);
world.sites.set("fra", "up");
const home = await world.entry("failover-proposed", hour);
await world.ask({ kind: "approve", failover: home.failover, planHash: home.planHash });
await world.entry("failover-ended", 10 * minute);
await world.ask({ kind: "stop" });
await world.ask({ kind: "resume" });
await world.ask({ kind: "declare", move: { kind: "to", site: "iad" } });
await world.ask({ kind: "veto", failover: "login-3" });
world.foreignWrite("v4", { ttl: 60, rdata: ["0a0b0c0d"] });
await world.entry("drift-found");
await world.ask({ kind: "adopt", record: "v4" });

const entries = world.store.entries.map((octets) => fromUtf8(octets) ?? "");
const golden = { release, entries, ...foldJournal(entries) };
writeFileSync(new URL(`${release}.json`, import.meta.url), `${JSON.stringify(golden, null, 1)}\n`);
console.log(`${entries.length} entries`);
process.exit(0);
