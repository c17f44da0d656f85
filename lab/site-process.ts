// A site as a process of its own, so that a test or the demo can kill it. Its one argument is SiteOptions as JSON (over
// the environment's POINTSMAN_LAB_SITE instead, where a private key is in it); it prints {"port":N} once it listens, and
// ends with its parent.
import { startSite, type SiteOptions } from "./site.ts";

const given = process.argv[2] ?? process.env["POINTSMAN_LAB_SITE"];
if (given === undefined) throw new Error("usage: site-process.ts SITE-OPTIONS-AS-JSON");
const options: SiteOptions = JSON.parse(given);
const site = await startSite(options);
process.stdout.write(`${JSON.stringify({ port: site.port })}\n`);
process.stdin.on("end", () => process.exit(0)).resume();
