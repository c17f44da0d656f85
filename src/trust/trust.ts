import { Agent, type AgentOptions } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { ConnectionOptions, PeerCertificate, TLSSocket } from "node:tls";
import type { Duplex } from "node:stream";
import type { Validator } from "../dns/dnssec/validator.ts";
import type { Clock } from "../ports/clock.ts";
import { duration, second, type DurationMs } from "../values/time.ts";
import { readHost, trustedAddresses, type TrustedAddresses } from "./addresses.ts";
import { daneBinding, type DaneBinding } from "./dane.ts";
import type { Requirement } from "./judgement.ts";
import { connectSecurely, identityCheck } from "./secure-connection.ts";

export interface TrustParts {
  readonly validator: Validator;
  readonly clock: Clock;
  /** `not-bogus` when left out. */
  readonly require?: Requirement;
  /** For all questions of one name, and for a handshake; 10 s when left out. */
  readonly timeoutMs?: DurationMs;
}

/** Where a connection is to go. */
export interface Destination extends ConnectionOptions {
  readonly host: string;
  readonly port: number;
}

/** Names by validated answers alone: what is bogus, or is not known to be authentic, connects nobody. */
export interface Trust {
  /** For the `lookup` of node:net, node:tls, node:http, node:https and undici. Its errors are TrustErrors. */
  readonly lookup: LookupFunction;
  /** @throws TrustError */
  addresses(host: string): Promise<TrustedAddresses>;
  /** Connects by TLS; TLSA records decide where there are secure ones. @throws TrustError, or an error of the socket. */
  connect(to: Destination): Promise<TLSSocket>;
  /** An https.Agent whose connections are made by {@link Trust.connect}. */
  agent(options?: AgentOptions): Agent;
  /** For undici: `new Agent({ connect: trust.connector() })`. TLS by {@link Trust.connect}; plain HTTP is refused. */
  connector(options?: ConnectionOptions): Connector;
  /** A `checkServerIdentity` for one server: the TLSA records beside the public authorities. @throws TrustError */
  identityCheck(host: string, port: number): Promise<(host: string, certificate: PeerCertificate) => Error | undefined>;
}

/** What undici asks of a connector. */
export type Connector = (
  to: { readonly hostname: string; readonly port: string; readonly protocol: string },
  reply: (error: Error | null, socket: TLSSocket | null) => void,
) => void;

const timeoutMsByDefault = duration(10 * second);

export function createTrust(parts: TrustParts): Trust {
  const connectTo = async (to: Destination): Promise<TLSSocket> => await connect(parts, to);
  return {
    lookup: lookupOf(parts),
    addresses: async (host) => await addressesOf(parts, host, 0),
    connect: connectTo,
    agent: (options) => new TrustAgent(connectTo, options),
    connector: (options) => (to, reply) => {
      if (to.protocol !== "https:") {
        reply(new Error(`${to.protocol} proves nobody's identity; use https:`), null);
        return;
      }
      const port = to.port === "" ? 443 : Number(to.port);
      connectTo({ ...options, host: to.hostname, port }).then(
        (socket) => reply(null, socket),
        (error: unknown) => reply(asError(error), null),
      );
    },
    async identityCheck(host, port) {
      return identityCheck((await bindingOf(parts, { host, port })).binding);
    },
  };
}

function lookupOf(parts: TrustParts): LookupFunction {
  return (host, options, reply) => {
    addressesOf(parts, host, familyOf(options.family)).then(
      ({ addresses }) => answerLookup(addresses, options.all === true, reply),
      (error: unknown) => reply(asError(error), ""),
    );
  };
}

function answerLookup(
  addresses: TrustedAddresses["addresses"],
  all: boolean,
  reply: Parameters<LookupFunction>[2],
): void {
  const [first] = addresses;
  const list = addresses.map(({ address, family }) => ({ address, family }));
  if (all) reply(null, list);
  else reply(null, first?.address ?? "", first?.family);
}

function familyOf(family: number | string | undefined): 0 | 4 | 6 {
  if (family === 4 || family === "IPv4") return 4;
  return family === 6 || family === "IPv6" ? 6 : 0;
}

async function addressesOf(parts: TrustParts, host: string, family: 0 | 4 | 6): Promise<TrustedAddresses> {
  const { validator, clock, require = "not-bogus" } = parts;
  return await inTime(parts, async (signal) =>
    trustedAddresses(host, { validator, now: clock.now(), signal, require, family }),
  );
}

async function bindingOf(
  parts: TrustParts,
  { host, port }: Pick<Destination, "host" | "port">,
): Promise<{ readonly addresses: TrustedAddresses; readonly binding: DaneBinding }> {
  const addresses = await addressesOf(parts, host, 0);
  if (isIP(host) !== 0) return { addresses, binding: { records: [], names: [host] } };
  const { validator, clock } = parts;
  const binding = await inTime(parts, async (signal) =>
    daneBinding({ host: readHost(host), port, addresses, validator, now: clock.now(), signal }),
  );
  return { addresses, binding };
}

async function connect(parts: TrustParts, { host, port, ...options }: Destination): Promise<TLSSocket> {
  const { addresses, binding } = await bindingOf(parts, { host, port });
  const lookup: LookupFunction = (_host, { all, family }, reply) => {
    const wanted = familyOf(family);
    const usable = addresses.addresses.filter((one) => wanted === 0 || one.family === wanted);
    answerLookup(usable, all === true, reply);
  };
  const timeoutMs = parts.timeoutMs ?? timeoutMsByDefault;
  return await connectSecurely({ host, port, binding, lookup, timeoutMs, clock: parts.clock, options });
}

async function inTime<Value>(
  { clock, timeoutMs = timeoutMsByDefault }: TrustParts,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const late = new AbortController();
  const cancel = clock.schedule(timeoutMs, () => late.abort());
  try {
    return await work(late.signal);
  } finally {
    cancel();
  }
}

class TrustAgent extends Agent {
  readonly #connect: (to: Destination) => Promise<TLSSocket>;

  constructor(connectTo: (to: Destination) => Promise<TLSSocket>, options: AgentOptions = {}) {
    super(options);
    this.#connect = connectTo;
  }

  override createConnection(
    options: ConnectionOptions & { readonly host?: string | null; readonly port?: number },
    reply?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const { host, port, lookup: _unvalidated, ...rest } = options;
    this.#connect({ ...rest, host: host ?? "localhost", port: port ?? 443 }).then(
      (socket) => reply?.(null, socket),
      // @ts-expect-error -- Node's types want a socket beside an error; Node itself does not look at it
      (error: unknown) => reply?.(asError(error)),
    );
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error("the name could not be resolved");
}
