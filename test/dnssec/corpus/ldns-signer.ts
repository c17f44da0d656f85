import path from "node:path";
import { algorithms, digestOf, hasSingleKey, writeSource, type ServedZone, type Signer } from "./signer.ts";
import { run } from "./tool.ts";

const hourSeconds = 3600;
const monthSeconds = 30 * 24 * hourSeconds;

/** ldns-keygen and ldns-signzone of NLnet Labs. */
export const ldnsSigner: Signer = {
  name: "ldns",
  async sign(order, folder): Promise<ServedZone> {
    const { name, algorithm, denial } = order;
    const mnemonic = algorithms[algorithm];
    const size = hasSingleKey(algorithm) ? ["-b", "2048"] : [];
    const keySigning = await keygen(["-a", mnemonic, ...size, "-k", name], folder);
    const keys = hasSingleKey(algorithm) ? [keySigning] : [keySigning, await keygen(["-a", mnemonic, name], folder)];
    const source = writeSource(order, folder);
    const file = path.join(folder, `${name}zone`);
    const now = Math.floor(Date.now() / 1000);
    const times = ["-i", String(now - hourSeconds), "-e", String(now + monthSeconds)];
    const chain =
      denial === "nsec" ? [] : ["-n", "-a", "1", "-t", "0", "-s", "", ...(denial === "optout" ? ["-p"] : [])];
    const digest = digestOf(name) === 4 ? "-4" : "-2";
    const [ds] = await Promise.all([
      run("/usr/bin/ldns-key2ds", ["-n", digest, `${keySigning}.key`], folder),
      run("/usr/bin/ldns-signzone", [...times, ...chain, "-o", name, "-f", file, source, ...keys], folder),
    ]);
    return { name, file, ds: [ds.trim().split("\tDS\t")[1] ?? ""] };
  },
};

async function keygen(args: readonly string[], folder: string): Promise<string> {
  const printed = await run("/usr/bin/ldns-keygen", args, folder);
  return printed.trim();
}
