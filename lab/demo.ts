// The main job on an embedded world: `npm run demo`. The controller in it is the one that `pointsman run` starts.
import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { systemClock } from "../src/platform/clock.ts";
import { PointsmanError } from "../src/values/refusal.ts";
import { startInstallation, type RunningInstallation } from "../src/wiring/controller.ts";
import { readInstallation } from "../src/wiring/offline.ts";
import { readOptions, usage, type DemoOptions } from "./demo/options.ts";
import { createScreen, type Screen } from "./demo/screen.ts";
import { playStory } from "./demo/story.ts";
import { summaryOf, tellSummary, type Summary } from "./demo/summary.ts";
import { startLab, type Lab } from "./world.ts";

/** `--once` ends by itself within a minute, whatever happens. */
const onceMsMax = 55_000;

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  let options: DemoOptions | undefined;
  try {
    options = readOptions(words);
  } catch (error) {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const signal = endOf(options);
  try {
    const summary = await run(options, signal);
    if (options.output === "json") process.stdout.write(`${JSON.stringify(summary)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`demo: ${sentenceOf(signal.aborted ? signal.reason : error)}\n`);
    return 1;
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof PointsmanError) return `${error.refusal.says} ${error.refusal.mend}`;
  return error instanceof Error ? error.message : String(error);
}

/** Aborts when somebody interrupts the demo, and where nobody watches, when it takes too long. */
function endOf({ pace }: DemoOptions): AbortSignal {
  const interruption = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(name, () => interruption.abort(new Error("The demo was interrupted.")));
  if (pace === "unhurried") return interruption.signal;
  const late = setTimeout(
    () => interruption.abort(new Error(`The demo did not end within ${onceMsMax / 1000} s.`)),
    onceMsMax,
  );
  late.unref();
  return interruption.signal;
}

/** Plays it, and ends every process and socket of it whatever comes. @throws Error with one sentence. */
async function run(options: DemoOptions, signal: AbortSignal): Promise<Summary> {
  const screen = createScreen(options.output === "json" ? process.stderr : process.stdout);
  const lab = await startLab();
  let installation: RunningInstallation | undefined;
  try {
    tellPlace(lab, screen);
    installation = await startController(lab);
    if (options.pace === "unhurried") {
      screen.line("look", `from another terminal: npm run pointsman -- status --settings ${lab.settingsFile}`);
      screen.line("validate", `with BIND's validator: ${lab.anchorFiles.command}`);
    }
    const { controller } = installation;
    const seen = await playStory({ lab, operations: controller, screen, signal }, options.consent);
    await installation.stop();
    const summary = summaryOf(seen, controller.about().journalSize);
    const { services } = [...controller.world().policies.values()].at(-1) ?? {};
    tellSummary(summary, services?.get(lab.service)?.objective, screen);
    return summary;
  } finally {
    await installation?.stop();
    await lab.stop(options.folder);
    if (options.folder === "keep") screen.line("kept", `${lab.folder} has the files and the journal`);
  }
}

function tellPlace(lab: Lab, screen: Screen): void {
  screen.heading("A small world on this machine (lab, an unsigned trial)");
  for (const site of [lab.home, lab.other])
    screen.line("site", `${site.id} at https://${site.address}:${lab.sitePort}, process ${site.pid()}`);
  for (const { address, port } of [lab.primary, lab.secondary])
    screen.line("nameserver", `${address}:${port} publishes ${lab.zone}, signed`);
  const { nameserver, zone } = lab.parent;
  screen.line("parent", `${nameserver.address}:${nameserver.port} publishes ${zone}, and vouches for ${lab.zone}`);
  screen.line("anchor", `${lab.anchorFiles.text}, the key of ${zone} in this run`);
  screen.line("policy", lab.policyFile);
  screen.line("settings", lab.settingsFile);
}

async function startController(lab: Lab): Promise<RunningInstallation> {
  const { settings, policy, document, findings } = await readInstallation(lab.settingsFile, systemClock().now());
  if (settings === undefined || policy === undefined)
    throw new Error(`The demo's own files are refused: ${findings.map(({ says }) => says).join(" ")}`);
  const logFile = path.join(lab.folder, "pointsman.log");
  return await startInstallation({
    settings,
    policy,
    document,
    version: ownVersion(),
    environment: process.env,
    writeLog: (line) => appendFileSync(logFile, line),
  });
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const known = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return known && typeof manifest.version === "string" ? manifest.version : "unknown";
}
