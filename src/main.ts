import { readFileSync } from "node:fs";
import { runCommandLine } from "./cli/index.ts";
import { refusalOf } from "./cli/frame/failure.ts";
import { processTerminal } from "./cli/frame/process-terminal.ts";
import { systemClock } from "./platform/clock.ts";
import { systemEntropy } from "./platform/entropy.ts";
import { socketOf } from "./wiring/offline.ts";

// A crash report does not name what the environment holds (N11). The flag
// --report-exclude-env is the same; here it holds however Node was started.
if (process.report !== undefined) {
  process.report.excludeEnv = true;
}
process.once("uncaughtException", endWith);
process.once("unhandledRejection", endWith);
// Who reads the output may have seen enough: `pointsman status | head -1`.
process.stdout.once("error", () => process.exit(0));

process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: processTerminal({
    colour: process.argv.includes("--no-color") || process.argv.includes("--json") ? "never" : "as-fits",
    clock: systemClock(),
    entropy: systemEntropy(),
  }),
  environment: process.env,
  version: ownVersion(),
  socketOf,
});

/** One sentence, no stack: the journal is whole after any crash, and the next start reads back what was in flight. */
function endWith(error: unknown): void {
  const { says, mend } = refusalOf(error);
  process.stderr.write(`pointsman: ${says}\n${mend}\n`);
  process.exit(1);
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const known = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return known && typeof manifest.version === "string" ? manifest.version : "unknown";
}
