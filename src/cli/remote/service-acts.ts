import type { Command, Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { actAndTell, reasonOf, reasonOption } from "./act.ts";

export const rollback: Command = {
  name: "rollback",
  summary: "propose to undo the last move of a service",
  usage: ["SERVICE [--reason TEXT]"],
  details: ["It has no stability window; the old site must be fit."],
  options: reasonOption,
  takes: { least: 1, most: 1 },
  run: async (given, context) => {
    const service = given.positionals[0] ?? "";
    const act = { kind: "rollback", service, reason: reasonOf(given) } as const;
    return await actAndTell(context, act, `Proposed the rollback of ${service}.`);
  },
};

export const stop: Command = {
  name: "stop",
  summary: "stop at once, before the next write; a restart does not undo it",
  usage: ["SERVICE [--reason TEXT]", "--all [--reason TEXT]"],
  details: ["Watching goes on. What was sent is still read back and verified."],
  options: { ...reasonOption, all: { says: "all services" } },
  takes: { least: 0, most: 1 },
  run: async (given, context) => {
    const service = serviceOrAll(given);
    const act = { kind: "stop", service, reason: reasonOf(given) } as const;
    return await actAndTell(context, act, `Stopped ${service ?? "all services"}.`);
  },
};

export const resume: Command = {
  name: "resume",
  summary: "end a stop, or the suspension of automation after flapping or a spent budget",
  usage: ["SERVICE [--reason TEXT]", "--all [--reason TEXT]"],
  details: [],
  options: { ...reasonOption, all: { says: "end the stop of all services" } },
  takes: { least: 0, most: 1 },
  run: async (given, context) => {
    const service = serviceOrAll(given);
    const act = { kind: "resume", service, reason: reasonOf(given) } as const;
    return await actAndTell(context, act, `Resumed ${service ?? "all services"}.`);
  },
};

/** Null: all. @throws PointsmanError `bad-usage` for both or neither. */
function serviceOrAll(given: Given): string | null {
  const [service] = given.positionals;
  if ((service !== undefined) === given.flag("all")) {
    throw badUsage("Say which: one SERVICE, or --all.", "See the services with: pointsman status");
  }
  return service ?? null;
}
