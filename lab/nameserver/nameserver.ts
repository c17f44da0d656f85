import type { TsigKey } from "../../src/dns/update/tsig-key.ts";
import { buildNotify } from "../../src/dns/update/update.ts";
import { decodeMessage, encodeMessage } from "../../src/dns/wire/message.ts";
import type { Message } from "../../src/dns/wire/record.ts";
import { opcode, rcode } from "../../src/dns/wire/rrtype.ts";
import { WireError } from "../../src/dns/wire/wire-error.ts";
import { answerQuery } from "./query.ts";
import { encodeForUdp, responseTo, responseToUnreadable } from "./response.ts";
import { answerUpdate } from "./signed-update.ts";
import { openSockets, type Answer, type DnsSockets, type Transport } from "./sockets.ts";
import { serialOf, type Zone } from "./zone.ts";

/** `silent`: takes everything and answers nothing. `stale`: goes on answering from the zone as it is now. */
type Behaviour = "normal" | "silent" | "stale";

/** One authoritative nameserver of the lab, on a loopback address and a port of its own, over UDP and TCP. */
export interface Nameserver {
  readonly address: string;
  readonly port: number;
  /** The zone as it is held, whatever the behaviour. */
  zone(): Zone;
  behave(behaviour: Behaviour): void;
  stop(): Promise<void>;
}

interface NameserverOptions {
  readonly address: string;
  /** 0: a free one. */
  readonly port: number;
  readonly zone: Zone;
}

/** Publishes a zone that nobody changes. */
export async function startNameserver({ address, port, zone }: NameserverOptions): Promise<Nameserver> {
  const server = createServer(zone, () => undefined);
  const sockets = await openSockets(address, port, server.answer);
  return nameserver(address, sockets, server, () => undefined);
}

export interface Primary extends Nameserver {
  /** UPDATEs that changed the zone so far. */
  applied(): number;
  /** From now on it is notified after each change. */
  addSecondary(secondary: { readonly address: string; readonly port: number }): void;
}

export interface PrimaryOptions extends NameserverOptions {
  readonly updateKey: TsigKey;
  /** How long its own NOTIFY waits after a change; real primaries gather changes for 0.5 to 1 s. */
  readonly notifyDelayMs: number;
}

/** Takes UPDATEs (RFC 2136) that its key signed (RFC 8945), and tells its secondaries of them (RFC 1996). */
export async function startPrimary(options: PrimaryOptions): Promise<Primary> {
  const { address, updateKey } = options;
  const secondaries: { readonly address: string; readonly port: number }[] = [];
  let applied = 0;
  let pending: NodeJS.Timeout | undefined;
  const server = createServer(options.zone, (octets, request) => {
    if (request.flags.opcode !== opcode.UPDATE) return undefined;
    const before = server.held();
    const { response, zone } = answerUpdate(before, octets, updateKey, Math.floor(Date.now() / 1000));
    if (zone !== before) {
      applied += 1;
      server.hold(zone);
      pending ??= setTimeout(notify, options.notifyDelayMs);
    }
    return response;
  });
  const sockets = await openSockets(address, options.port, server.answer);
  const notify = () => {
    pending = undefined;
    const serial = serialOf(server.held());
    for (const to of secondaries) sockets.send(buildNotify(options.zone.name, serial & 0xff_ff, serial), to);
  };
  return {
    ...nameserver(address, sockets, server, () => clearTimeout(pending)),
    applied: () => applied,
    addSecondary: (secondary) => secondaries.push(secondary),
  };
}

export interface SecondaryOptions {
  readonly address: string;
  /** 0: a free one. */
  readonly port: number;
  readonly primary: Primary;
  /** How long the transfer takes after a NOTIFY. */
  readonly transferMs: number;
}

/** Holds a copy of its primary's zone, and fetches it anew when it is notified, by whomever (RFC 1996 §4.4). */
export async function startSecondary(options: SecondaryOptions): Promise<Nameserver> {
  const { address, primary } = options;
  const transfers = new Set<NodeJS.Timeout>();
  const fetchZone = () => {
    const transfer = setTimeout(() => {
      transfers.delete(transfer);
      server.hold(primary.zone());
    }, options.transferMs);
    transfers.add(transfer);
  };
  const server = createServer(primary.zone(), (_, request) => {
    if (request.flags.opcode !== opcode.NOTIFY) return undefined;
    fetchZone();
    return encodeMessage(responseTo(request, rcode.NOERROR, { authoritative: "yes" }));
  });
  const sockets = await openSockets(address, options.port, server.answer);
  primary.addSecondary({ address, port: sockets.port });
  return nameserver(address, sockets, server, () => transfers.forEach((transfer) => clearTimeout(transfer)));
}

/** What this kind of server answers to a message that is no query; `undefined`: it does not know the opcode. */
type Special = (octets: Uint8Array, request: Message) => Uint8Array | undefined;

interface Server {
  readonly held: () => Zone;
  readonly hold: (zone: Zone) => void;
  readonly behave: (behaviour: Behaviour) => void;
  readonly answer: Answer;
}

function createServer(initial: Zone, special: Special): Server {
  let held = initial;
  /** What is answered from while `stale`. */
  let old: Zone | undefined;
  let silent = false;
  return {
    held: () => held,
    hold(zone) {
      held = zone;
    },
    behave(behaviour) {
      old = behaviour === "stale" ? held : undefined;
      silent = behaviour === "silent";
    },
    answer: (octets, transport) => (silent ? undefined : respond(octets, transport, old ?? held, special)),
  };
}

function respond(octets: Uint8Array, transport: Transport, zone: Zone, special: Special): Uint8Array | undefined {
  let request: Message;
  try {
    request = decodeMessage(octets);
  } catch (error) {
    if (error instanceof WireError) return responseToUnreadable(octets, rcode.FORMERR);
    throw error;
  }
  // A response, such as the answer to a NOTIFY of ours, is answered by nobody.
  if (request.flags.qr) return undefined;
  if (request.flags.opcode !== opcode.QUERY)
    return special(octets, request) ?? encodeMessage(responseTo(request, rcode.NOTIMP));
  const response = answerQuery(zone, request);
  return transport === "udp" ? encodeForUdp(request, response) : encodeMessage(response);
}

function nameserver(address: string, sockets: DnsSockets, server: Server, cancelTimers: () => void): Nameserver {
  return {
    address,
    port: sockets.port,
    zone: server.held,
    behave: server.behave,
    async stop() {
      cancelTimers();
      await sockets.close();
    },
  };
}
