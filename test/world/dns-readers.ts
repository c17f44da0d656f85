import { endpointText } from "../../src/core/policy/endpoint.ts";
import type { NameReader, NameReading } from "../../src/ports/names.ts";
import type {
  NameserverEndpoint,
  Reading,
  RecordReader,
  SecondaryNotifier,
  Transport,
} from "../../src/ports/records.ts";
import { rrset, type RRset } from "../../src/core/plan/rrset.ts";
import { fenceName } from "../../src/core/plan/make-plan.ts";
import type { SimulatedClock } from "./clock.ts";
import type { SimulatedDns, SimulatedNameserver, ZoneVersion } from "./dns.ts";
import { hexOf } from "./policy.ts";

/** How long a reader waits for an answer. */
const readTimeoutMs = 1000;

/** Reads the simulated nameservers, and notifies them. */
export function simulatedReaders(
  dns: SimulatedDns,
  clock: SimulatedClock,
): RecordReader & NameReader & SecondaryNotifier {
  const ask = async (
    server: NameserverEndpoint,
    transport: Transport,
    signal: AbortSignal,
  ): Promise<SimulatedNameserver | Failure> => {
    const nameserver = dns.at(endpointText(server));
    const failure = failureOf(nameserver, transport);
    await clock.wait(failure === "no-response" ? readTimeoutMs : dns.latencyMs(), signal);
    if (signal.aborted) return "no-response";
    // It may have fallen silent, or come back, while the question was on its way.
    return failure ?? failureOf(nameserver, transport) ?? nameserver;
  };
  return {
    async read(server, { name, type }, transport, signal): Promise<Reading> {
      const nameserver = await ask(server, transport, signal);
      const at = clock.now();
      if (typeof nameserver === "string") return { outcome: nameserver, code: nameserver, at };
      const { zone } = nameserver;
      return { outcome: "answer", rrset: standing(zone, name, type), serial: zone.serial, at };
    },
    async serial(server, _zone, transport, signal) {
      const nameserver = await ask(server, transport, signal);
      return typeof nameserver === "string" ? { failed: nameserver } : { serial: nameserver.zone.serial };
    },
    async readName(server, _zone, name, signal): Promise<NameReading> {
      const nameserver = await ask(server, "udp", signal);
      const at = clock.now();
      if (typeof nameserver === "string") return { outcome: "failed", code: nameserver, at };
      const fence = nameserver.zone.fences.get(fenceName(name)) ?? null;
      const [cutAt, wildcard] = [dns.cuts.get(name) ?? null, dns.wildcards.get(name) ?? null];
      return { outcome: "answer", cutAt, wildcard, fence, at };
    },
    notify(_zone, servers): Promise<void> {
      for (const server of servers) dns.transferSoon(dns.at(endpointText(server)), 0);
      return Promise.resolve();
    },
  };
}

function standing({ rrsets, fences }: ZoneVersion, name: string, type: string): RRset | "absent" {
  const fence = type === "TXT" ? fences.get(name) : undefined;
  if (fence === undefined) return rrsets.get(`${name} ${type}`) ?? "absent";
  return rrset(0, [hexOf("TXT", fence)]);
}

type Failure = "no-response" | "lame" | "no-route";

function failureOf({ answers }: SimulatedNameserver, transport: Transport): Failure | undefined {
  if (answers === "nothing" || (answers === "udp-only" && transport === "tcp")) return "no-response";
  return answers === "lame" || answers === "no-route" ? answers : undefined;
}
