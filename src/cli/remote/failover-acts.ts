import type { Command } from "../frame/command.ts";
import { actAndTell, reasonOf, reasonOption } from "./act.ts";

export const withdraw: Command = {
  name: "withdraw",
  summary: "take back a proposal before it is carried out",
  usage: ["FAILOVER [--reason TEXT]"],
  details: [],
  options: reasonOption,
  takes: { least: 1, most: 1 },
  run: async (given, context) => {
    const failover = given.positionals[0] ?? "";
    return await actAndTell(context, { kind: "withdraw", failover, reason: reasonOf(given) }, `Withdrew ${failover}.`);
  },
};

export const veto: Command = {
  name: "veto",
  summary: "end a failover before its first write, and bar that move for a while",
  usage: ["FAILOVER [--reason TEXT]"],
  details: ["Bars the move, not only the plan, for 60 minutes or until: pointsman lift-veto SERVICE VETO."],
  options: reasonOption,
  takes: { least: 1, most: 1 },
  run: async (given, context) => {
    const failover = given.positionals[0] ?? "";
    return await actAndTell(context, { kind: "veto", failover, reason: reasonOf(given) }, `Vetoed ${failover}.`);
  },
};

export const liftVeto: Command = {
  name: "lift-veto",
  summary: "let a move be proposed again",
  usage: ["SERVICE VETO [--reason TEXT]"],
  details: ["The vetoes of a service and their ids are shown by: pointsman status."],
  options: reasonOption,
  takes: { least: 2, most: 2 },
  run: async (given, context) => {
    const [service = "", id = ""] = given.positionals;
    const act = { kind: "lift-veto", service, veto: id, reason: reasonOf(given) } as const;
    return await actAndTell(context, act, `Lifted the veto ${id} of ${service}.`);
  },
};
