import { once } from "node:events";
import { createServer, type Server, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { cuttableConnector } from "../../lab/cut-off.ts";
import { spawnSite } from "../../lab/spawn-site.ts";
import type { ProbeTarget } from "../core/health/observation.ts";
import type { Endpoint } from "../core/policy/policy.ts";
import { systemClock } from "../platform/clock.ts";
import { systemEntropy } from "../platform/entropy.ts";
import { hashOfBatch, type ObservationBatch } from "../ports/observations.ts";
import { sha256OfJson } from "../values/sha256.ts";
import { duration } from "../values/time.ts";
import type { Connector } from "./connector.ts";
import { directConnector } from "./connector.ts";
import { checksInFlightMax, createVantage, phaseOf } from "./vantage.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
});

/** A port that accepts connections; closed, it refuses them. */
async function listen(): Promise<Endpoint & { readonly server: Server }> {
  const server: Server = createServer((socket) => socket.on("error", () => undefined).resume());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => server.close());
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  return { address: "127.0.0.1", port, server };
}

function target(check: number, { address, port }: Endpoint, intervalMs = 30, timeoutMs = 200): ProbeTarget {
  const timing = { name: "port", intervalMs: duration(intervalMs), timeoutMs: duration(timeoutMs), rise: 1, fall: 1 };
  const ids = { service: "login", site: "fra", record: "v4", name: "login.example.com." };
  return { check, ...ids, address, definition: { ...timing, type: "tcp", port } };
}

interface Run {
  readonly batches: ObservationBatch[];
  /** Resolves with the first batch from now on that fits. */
  readonly next: (fits: (batch: ObservationBatch) => boolean) => Promise<ObservationBatch>;
  readonly stop: () => Promise<void>;
}

async function run(
  targets: readonly ProbeTarget[],
  controls: readonly Endpoint[],
  connect: Connector = directConnector(),
): Promise<Run> {
  const batches: ObservationBatch[] = [];
  const waiting = new Set<(batch: ObservationBatch) => void>();
  const ids = { installation: sha256OfJson("installation"), vantage: "office", policy: sha256OfJson("policy") };
  const vantage = createVantage({ ...ids, targets, controls, clock: systemClock(), entropy: systemEntropy(), connect });
  const stop = await vantage.start((batch) => {
    batches.push(batch);
    for (const look of waiting) look(batch);
  });
  cleanups.push(stop);
  const next = (fits: (batch: ObservationBatch) => boolean) =>
    new Promise<ObservationBatch>((resolve) => {
      const look = (batch: ObservationBatch): void => {
        if (!fits(batch)) return;
        waiting.delete(look);
        resolve(batch);
      };
      waiting.add(look);
    });
  return { batches, next, stop };
}

const says = (reason: string) => (batch: ObservationBatch) =>
  batch.observations.some((observation) => observation.reason === reason);

/** Connects anywhere but to port 1, where it fails with this code. */
function nothingAtPort1(code: string): Connector {
  return (endpoint) => {
    const socket = directConnector()(endpoint);
    return endpoint.port === 1 ? socket.destroy(Object.assign(new Error("given"), { code })) : socket;
  };
}

/** Never connects; says when it is given up. */
class SilentSocket extends Socket {
  readonly #gone: () => void;

  constructor(gone: () => void) {
    super();
    this.#gone = gone;
  }

  override destroy(error?: Error): this {
    this.#gone();
    return super.destroy(error);
  }
}

