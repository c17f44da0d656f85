import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { missingPackages } from "./install.ts";

/**
 * The tests of late UPDATEs, each message held back for 20 s, at BIND, Knot and PowerDNS.
 * @throws Error when one of them fails or the servers are missing.
 */
export function lateUpdates(): { readonly heldBackMs: number } {
  const missing = missingPackages();
  if (missing.length > 0) throw new Error(`These packages are missing: ${missing.join(" ")}`);
  const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
  const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "servers", "test/late-update.test.ts"], {
    env: { ...process.env, POINTSMAN_LONG: "true" },
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("a late UPDATE was not refused");
  return { heldBackMs: 20_000 };
}
