import { writeInitialFiles } from "../../wiring/offline.ts";
import type { Command } from "../frame/command.ts";

export const init: Command = {
  name: "init",
  summary: "write commented example files to begin with",
  usage: ["[FOLDER]"],
  details: ["Writes policy.yaml and pointsman.yaml, in observe mode. A file that is there already is never touched."],
  options: {},
  takes: { least: 0, most: 1 },
  async run({ positionals }, { terminal, json }) {
    const files = await writeInitialFiles(positionals[0] ?? ".");
    if (json) terminal.print(JSON.stringify({ v: 1, files }));
    else terminal.print([...files.map((file) => `Wrote ${file}`), "Edit them, then: pointsman validate"].join("\n"));
    return 0;
  },
};
