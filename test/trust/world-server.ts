import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { freePortOn } from "../../lab/free-port.ts";
import type { World } from "../../src/dns/dnssec/world.fixture.ts";
import { decodeMessage, encodeMessage } from "../../src/dns/wire/message.ts";
import { nameToText } from "../../src/dns/wire/name.ts";
import { typeToText } from "../../src/dns/wire/rrtype.ts";

export interface WorldServer {
  /** `ADDRESS:PORT`. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves a world of signed zones over UDP and TCP, all of it from one address, the deepest zone answering. */
export async function serveWorld(world: World, where: { host?: string; port?: number } = {}): Promise<WorldServer> {
  const host = where.host ?? "127.0.0.1";
  const port = where.port ?? (await freePortOn([host]));
  const datagrams = createSocket("udp4");
  datagrams.on("message", (octets, from) => datagrams.send(answerTo(world, octets), from.port, from.address));
  datagrams.bind(port, host);
  const open = new Set<Socket>();
  const streams = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
    serveStream(world, socket);
  });
  streams.listen(port, host);
  await Promise.all([once(datagrams, "listening"), once(streams, "listening")]);
  return {
    address: `${host}:${port}`,
    port,
    async close() {
      datagrams.close();
      for (const socket of open) socket.destroy();
      streams.close();
      await Promise.all([once(datagrams, "close"), once(streams, "close")]);
    },
  };
}

function answerTo(world: World, octets: Uint8Array): Uint8Array {
  const query = decodeMessage(octets);
  const [question] = query.question;
  if (question === undefined) throw new Error("a query has a question");
  const answer = world.answerTo(nameToText(question.name), typeToText(question.type));
  const edns = { udpPayloadSize: 4096, version: 0, dnssecOk: true, options: [] };
  return encodeMessage({ ...answer, id: query.id, question: [question], edns });
}

/** RFC 1035 §4.2.2: each message behind its length. */
function serveStream(world: World, socket: Socket): void {
  let held = Buffer.alloc(0);
  socket.on("data", (part: Buffer) => {
    held = Buffer.concat([held, part]);
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
      const end = 2 + held.readUInt16BE(0);
      const answer = answerTo(world, held.subarray(2, end));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.write(Buffer.concat([length, answer]));
      held = held.subarray(end);
    }
  });
}
