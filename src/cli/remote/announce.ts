import type { Act } from "../../api/contract/act.ts";
import { announcementKind, announcementKinds } from "../../api/contract/zone.ts";
import { formatDuration, formatInstant, parseDuration, parseInstant } from "../../values/time.ts";
import type { Command, Context, ExitCode, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { actAndTell, reasonOf, reasonOption, sendAct, tell } from "./act.ts";

const kinds = announcementKinds.join("|");

export const announce: Command = {
  name: "announce",
  summary: "foretell a change that others make to a zone, so that it raises no alarm",
  usage: [
    `ZONE --kind ${kinds} --for DURATION [--from TIME] [--view VIEW] --reason TEXT`,
    "--withdraw ID [--reason TEXT]",
  ],
  details: [
    "rollover: keys and DS. delegation: NS, here and at the parent, and DS. migration: all of these.",
    "unsigning: the zone leaves DNSSEC. What is bogus is an alarm whatever was announced.",
    "What is seen in the window is what should stand from then on. The window is open for 90 days at most.",
  ],
  options: {
    kind: { placeholder: "KIND", says: announcementKinds.join(", ") },
    for: { placeholder: "DURATION", says: "how long the window is open, such as 90m or 1d" },
    from: { placeholder: "TIME", says: "when it opens, such as 2026-11-22T03:00:00Z (now)" },
    view: { placeholder: "VIEW", says: "the view of the zone that will change (public)" },
    withdraw: { placeholder: "ID", says: "end this announcement; its id stands in: pointsman status" },
    ...reasonOption,
  },
  takes: { least: 0, most: 1 },
  async run(given, context) {
    const announcement = given.value("withdraw");
    return announcement === undefined ? await foretell(given, context) : await takeBack(announcement, given, context);
  },
};

async function foretell(given: Given, context: Context): Promise<ExitCode> {
  const act = announcementOf(given);
  const response = await sendAct(context, act);
  const from = act.from === null ? "from now on" : `from ${act.from}`;
  const done =
    `Announced a ${act.change} of ${act.zone}${act.view === "public" ? "" : ` in view ${act.view}`} ${from} for ${formatDuration(act.forMs)}. ` +
    `Take it back with: pointsman announce --withdraw ${response.id}`;
  tell(context, response, done);
  return 0;
}

async function takeBack(announcement: string, given: Given, context: Context): Promise<ExitCode> {
  if (
    given.positionals.length > 0 ||
    ["kind", "for", "from", "view"].some((option) => given.value(option) !== undefined)
  )
    throw badUsage("--withdraw takes the id of an announcement and nothing beside it.", usage);
  const act = { kind: "withdraw-announcement", announcement, reason: reasonOf(given) } as const;
  return await actAndTell(context, act, `Withdrew ${announcement}: from now on what it foretold is an alarm.`);
}

const usage = "For example: pointsman announce example.com --kind rollover --for 1d --reason TEXT";

/** @throws PointsmanError `bad-usage` that says what is missing or cannot be read. */
function announcementOf(given: Given): Extract<Act, { kind: "announce" }> {
  const [zone] = given.positionals;
  if (zone === undefined) throw badUsage("Say which zone.", usage);
  const change = announcementKind.safeParse(given.value("kind"));
  if (!change.success) {
    const typed = given.value("kind");
    throw badUsage(
      typed === undefined ? "Say what will change." : `There is no kind ${typed}.`,
      `Give --kind ${kinds}.`,
    );
  }
  const length = given.value("for");
  const forMs = parseDuration(length ?? "");
  if (forMs === undefined || forMs === 0)
    throw badUsage(
      length === undefined ? "Say for how long." : `${length} is no length of time.`,
      "Give --for a number and its unit: 90m, 12h or 1d.",
    );
  const start = given.value("from");
  const from = start === undefined ? null : parseInstant(start);
  if (from === undefined) throw badUsage(`${start} is no time.`, "Give --from in UTC: 2026-11-22T03:00:00Z.");
  const reason = given.value("reason");
  if (reason === undefined || reason.trim() === "")
    throw badUsage("An announcement needs a reason.", 'Add: --reason "who changes what, and why"');
  return {
    kind: "announce",
    zone,
    view: given.value("view") ?? "public",
    change: change.data,
    from: from === null ? null : formatInstant(from),
    forMs,
    reason,
  };
}
