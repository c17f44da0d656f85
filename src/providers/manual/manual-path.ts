import type { ChangePath } from "../../ports/change-path.ts";

/**
 * A change that people make, by the instructions that the policy has for this path. Nothing is ever sent from here; what
 * they did is seen when the nameservers are read. It compares nothing and may be done in any order, so nothing rests on it.
 */
export function manualPath(definition: { readonly provider: string; readonly path: string }): ChangePath {
  return {
    ...definition,
    capabilities: { compareAndSwap: false, atomicRRsets: 1, minimumTtl: 0, shares: false },
    write: () => Promise.resolve({ outcome: "not-sent", code: "manual" }),
  };
}
