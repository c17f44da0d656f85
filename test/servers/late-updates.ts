import { longSuite } from "../long-suite.ts";
import { missingPackages } from "./install.ts";

/**
 * The tests of late UPDATEs, each message held back for 20 s, at BIND, Knot and PowerDNS.
 * @throws Error when one of them fails or the servers are missing.
 */
export function lateUpdates(): { readonly heldBackMs: number } {
  const missing = missingPackages();
  if (missing.length > 0) throw new Error(`These packages are missing: ${missing.join(" ")}`);
  longSuite("servers", "test/late-update.test.ts");
  return { heldBackMs: 20_000 };
}
