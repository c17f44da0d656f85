import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { decodeMessage, encodeMessage } from "../../src/dns/wire/message.ts";
import type { Message } from "../../src/dns/wire/record.ts";
import { rcode } from "../../src/dns/wire/rrtype.ts";
import { WireError } from "../../src/dns/wire/wire-error.ts";
import { freePort } from "../servers/ports.ts";
import type { ServerAddress } from "../servers/zone.ts";
import { recordKey, type Recorder } from "./recorder.ts";

/** A nameserver that gives what was recorded, but for the messages that are forged for now. */
export interface LyingServer extends ServerAddress {
  forgery: ReadonlyMap<string, Message>;
  stop(): Promise<void>;
}

/** Whether it is a message at all: the data of a known type must have its form to be written and read. */
export function canBeSent(forgery: ReadonlyMap<string, Message>): boolean {
  try {
    for (const message of forgery.values()) decodeMessage(encodeMessage(message));
    return true;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

const never = new AbortController().signal;
const fallbackPayloadOctets = 512;

/** Over UDP and TCP; what was never recorded is asked for and recorded then. */
export async function startLyingServer(recorder: Recorder): Promise<LyingServer> {
  const address = "127.0.0.1";
  const port = await freePort(address);
  const udp = createSocket("udp4");
  const sockets = new Set<Socket>();
  udp.on("message", (octets, from) => {
    void datagram(octets, (reply) => udp.send(reply, from.port, from.address, () => undefined));
  });
  const tcp = createServer((client) => {
    sockets.add(client);
    client.on("error", () => undefined).on("close", () => sockets.delete(client));
    client.once("data", (chunk: Buffer) => void stream(chunk.subarray(2), client));
  });
  udp.bind(port, address);
  tcp.listen(port, address);
  await Promise.all([once(udp, "listening"), once(tcp, "listening")]);
  const server: LyingServer = {
    address,
    port,
    forgery: new Map(),
    async stop() {
      for (const socket of sockets) socket.destroy();
      udp.close();
      tcp.close();
      await Promise.all([once(udp, "close"), once(tcp, "close")]);
    },
  };
  return server;

  async function datagram(octets: Uint8Array, send: (reply: Uint8Array) => void): Promise<void> {
    const message = await answer(octets);
    if (message !== undefined) send(fitted(message, octets));
  }

  async function stream(octets: Uint8Array, client: Socket): Promise<void> {
    const message = await answer(octets);
    const reply = message && encodeMessage(message);
    if (reply === undefined) client.destroy();
    else client.end(Uint8Array.of(reply.length >> 8, reply.length & 0xff, ...reply));
  }

  async function answer(octets: Uint8Array): Promise<Message | undefined> {
    const query = decodeMessage(octets);
    const [question] = query.question;
    if (question === undefined) return undefined;
    const recorded = await recorder.query("closest", question, never);
    const known = server.forgery.get(recordKey(question)) ?? recorder.messages.get(recordKey(question));
    const message = known ?? (recorded.outcome === "message" ? recorded.message : undefined);
    if (message === undefined) return { ...query, flags: { ...query.flags, qr: true, rcode: rcode.SERVFAIL } };
    const flags = { ...message.flags, qr: true, rd: query.flags.rd, cd: query.flags.cd };
    return { ...message, id: query.id, question: query.question, flags };
  }
}

/** Cut to what the asker takes over UDP (RFC 6891 §6.2.3); it comes again over TCP. */
function fitted(message: Message, query: Uint8Array): Uint8Array {
  const octets = encodeMessage(message);
  const limit = decodeMessage(query).edns?.udpPayloadSize ?? fallbackPayloadOctets;
  if (octets.length <= limit) return octets;
  return encodeMessage({
    ...message,
    answer: [],
    authority: [],
    additional: [],
    flags: { ...message.flags, tc: true },
  });
}
