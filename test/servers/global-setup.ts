import { aptLine, installServers, missingPackages, missingTools } from "./install.ts";

/** Before the project "servers": in CI the real servers are brought; elsewhere the reader learns how to bring them. */
export default function setup(): void {
  if (process.env["CI"] === "true") {
    const failure = installServers();
    if (failure !== undefined) throw new Error(failure);
  }
  const missing = [...missingPackages(), ...missingTools()];
  if (missing.length === 0) return;
  process.stderr.write(`Tests on programs that are missing are skipped. To run them, as root: ${aptLine(missing)}\n`);
}
