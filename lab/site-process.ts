// A site as a process of its own, so that a test or the demo can kill it. Its one argument is SiteOptions as JSON; it
// prints {"port":N} once it listens, and ends when its standard input does: with its parent.
import { startSite, type SiteOptions } from "./site.ts";

const [given] = process.argv.slice(2);
if (given === undefined) throw new Error("usage: site-process.ts SITE-OPTIONS-AS-JSON");
const options: SiteOptions = JSON.parse(given);
const site = await startSite(options);
process.stdout.write(`${JSON.stringify({ port: site.port })}\n`);
process.stdin.on("end", () => process.exit(0)).resume();
