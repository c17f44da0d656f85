import { execFile } from "node:child_process";
import type { ServerAddress } from "./zone.ts";

/** What BIND's validator says of one question, asked of a resolver, with the anchor in a file of BIND's form. */
export interface DelvAnswer {
  /** `fully validated`, `negative response, fully validated`, `unsigned answer`, or why there is none. */
  readonly says: string;
  /** Each record in one line without its signature, as far as delv tells. */
  readonly records: readonly string[];
}

export function delv(
  server: ServerAddress,
  anchor: { readonly file: string; readonly zone: string },
  name: string,
  type: string,
): Promise<DelvAnswer> {
  const args = [
    `@${server.address}`,
    "-p",
    `${server.port}`,
    "-a",
    anchor.file,
    `+root=${anchor.zone}`,
    "+norrcomments",
  ];
  return new Promise((resolve) => {
    // It ends with an error for each answer that it does not believe, and for a negative one: what it says is the result.
    execFile("/usr/bin/delv", [...args, name, type], (_error, stdout, stderr) => {
      const lines = stdout.split("\n").filter((line) => line !== "");
      const says = lines.find((line) => /^; (?:fully|negative|unsigned|answer)/.test(line))?.slice(2);
      const records = lines.filter((line) => !line.startsWith(";") && !/\sIN\s+RRSIG\s/.test(line));
      resolve({ says: says ?? stderr.trim(), records: records.map((line) => line.replace(/\s+/g, " ")) });
    });
  });
}
