import { formatFindings } from "../../configuration/format.ts";
import { canFill, helpersOf } from "../../core/policy/fillers.ts";
import { isOnCall, minuteOfWeek } from "../../core/policy/on-call.ts";
import { dutyNames, type OnCall, type Person, type Policy } from "../../core/policy/policy.ts";
import { parseInstant, formatInstant, type Instant } from "../../values/time.ts";
import { readInstallation } from "../../wiring/offline.ts";
import type { Command, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";

export const authority: Command = {
  name: "authority",
  summary: "who can fill each duty for each service, and when they can be reached",
  usage: ["[--at TIME] [--settings FILE] [--json]"],
  details: [
    "Reads the policy's file and nothing else. With --at, in UTC, such as 2027-06-30T03:00:00Z: who can be reached then.",
    "Exit code 1 when a finding of the policy is an error, or at the time of --at a duty of a move cannot be filled.",
  ],
  options: { at: { placeholder: "TIME", says: "at this time, in UTC" } },
  takes: { least: 0, most: 0 },
  async run(given, { settingsFile, terminal, json }) {
    const at = timeOf(given);
    const { policy, findings } = await readInstallation(settingsFile, terminal.now());
    const errors = findings.some(({ severity }) => severity === "error");
    const rows = policy === undefined ? [] : rowsOf(policy, at);
    if (json)
      terminal.print(JSON.stringify({ v: 1, at: at === undefined ? null : formatInstant(at), duties: rows, findings }));
    else {
      if (findings.length > 0) terminal.note(formatFindings(findings));
      terminal.print(rows.map(rowText).join("\n"));
    }
    return errors || policy === undefined || rows.some(({ filled }) => !filled) ? 1 : 0;
  },
};

interface Row {
  readonly service: string;
  readonly duty: string;
  /** Whether those who can be reached then fill it between them; the automation counts where it is named. */
  readonly filled: boolean;
  readonly automation: boolean;
  readonly people: readonly {
    readonly person: string;
    readonly reached: boolean;
    readonly onCall: readonly string[] | null;
  }[];
}

function timeOf(given: Given): Instant | undefined {
  const text = given.value("at");
  if (text === undefined) return undefined;
  const at = parseInstant(text);
  if (at === undefined)
    throw badUsage(`${text} is no time.`, "Give a date or an instant in UTC: --at 2027-06-30T03:00:00Z");
  return at;
}

/** Duties are the policy's, and so are the same for each service; a lone authority is of one. */
function rowsOf(policy: Policy, at: Instant | undefined): readonly Row[] {
  const all = [...policy.people.values()];
  const reached = (person: Person): boolean => at === undefined || isOnCall(person, minuteOfWeek(at));
  const duties = dutyNames.flatMap((duty) => {
    const rule = policy.authority.duties.get(duty);
    if (rule === undefined) return [];
    const automation = rule.kind === "any" && rule.roles.includes("automation");
    const people = helpersOf(all, rule).map((person) => rowOf(person, reached(person)));
    return [{ duty, automation, filled: automation || canFill(all.filter(reached), rule), people }];
  });
  const alone = policy.authority.solo.map(({ person, service, targets }): Row => {
    const people = all.filter(({ id }) => id === person).map((one) => rowOf(one, reached(one)));
    return { service, duty: `alone, to ${targets.join(" or ")}`, automation: false, filled: true, people };
  });
  return [...policy.services.keys()].flatMap((service) =>
    duties.map((one): Row => Object.assign({ service }, one)).concat(alone.filter((row) => row.service === service)),
  );
}

function rowOf({ id, onCall }: Person, reached: boolean): Row["people"][number] {
  return { person: id, reached, onCall: onCall === null ? null : onCall.map(hoursText) };
}

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

function hoursText({ days: numbers, from, until }: OnCall): string {
  return `${numbers.map((number) => days[number - 1]).join(",")} ${clock(from)}-${clock(until)}`;
}

function rowText({ service, duty, filled, automation, people }: Row): string {
  const who = people.map(({ person, reached, onCall }) => {
    const hours = onCall === null ? "" : ` (${onCall.join(", ")})`;
    return `${person}${hours}${reached ? "" : ", not now"}`;
  });
  const named = [...(automation ? ["the automation"] : []), ...who].join("; ");
  return `${service}  ${duty}: ${named === "" ? "nobody" : named}${filled ? "" : "  CANNOT BE FILLED"}`;
}
