import type { PathFacts } from "../core/cycle/facts.ts";
import type { PathDefinition, Provider } from "../core/policy/policy.ts";
import type { ChangePath, PathCapabilities } from "../ports/change-path.ts";

/** What an RFC 2136 path can do, where none is wired: observe mode says what would be done with it. */
const nominal: Pick<PathCapabilities, "compareAndSwap" | "atomicRRsets"> = { compareAndSwap: true, atomicRRsets: 64 };

/** A person changes what the runbook says, one RRset after the other. */
const byHand: Pick<PathCapabilities, "compareAndSwap" | "atomicRRsets"> = { compareAndSwap: false, atomicRRsets: 1 };

/** The paths of a provider that can be used, in the policy's order. One that is not wired is not there. */
export function pathFactsOf(
  provider: Provider,
  wired: readonly ChangePath[],
  mode: "act" | "observe",
): readonly PathFacts[] {
  return provider.paths.flatMap((definition) => {
    const capabilities = capabilitiesOf(provider, definition, wired, mode);
    if (capabilities === undefined) return [];
    const { compareAndSwap, atomicRRsets } = capabilities;
    return [{ provider: provider.id, path: definition.name, type: definition.type, compareAndSwap, atomicRRsets }];
  });
}

function capabilitiesOf(
  provider: Provider,
  definition: PathDefinition,
  wired: readonly ChangePath[],
  mode: "act" | "observe",
): Pick<PathCapabilities, "compareAndSwap" | "atomicRRsets"> | undefined {
  if (definition.type === "manual") return byHand;
  const path = wired.find((each) => each.provider === provider.id && each.path === definition.name);
  return path?.capabilities ?? (mode === "observe" ? nominal : undefined);
}
