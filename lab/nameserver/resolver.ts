import { exchange } from "../../src/dns/transport/exchange.ts";
import { decodeMessage, encodeMessage } from "../../src/dns/wire/message.ts";
import { isWithin, type Name } from "../../src/dns/wire/name.ts";
import type { Message, Question } from "../../src/dns/wire/record.ts";
import { rcode, rrtype } from "../../src/dns/wire/rrtype.ts";
import { WireError } from "../../src/dns/wire/wire-error.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { duration } from "../../src/values/time.ts";
import { encodeForUdp, responseTo } from "./response.ts";
import { openSockets, type Transport } from "./sockets.ts";

/** Where a zone is asked. */
interface ResolvedZone {
  readonly name: Name;
  readonly servers: readonly { readonly address: string; readonly port: number }[];
}

export interface Resolver {
  readonly address: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * One address that answers for all zones of a lab, so that a validator which asks resolvers alone (`delv`) sees its whole
 * chain of trust. It asks the zone's own nameservers anew each time, validates nothing and says so (never AD), and does
 * not follow an alias from one zone into another.
 */
export async function startResolver(
  { address, port }: { readonly address: string; readonly port: number },
  zones: readonly ResolvedZone[],
): Promise<Resolver> {
  const ending = new AbortController();
  const sockets = await openSockets(address, port, (octets, transport) =>
    resolve(octets, transport, zones, ending.signal),
  );
  return {
    address,
    port: sockets.port,
    async stop() {
      ending.abort();
      await sockets.close();
    },
  };
}

/** Before the next nameserver is asked. */
const patience = duration(500);

async function resolve(
  octets: Uint8Array,
  transport: Transport,
  zones: readonly ResolvedZone[],
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const request = readQuery(octets);
  const question = request?.question[0];
  if (request === undefined || question === undefined) return undefined;
  for (const server of zoneFor(question, zones)?.servers ?? []) {
    const message = encodeMessage({ ...request, flags: { ...request.flags, rd: false } });
    // oxlint-disable-next-line no-await-in-loop -- the next only where this one is silent
    const answer = await exchange(
      { ...server, message, transport, timeoutMs: patience, abortable: "throughout" },
      systemClock(),
      signal,
    );
    if (answer.outcome !== "response") continue;
    const { flags, ...sections } = decodeMessage(answer.octets);
    const { rd, cd } = request.flags;
    const response = { ...sections, flags: { ...flags, aa: false, tc: false, ad: false, rd, ra: true, cd } };
    return transport === "udp" ? encodeForUdp(request, response) : encodeMessage(response);
  }
  return encodeMessage(responseTo(request, rcode.SERVFAIL));
}

/** A query of one question; whatever else comes is not answered. */
function readQuery(octets: Uint8Array): Message | undefined {
  try {
    const request = decodeMessage(octets);
    return request.flags.qr || request.question.length !== 1 ? undefined : request;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** The deepest zone that has the name; of a DS, the one above it (RFC 4035 §3.1.4.1). */
function zoneFor({ name, type }: Question, zones: readonly ResolvedZone[]): ResolvedZone | undefined {
  const above = zones.filter(
    (zone) => isWithin(name, zone.name) && (type !== rrtype.DS || zone.name.length < name.length),
  );
  return above.toSorted((a, b) => b.name.length - a.name.length)[0];
}
