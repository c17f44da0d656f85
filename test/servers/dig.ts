import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ServerAddress } from "./zone.ts";

const run = promisify(execFile);

/** What somebody else's tool reads: the data of an RRset, sorted; TXT with its quotes. */
export async function dig(server: ServerAddress, name: string, type: string): Promise<readonly string[]> {
  const { stdout } = await run("/usr/bin/dig", [
    "+short",
    "+norecurse",
    "+tries=1",
    "+time=2",
    `@${server.address}`,
    "-p",
    String(server.port),
    name,
    type,
  ]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .toSorted();
}
