import { execFile } from "node:child_process";

/** Runs a signer's program and gives what it printed. @throws Error with all that it said when it fails. */
export function run(program: string, args: readonly string[], folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: folder, encoding: "utf8" }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error }));
    });
  });
}

/** Maps with at most `width` running at a time, in order. */
export async function mapWide<From, To>(
  list: readonly From[],
  width: number,
  map: (one: From) => Promise<To>,
): Promise<readonly To[]> {
  const results = new Map<number, To>();
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < list.length; index = next++) {
      const one = list[index];
      // oxlint-disable-next-line no-await-in-loop -- each worker does one after the other
      if (one !== undefined) results.set(index, await map(one));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
