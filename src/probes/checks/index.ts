import type { ProbeTarget } from "../../core/health/observation.ts";
import type { ClockWitnessSink } from "../../ports/clock-witness.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Prober } from "../../ports/observations.ts";
import { duration } from "../../values/time.ts";
import { type Connector, directConnector } from "../connector.ts";
import type { Means } from "./dial.ts";
import { runHttp } from "./http.ts";
import type { Finding } from "./runner.ts";
import { runTcp } from "./tcp.ts";

/**
 * Runs checks, one connection each. Reasons beside `pass`: `connect-refused`, `connect-timeout`, `timeout`, `reset`,
 * `unreachable`, those of TLS (`tls-...`) and of HTTP (`status-NNN`, `redirect-NNN`, `malformed` and others), and the
 * two that say nothing about the site: `no-route` and `not-run`.
 */
export function createProber(
  clock: Clock,
  connect: Connector = directConnector(),
  clockWitnesses?: ClockWitnessSink,
): Prober {
  return {
    async probe(target, signal) {
      const started = clock.monotonic();
      const finding = await run(target, { clock, connect, signal, clockWitnesses });
      const latencyMs = duration(clock.monotonic() - started);
      return { check: target.check, at: clock.now(), latencyMs, ...finding };
    },
  };
}

/** The table of check types. It does not compile while a type of the policy has no row. */
function run(target: ProbeTarget, means: Means): Promise<Finding> {
  const { definition } = target;
  switch (definition.type) {
    case "http":
      return runHttp(target, definition, means);
    case "tcp":
      return runTcp(target, definition, means);
  }
}
