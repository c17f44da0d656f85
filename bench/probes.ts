import { connect } from "node:net";
import { spawnSite } from "../lab/spawn-site.ts";
import type { ProbeTarget } from "../src/core/health/observation.ts";
import { systemClock } from "../src/platform/clock.ts";
import { createProber } from "../src/probes/checks/index.ts";
import { duration } from "../src/values/time.ts";

/** One way to check a site, and what it cost: medians over all rounds. */
export interface ProbeRow {
  readonly name: string;
  readonly checksPerSecond: number;
  /** CPU time of this process, user and system together. */
  readonly cpuMicrosecondsPerCheck: number;
  /** CPU against that of bare `node:net` in the same round; the median of these ratios. */
  readonly ratio: number;
}

const rounds = 9;
const checksPerRound = 1000;
const inFlight = 16;
const timeoutMs = 2000;

/**
 * Bench (c): HTTP checks of a site in another process, a new connection and a time-out each, ours beside bare `node:net`
 * and `fetch`, interleaved round by round.
 */
export async function benchProbes(): Promise<readonly ProbeRow[]> {
  const { port, kill } = await spawnSite({ address: "127.0.0.1", port: 0, name: "fra" });
  const ways = new Map([
    ["node:net, bare", () => bareCheck(port)],
    ["pointsman", ourCheck(port)],
    ["fetch", () => fetchCheck(port)],
  ]);
  const figures = new Map([...ways.keys()].map((name) => [name, { cpu: [] as number[], rate: [] as number[] }]));
  try {
    for (let number = -1; number < rounds; number += 1) {
      for (const [name, check] of ways) {
        // oxlint-disable-next-line no-await-in-loop -- what is compared must not run at the same time
        const { cpu, rate } = await round(check);
        if (number < 0) continue; // the first round is for warming up
        figures.get(name)?.cpu.push(cpu);
        figures.get(name)?.rate.push(rate);
      }
    }
  } finally {
    await kill();
  }
  const bare = figures.get("node:net, bare")?.cpu ?? [];
  return [...figures].map(([name, { cpu, rate }]) => ({
    name,
    checksPerSecond: Math.round(median(rate)),
    cpuMicrosecondsPerCheck: Math.round(median(cpu)),
    ratio: Number(median(cpu.map((one, number) => one / (bare[number] ?? Number.NaN))).toFixed(2)),
  }));
}

async function round(check: () => Promise<boolean>): Promise<{ readonly cpu: number; readonly rate: number }> {
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < checksPerRound) {
      next += 1;
      // oxlint-disable-next-line no-await-in-loop -- the number in flight is fixed
      if (!(await check())) throw new Error("a check of the bench failed");
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const { user, system } = process.cpuUsage(cpuBefore);
  return { cpu: (user + system) / checksPerRound, rate: (checksPerRound / (performance.now() - started)) * 1000 };
}

function ourCheck(port: number): () => Promise<boolean> {
  const prober = createProber(systemClock());
  const { signal } = new AbortController();
  const target: ProbeTarget = {
    check: 0,
    service: "login",
    site: "fra",
    record: "v4",
    address: "127.0.0.1",
    name: "login.example.com",
    definition: {
      type: "http",
      name: "health",
      intervalMs: duration(5000),
      timeoutMs: duration(timeoutMs),
      rise: 3,
      fall: 3,
      scheme: "http",
      host: "login.example.com",
      port,
      path: "/healthz",
      status: [200],
      contains: "ok",
      trust: null,
    },
  };
  return async () => (await prober.probe(target, signal)).reason === "pass";
}

/** The least that a check with a time-out can be: no parser, no limits, the status line alone looked at. */
function bareCheck(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ host: "127.0.0.1", port });
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    socket.on("connect", () => {
      socket.write("GET /healthz HTTP/1.1\r\nHost: login.example.com\r\nConnection: close\r\n\r\n");
    });
    socket.on("data", (octets) => {
      text += octets.toString("latin1");
    });
    socket.on("error", () => resolve(false));
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text.startsWith("HTTP/1.1 200"));
    });
  });
}

async function fetchCheck(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/healthz`, {
    headers: { connection: "close" },
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  });
  return response.status === 200 && (await response.text()).includes("ok");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
