import { parseDuration } from "../../../values/time.ts";
import type { SoundBand } from "../document.ts";
import type { DocumentPath, Finding } from "../finding.ts";
import { malformed } from "./walk.ts";

// The schema takes these members one by one, so that a wrong one is named where it stands; here is how they go together.

const signals = ["verdict", "errorRate", "latency", "regionalLoss"] as const;
const goesWith = {
  verdict: ["site", "vantages", "for"],
  errorRate: ["site"],
  latency: ["site"],
  regionalLoss: ["for"],
} as const satisfies { readonly [Signal in (typeof signals)[number]]: readonly string[] };

/** One signal, with what belongs to it and nothing else. */
export function* signalOf(when: NonNullable<SoundBand["when"]>, path: DocumentPath): Iterable<Finding> {
  const named = signals.filter((signal) => Object.hasOwn(when, signal));
  const [signal] = named;
  if (signal === undefined || named.length > 1) {
    yield malformed(path, when, `a mapping with exactly one of ${signals.join(", ")} (it has ${named.length})`);
    return;
  }
  const belonging: readonly string[] = goesWith[signal];
  for (const member of ["site", "vantages", "for"])
    if (Object.hasOwn(when, member) && !belonging.includes(member))
      yield malformed([...path, member], "there", `left out beside ${signal}`, "key");
  if (belonging.includes("site") && !Object.hasOwn(when, "site"))
    yield malformed(path, when, `a mapping with site beside ${signal}`);
  if (parseDuration(when.latency?.over ?? "1s") === 0)
    yield malformed([...path, "latency", "over"], "0s", "a latency above zero");
}

const moves = ["replace", "drain", "add", "withdraw", "isolate"] as const;

/** One move; `replace` and `withdraw` with one pair. */
export function* movesOf(move: NonNullable<SoundBand["move"]>, path: DocumentPath): Iterable<Finding> {
  const named = moves.filter((kind) => Object.hasOwn(move, kind));
  if (named.length !== 1)
    yield malformed(path, move, `a mapping with exactly one of ${moves.join(", ")} (it has ${named.length})`);
  for (const kind of ["replace", "withdraw"] as const) {
    const pairs = Object.keys(move[kind] ?? {}).length;
    if (move[kind] !== undefined && pairs !== 1)
      yield malformed([...path, kind], move[kind], `a mapping with exactly one pair (it has ${pairs})`);
  }
}
