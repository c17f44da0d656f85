import { startRollingWorld, watchRollover } from "./rollover.ts";
const [kind, what] = process.argv.slice(2) as any;
const t = Date.now();
const world = await startRollingWorld(kind, what === "algorithm" ? null : what);
console.log("up", Date.now()-t);
try { console.log(await watchRollover(world, what, 110_000)); console.log("all", Date.now()-t); } catch (e) { console.log(String(e).slice(0,6000)) } finally { await world.stop(); }
