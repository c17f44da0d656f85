import type { Command, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { formatDuration, formatInstant, parseDuration, parseInstant } from "../../values/time.ts";
import { actAndTell, reasonOf, reasonOption } from "./act.ts";

const kinds = ["rollover", "delegation", "migration", "unsigning"] as const;

export const announce: Command = {
  name: "announce",
  summary: "foretell a change of a zone by others, so that it is no alarm",
  usage: ["ZONE --kind KIND --for TIME [--from INSTANT] --reason TEXT", "--withdraw ANNOUNCEMENT [--reason TEXT]"],
  details: [
    "KIND is rollover (keys and DS), delegation (NS and DS), migration (all of these), or unsigning (it leaves DNSSEC).",
    "TIME is such as 6h or 2d, 90d at most. What is seen in the window is what should be seen from then on.",
  ],
  options: {
    ...reasonOption,
    kind: { placeholder: "KIND", says: kinds.join(", ") },
    for: { placeholder: "TIME", says: "how long the window is open" },
    from: { placeholder: "INSTANT", says: "when it opens, such as 2027-06-30T12:00:00Z; left out: now" },
    withdraw: { placeholder: "ANNOUNCEMENT", says: "take one back" },
  },
  takes: { least: 0, most: 1 },
  run: async (given, context) => {
    const announcement = given.value("withdraw");
    const [zone] = given.positionals;
    if ((zone === undefined) === (announcement === undefined))
      throw badUsage("Say which: one ZONE, or --withdraw ANNOUNCEMENT.", "See: pointsman announce --help");
    if (announcement !== undefined) {
      const act = { kind: "withdraw-announcement", announcement, reason: reasonOf(given) } as const;
      return await actAndTell(context, act, `Withdrew the announcement ${announcement}.`);
    }
    const { change, forMs, from, reason } = windowOf(given);
    const act = { kind: "announce", zone: zone ?? "", change, forMs, from, reason } as const;
    const begins = from === null ? "from now" : `from ${from}`;
    return await actAndTell(
      context,
      act,
      `Announced a ${change} of ${act.zone}, ${begins} for ${formatDuration(forMs)}.`,
    );
  },
};

/** @throws PointsmanError `bad-usage` for what is missing or malformed. */
function windowOf(given: Given) {
  const change = kinds.find((kind) => kind === given.value("kind"));
  if (change === undefined) throw badUsage("An announcement needs its kind.", `Add: --kind ${kinds.join("|")}`);
  const forMs = parseDuration(given.value("for") ?? "");
  if (forMs === undefined || forMs === 0)
    throw badUsage("An announcement needs the length of its window.", "Add: --for 6h");
  const written = given.value("from");
  const from = written === undefined ? undefined : parseInstant(written);
  if (written !== undefined && from === undefined)
    throw badUsage("--from is no instant.", "Write it such as 2027-06-30T12:00:00Z.");
  const reason = given.value("reason");
  if (reason === undefined || reason.trim() === "")
    throw badUsage("To announce a change needs a reason.", 'Add: --reason "who changes what, and why"');
  return { change, forMs, from: from === undefined ? null : formatInstant(from), reason };
}
