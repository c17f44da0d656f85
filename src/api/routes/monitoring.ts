import { once } from "node:events";
import fastify from "fastify";
import type { Log } from "../../ports/log.ts";
import type { Operations } from "../../ports/operations.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { inView } from "../contract/in-view.ts";
import { zoneKey } from "../../core/policy/zone-key.ts";
import { createMetrics } from "./metrics.ts";

export interface MonitoringParts {
  readonly operations: Operations;
  /** Of this host; the settings allow loopback alone. Port 0: a free one. */
  readonly address: string;
  readonly port: number;
  readonly log: Log;
}

export interface Monitoring {
  /** Where it listens. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/metrics` (Prometheus text), `/healthz` (the process answers) and `/readyz` (it acts, has judged every service,
 * and has looked at every zone where DNSSEC is required, without which automation holds). Reads only.
 * @throws PointsmanError `metrics-unavailable` when it cannot listen there.
 */
export async function startMonitoring({ operations, address, port, log }: MonitoringParts): Promise<Monitoring> {
  const app = fastify({ logger: false });
  const metrics = createMetrics(operations);
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.scrape()));
  app.get("/healthz", () => ({ alive: true }));
  app.get("/readyz", (_request, reply) => {
    const reasons = whyNotReady(operations);
    return reply.status(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
  app.setErrorHandler((error, _request, reply) => {
    log.write("error", "monitoring-failed", { stack: error instanceof Error ? (error.stack ?? "") : String(error) });
    return reply.status(500).send({ error: "internal" });
  });
  await app.ready();
  app.server.listen(port, address);
  try {
    await once(app.server, "listening");
  } catch (error) {
    metrics.close();
    throw unavailable(address, port, error);
  }
  const bound = app.server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : port,
    async close() {
      metrics.close();
      const closed = once(app.server, "close");
      app.server.close();
      app.server.closeAllConnections();
      await closed;
      await app.close();
    },
  };
}

/** A sentence each; empty when it is ready. */
function whyNotReady(operations: Operations): string[] {
  const { status, halted } = operations.about();
  const { policy } = operations.world();
  const services = [...policy.services.keys()];
  const seen = new Set(operations.zoneReports().map(({ view, zone }) => zoneKey(view, zone)));
  return [
    ...(status === "running" ? [] : [`The controller is ${status}.`]),
    ...(halted === null ? [] : [halted.says]),
    ...services
      .filter((service) => operations.facts(service)?.health.judged !== true)
      .map((service) => `${service} has not been judged yet.`),
    ...[...policy.zones]
      .filter(([key, { dnssec }]) => dnssec === "required" && !seen.has(key))
      .map(([, { name, view }]) => `${inView(name, view)} requires DNSSEC and has not been looked at yet.`),
  ];
}

function unavailable(address: string, port: number, error: unknown): PointsmanError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return new PointsmanError({
    code: "metrics-unavailable",
    says: `Metrics cannot be served at ${address} port ${port}: ${code}.`,
    figures: { address, port, error: code },
    mend: "Give another address under metrics in the settings, or: metrics: off",
  });
}
