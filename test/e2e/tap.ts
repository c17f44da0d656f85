import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { decodeMessage } from "../../src/dns/wire/message.ts";
import { nameToText } from "../../src/dns/wire/name.ts";
import type { Message, ResourceRecord } from "../../src/dns/wire/record.ts";
import { rrtype } from "../../src/dns/wire/rrtype.ts";
import { freePort } from "../servers/ports.ts";
import type { ServerAddress } from "../servers/zone.ts";

/** Something that went through a tap, or happened beside it. */
export type Passed =
  | {
      readonly what: "update";
      /** The value that it gives its fence. */
      readonly fence: string | undefined;
      /** The addresses that it adds, in hexadecimal. */
      readonly to: readonly string[];
      /** What the server answered to it; undefined while it has not. */
      rcode: number | undefined;
    }
  | { readonly what: "query"; readonly name: string; readonly type: number }
  | { readonly what: "mark"; readonly text: string };

/** Stands before a server's port, over UDP and TCP, and writes down what goes through it. It alters nothing. */
export interface Tap extends ServerAddress {
  /** `lost`: what the server answers over TCP does not arrive, and the connection ends in its place. */
  answers: "passed" | "lost";
  readonly passed: readonly Passed[];
  /** Writes down something that happened elsewhere, such as a kill. */
  mark(text: string): void;
  /** The UPDATEs that went through, in order. */
  updates(): readonly Extract<Passed, { what: "update" }>[];
  stop(): Promise<void>;
}

const opcodeUpdate = 5;

export async function startTap(to: ServerAddress): Promise<Tap> {
  const address = "127.0.0.1";
  const port = await freePort(address);
  const passed: Passed[] = [];
  const open = new Set<{ destroy(): void }>();
  const udp = createSocket("udp4");
  udp.on("message", (octets, from) => forwardDatagram(octets, from));
  udp.bind(port, address);
  await once(udp, "listening");
  const tcp = createServer((client) => forwardStream(client));
  tcp.listen(port, address);
  await once(tcp, "listening");
  const tap: Tap = {
    address,
    port,
    answers: "passed",
    passed,
    mark: (text) => void passed.push({ what: "mark", text }),
    updates: () => passed.filter((each) => each.what === "update"),
    async stop() {
      for (const each of open) each.destroy();
      udp.close();
      tcp.close();
      await once(tcp, "close");
    },
  };
  return tap;

  function forwardDatagram(octets: Buffer, from: RemoteInfo): void {
    const answered = request(octets);
    const upstream = createSocket("udp4");
    const ending = { destroy: () => upstream.close() };
    open.add(ending);
    const end = (): void => {
      if (open.delete(ending)) upstream.close();
    };
    const timer = setTimeout(end, 5000);
    upstream.on("error", end).on("message", (answer) => {
      answered(answer);
      udp.send(answer, from.port, from.address);
      clearTimeout(timer);
      end();
    });
    upstream.connect(to.port, to.address, () => upstream.send(octets));
  }

  function forwardStream(client: Socket): void {
    const upstream = connect(to.port, to.address);
    const answered: ((octets: Buffer) => void)[] = [];
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", () => undefined).on("close", () => open.delete(socket));
    }
    upstream.on("close", () => client.destroy());
    // The client may be killed with a request under way: its answer is still waited for, and written down.
    client.on("close", () => answered.length === 0 && upstream.destroy());
    // Written down before it is passed on, so that nothing that a server did is missing.
    onMessages(client, (octets) => {
      answered.push(request(octets));
      upstream.write(withLength(octets));
    });
    onMessages(upstream, (octets) => {
      answered.shift()?.(octets);
      if (tap.answers === "lost") client.destroy();
      else if (!client.destroyed) client.write(withLength(octets));
      if (client.destroyed && answered.length === 0) upstream.destroy();
    });
  }

  /** Writes a request down; the returned function is told of its answer. */
  function request(octets: Buffer): (answer: Buffer) => void {
    const message = decodeMessage(new Uint8Array(octets));
    if (message.flags.opcode !== opcodeUpdate) {
      const [question] = message.question;
      if (question !== undefined) passed.push({ what: "query", name: nameToText(question.name), type: question.type });
      return () => undefined;
    }
    const update: Passed = { what: "update", fence: fenceOf(message), to: addedBy(message), rcode: undefined };
    passed.push(update);
    return (answer) => {
      update.rcode = answer.readUInt16BE(2) & 0xf;
    };
  }
}

/** The TXT that an UPDATE adds (RFC 2136 §2.5.1). */
function fenceOf({ authority }: Message): string | undefined {
  const added = authority.find((record) => record.type === rrtype.TXT && isAddition(record));
  return added && Buffer.from(added.rdata.subarray(1)).toString("latin1");
}

function addedBy({ authority }: Message): readonly string[] {
  return authority
    .filter((record) => (record.type === rrtype.A || record.type === rrtype.AAAA) && isAddition(record))
    .map(({ rdata }) => Buffer.from(rdata).toString("hex"));
}

function isAddition(record: ResourceRecord): boolean {
  return record.class === 1;
}

function onMessages(socket: Socket, receive: (octets: Buffer) => void): void {
  let received = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      receive(received.subarray(2, end));
      received = received.subarray(end);
    }
  });
}

function withLength(octets: Buffer): Buffer {
  return Buffer.concat([Buffer.of(octets.length >> 8, octets.length & 0xff), octets]);
}
