import type { Command } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { actAndTell, reasonOption } from "./act.ts";

export const adopt: Command = {
  name: "adopt",
  summary: "make what now stands in DNS the baseline of a record",
  usage: ["RECORD --reason TEXT"],
  details: ["RECORD is SERVICE/RECORD such as login/v4, or a DNS name, or NAME/TYPE where a name has several."],
  options: reasonOption,
  takes: { least: 1, most: 1 },
  run: async (given, context) => {
    const record = given.positionals[0] ?? "";
    const reason = given.value("reason");
    if (reason === undefined || reason.trim() === "") {
      throw badUsage("To adopt a record needs a reason.", 'Add: --reason "who changed it and why it may stay"');
    }
    return await actAndTell(context, { kind: "adopt", record, reason }, `Adopted ${record} as it stands.`);
  },
};