describe("a vantage", () => {
  it("delivers every check again and again, in batches of one chain", async () => {
    const site = await listen();
    const { batches, next, stop } = await run([target(0, site), target(1, site)], [site]);
    await next(({ ordinal }) => ordinal === 9);
    await stop();
    const delivered = batches.length;
    expect(new Set(batches.flatMap(({ observations }) => observations.map(({ check }) => check)))).toEqual(
      new Set([0, 1]),
    );
    expect(new Set(batches.map(({ boot }) => boot)).size).toBe(1);
    for (const [place, batch] of batches.entries()) {
      const previous = batches[place - 1];
      expect(batch).toMatchObject({ ordinal: place, controlsPass: true, skewMs: 0 });
      expect(batch.before).toBe(previous === undefined ? undefined : hashOfBatch(previous));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(batches, "nothing comes after the stop").toHaveLength(delivered);
  });

  it("says that a site is down while it reaches its control places", async () => {
    const [site, control] = await Promise.all([listen(), listen()]);
    const { next } = await run([target(0, site)], [control]);
    await next(says("pass"));
    site.server.close();
    expect(await next(says("connect-refused"))).toMatchObject({ controlsPass: true });
  });

  it("says that a site is down within its interval once its process is killed", async () => {
    const site = await spawnSite({ address: "127.0.0.1", port: 0, name: "fra" });
    cleanups.push(site.kill);
    const { next } = await run([target(0, { address: "127.0.0.1", port: site.port })], [await listen()]);
    await next(says("pass"));
    const refused = next(says("connect-refused"));
    await site.kill();
    const killedAt = Date.now();
    expect((await refused).observations[0]?.at).toBeLessThan(killedAt + 1000);
  });

  it("never calls a site down before it knows that it is itself cut off, and counts again once it is not", async () => {
    const [site, control] = await Promise.all([listen(), listen()]);
    let cut = false;
    const { batches, next } = await run(
      [target(0, site)],
      [control],
      cuttableConnector(() => cut),
    );
    await next(says("pass"));
    cut = true;
    await next(says("unreachable"));
    cut = false;
    expect(await next(says("pass"))).toMatchObject({ controlsPass: true });
    expect(batches.filter(says("unreachable")).every(({ controlsPass }) => !controlsPass)).toBe(true);
  });

  it("counts while half of its control places answer; a refusal is an answer, silence is none", async () => {
    const [site, up, refusing] = await Promise.all([listen(), listen(), listen()]);
    refusing.server.close();
    const dead = { address: "127.0.0.1", port: 1 };
    const passes = async (controls: Endpoint[]) => {
      const { next } = await run([target(0, site)], controls, nothingAtPort1("EHOSTUNREACH"));
      return (await next(says("pass"))).controlsPass;
    };
    expect(await passes([up, dead])).toBe(true);
    expect(await passes([refusing, dead])).toBe(true);
    expect(await passes([up, dead, dead])).toBe(false);
    expect(await passes([])).toBe(true);
  });

  it("delivers nothing for a check that could not be run from here", async () => {
    const site = await listen();
    const { batches, next } = await run(
      [target(0, site), target(1, { ...site, port: 1 })],
      [site],
      nothingAtPort1("EMFILE"),
    );
    await next(({ ordinal }) => ordinal === 30);
    expect(batches.flatMap(({ observations }) => observations).some(({ check }) => check === 1)).toBe(false);
  });

  it("never runs a check beside itself, and not more checks at once than its limit", async () => {
    const open = new Map<string, number>();
    let most = 0;
    let mostOfOne = 0;
    let pending = 0;
    const connect: Connector = ({ address }) => {
      const ofThis = (open.get(address) ?? 0) + 1;
      pending += 1;
      open.set(address, ofThis);
      most = Math.max(most, pending);
      mostOfOne = Math.max(mostOfOne, ofThis);
      return new SilentSocket(() => {
        pending -= 1;
        open.set(address, (open.get(address) ?? 0) - 1);
      });
    };
    const many = Array.from({ length: checksInFlightMax + 100 }, (_, check) =>
      target(check, { address: `127.1.${check >> 8}.${check & 255}`, port: 1 }, 20, 150),
    );
    const { batches, next } = await run(many, [], connect);
    const last = await next(() => batches.flatMap(({ observations }) => observations).length > many.length * 2);
    expect(last.observations[0]?.reason).toBe("connect-timeout");
    expect(mostOfOne).toBe(1);
    expect(most).toBe(checksInFlightMax);
  });

  it("spreads its checks evenly over the interval, and begins elsewhere than its neighbour", () => {
    const count = 1000;
    const targets = Array.from({ length: count }, (_, check) =>
      target(check, { address: "127.0.0.1", port: 1 }, 10_000),
    );
    const phases = targets.map((one) => phaseOf("office", one)).toSorted((a, b) => a - b);
    const gaps = phases.slice(1).map((phase, index) => phase - (phases[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30); // 10 would be perfect
    expect(Math.max(...phases)).toBeLessThan(10_000);
    const elsewhere = targets.map((one) => phaseOf("cloud-1", one)).toSorted((a, b) => a - b);
    expect(elsewhere).not.toEqual(phases);
  });

  it("checks from the source address it is given", async () => {
    const site = await listen();
    const arrived = once(site.server, "connection");
    await run([target(0, site)], [], directConnector("127.0.0.9"));
    const [socket] = await arrived;
    expect(socket.remoteAddress).toBe("127.0.0.9");
    socket.destroy();
  });
});
