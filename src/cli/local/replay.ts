import { replayPolicy, type BandReplay, type PolicyReplay, type Time } from "../../core/review/replay/replay-policy.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { formatDuration, formatInstant, instant, parseInstant, type Instant } from "../../values/time.ts";
import { historyIn } from "../../wiring/history.ts";
import { dataFolderOf, policyIn } from "../../wiring/offline.ts";
import type { Command, Context, ExitCode, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";

export const replayOptions: Command["options"] = {
  from: { placeholder: "TIME", says: "replay: the window's begin, in UTC (the journal's first entry)" },
  to: { placeholder: "TIME", says: "replay: the window's end, in UTC (now)" },
};

interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

/** What the policy of a file would have done on the recorded history of this installation; a controller may be running. */
export async function replay(file: string, given: Given, { settingsFile, terminal, json }: Context): Promise<ExitCode> {
  const { policy } = await policyIn(file);
  const to = timeOf(given, "to") ?? terminal.now();
  const asked = timeOf(given, "from");
  const history = historyIn(await dataFolderOf(settingsFile));
  const window = { from: asked ?? history.runs[0]?.from ?? to, to };
  if (window.from > to)
    throw badUsage(
      `The window would begin at ${formatInstant(window.from)} and end at ${formatInstant(to)}.`,
      "Give --from and --to within the journal's time, the earlier first.",
    );
  const replayed = replayPolicy(policy, history, window);
  terminal.print(json ? JSON.stringify(asView(policy, window, replayed)) : textOf(file, policy, window, replayed));
  return 0;
}

function timeOf(given: Given, option: "from" | "to"): Instant | undefined {
  const text = given.value(option);
  const at = text === undefined ? undefined : parseInstant(text);
  if (text !== undefined && at === undefined)
    throw badUsage(`${text} is no time.`, `Give a date or an instant in UTC: --${option} 2027-06-30T03:00:00Z`);
  return at;
}

/** Times in it are RFC 3339. */
function asView({ hash, version }: Policy, { from, to }: Window, replayed: PolicyReplay): object {
  const plain: unknown = JSON.parse(
    JSON.stringify(replayed, (key, value: unknown) =>
      typeof value === "number" && instants.has(key) ? formatInstant(instant(value)) : value,
    ),
  );
  return { v: 1, policy: hash, version, from: formatInstant(from), to: formatInstant(to), replay: plain };
}

const instants: ReadonlySet<string> = new Set(["at", "from", "until", "again"]);

function textOf(file: string, { version }: Policy, { from, to }: Window, replayed: PolicyReplay): string {
  const { services, gone, limits } = replayed;
  return [
    `${file} (version ${version}) on the history from ${formatInstant(from)} to ${formatInstant(to)}:`,
    ...services.flatMap((service) => serviceLines(service)),
    ...gone.map((service) => `${service}: the policy has it no more.`),
    "What this does not say:",
    ...limits.map((limit) => `  ${limit}`),
  ].join("\n");
}

function serviceLines({ service, recorded, bands, others }: PolicyReplay["services"][number]): readonly string[] {
  return [
    `${service}:${recorded ? "" : " the journal has no entry of it, so nothing is known"}`,
    ...(bands.length === 0 ? ["  No band: nothing would have moved by itself."] : []),
    ...bands.flatMap((band) => bandLines(band)),
    ...(others.length === 0 ? [] : ["  Moved, while no band had its signal:"]),
    ...others.map(({ at, says }) => `    ${formatInstant(at)} ${says}`),
  ];
}

function bandLines({ band, signal, inJournal, unknownMs, tooShort, times }: BandReplay): readonly string[] {
  if (!inJournal) return [`  ${band} (${signal}): UNKNOWN, what it looks for is not in the journal.`];
  const known = [
    times.length === 0 ? "never, as far as is known" : `${times.length} ${times.length === 1 ? "time" : "times"}`,
    ...(tooShort === 0 ? [] : [`${tooShort} more too short`]),
    ...(unknownMs === 0 ? [] : [`unknown for ${formatDuration(unknownMs)} of the window`]),
  ];
  return [`  ${band} (${signal}): ${known.join("; ")}.`, ...times.flatMap((time) => timeLines(time))];
}

const outcomes = {
  moves: "MOVES",
  waits: "WAITS",
  held: "HELD",
  "no-move": "no move",
  unknown: "UNKNOWN",
} as const;

function timeLines({ at, from, until, ruling, happened }: Time): readonly string[] {
  const span = `from ${formatInstant(from)} ${until === null ? "on" : `to ${formatInstant(until)}`}`;
  const code = ruling.outcome === "held" ? ` (${ruling.code})` : "";
  return [
    `    ${formatInstant(at)} ${outcomes[ruling.outcome]}${code}: ${ruling.says} The signal: ${span}.`,
    ...(happened.length === 0 ? ["      Really: nothing."] : []),
    ...happened.map((one) => `      Really, ${formatInstant(one.at)}: ${one.says}`),
  ];
}
