import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../platform/clock.ts";
import { duration } from "../../values/time.ts";
import { encodeMessage } from "../wire/message.ts";
import { nameFromText, rootName } from "../wire/name.ts";
import type { Flags } from "../wire/record.ts";
import { opcode, rrclass, rrtype } from "../wire/rrtype.ts";
import { exchange } from "./exchange.ts";
import { freePort } from "../../../test/servers/ports.ts";

const clock = systemClock();
const address = "127.0.0.1";
const never = new AbortController().signal;
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const flags = {
  qr: false,
  opcode: opcode.QUERY,
  aa: false,
  tc: false,
  rd: false,
  ra: false,
  ad: false,
  cd: false,
  rcode: 0,
};

function message(id: number, name: string, changed: Partial<Flags> = {}): Uint8Array {
  const asked = { name: nameFromText(name) ?? rootName, type: rrtype.A, class: rrclass.IN };
  const none = { answer: [], authority: [], additional: [], edns: undefined };
  return encodeMessage({ id, flags: { ...flags, ...changed }, question: [asked], ...none });
}

const question = message(4711, "login.example.com.");
const answer = message(4711, "login.example.com.", { qr: true, aa: true });

async function udpServer(
  reply: (socket: Socket, from: RemoteInfo, octets: Uint8Array) => void,
  port = 0,
): Promise<number> {
  const socket = createSocket("udp4");
  socket.on("message", (octets, from) => reply(socket, from, octets));
  socket.bind(port, address);
  await once(socket, "listening");
  closing.push(() => socket.close());
  return socket.address().port;
}

async function tcpServer(chunks: readonly Uint8Array[], port = 0, aborts?: AbortController): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      aborts?.abort();
      for (const chunk of chunks) socket.write(chunk);
      if (chunks.length === 0) socket.end();
    });
  });
  server.listen(port, address);
  await once(server, "listening");
  closing.push(() => server.close());
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}

function framed(octets: Uint8Array): Uint8Array {
  return Uint8Array.of(octets.length >> 8, octets.length & 0xff, ...octets);
}

function ask(port: number, transport: "udp" | "tcp", timeoutMs = 2000, signal = never, to = address) {
  const request = { address: to, port, message: question, transport, timeoutMs: duration(timeoutMs) };
  return exchange({ ...request, abortable: "throughout" }, clock, signal);
}

describe("an exchange over UDP", () => {
  it("drops and counts what does not echo id, question and its case, and waits on for the answer", async () => {
    const strangers = [
      message(4712, "login.example.com.", { qr: true }),
      message(4711, "other.example.com.", { qr: true }),
      message(4711, "LOGIN.example.com.", { qr: true }),
      message(4711, "login.example.com.", { qr: true, opcode: opcode.UPDATE }),
      message(4711, "login.example.com."),
      answer.subarray(0, 11),
      answer.subarray(0, 20),
    ];
    const port = await udpServer((socket, from) => {
      for (const octets of [...strangers, answer]) socket.send(octets, from.port, from.address);
    });
    const result = await ask(port, "udp");
    expect(result).toMatchObject({ outcome: "response", transport: "udp", dropped: strangers.length });
    expect(result).toHaveProperty("octets", Buffer.from(answer));
  });

  it("never sees a datagram from another port than the one it asked", async () => {
    const other = createSocket("udp4");
    closing.push(() => other.close());
    const port = await udpServer((socket, from) => {
      other.send(answer, from.port, from.address, () => socket.send(answer, from.port, from.address));
    });
    expect(await ask(port, "udp")).toMatchObject({ outcome: "response", dropped: 0 });
  });

  it("asks from a port of its own each time", async () => {
    const ports = new Set<number>();
    const port = await udpServer((socket, from) => {
      ports.add(from.port);
      socket.send(answer, from.port, from.address);
    });
    await Promise.all(Array.from({ length: 8 }, () => ask(port, "udp")));
    expect(ports.size).toBeGreaterThan(1);
  });

  it("asks again over TCP when the answer was truncated, and only then", async () => {
    const truncated = message(4711, "login.example.com.", { qr: true, tc: true });
    const port = await freePort(address);
    await udpServer((socket, from) => socket.send(truncated, from.port, from.address), port);
    await tcpServer([framed(answer)], port);
    expect(await ask(port, "udp")).toMatchObject({ outcome: "response", transport: "tcp" });
  });
});

describe("an exchange over TCP", () => {
  it("puts an answer together from pieces, behind a message that is not for us", async () => {
    const stream = Uint8Array.of(...framed(message(1, "a.", { qr: true })), ...framed(answer));
    const port = await tcpServer([stream.subarray(0, 1), stream.subarray(1, 30), stream.subarray(30)]);
    const result = await ask(port, "tcp");
    expect(result).toMatchObject({ outcome: "response", transport: "tcp", dropped: 1 });
    expect(result).toHaveProperty("octets", Buffer.from(answer));
  });

  it("tells a closed connection and a message that is too short apart", async () => {
    expect(await ask(await tcpServer([]), "tcp")).toMatchObject({ outcome: "closed", sent: true });
    const short = await tcpServer([Uint8Array.of(0, 3, 1, 2, 3)]);
    expect(await ask(short, "tcp")).toMatchObject({ outcome: "malformed", code: "message-too-short", sent: true });
  });
});

describe.each(["udp", "tcp"] as const)("what goes wrong over %s is told apart", (transport) => {
  it("silence is a timeout, after something was sent", async () => {
    const port = transport === "udp" ? await udpServer(() => undefined) : await tcpServer([Uint8Array.of(0)]);
    expect(await ask(port, transport, 60)).toMatchObject({ outcome: "timeout", code: "timeout", sent: true });
  });

  it("a closed port is refused", async () => {
    const port = await tcpServer([]);
    closing.pop()?.();
    const result = await ask(port, transport);
    expect(result).toMatchObject({ outcome: "refused", code: "connection-refused", sent: transport === "udp" });
  });

  it("an address without a route says nothing about the server", async () => {
    // A link-local address on the loopback link: nothing leaves this machine, and no route leads there.
    const result = await ask(53, transport, 2000, never, "fe80::1%lo");
    expect(result).toMatchObject({ outcome: "no-route", sent: false });
  });

  it("an address that the system does not connect to is an outcome, and not the end of the process", async () => {
    // Nobody is connected to the broadcast address: it is refused to UDP, and TCP has no route to it.
    const result = await ask(53, transport, 2000, never, "255.255.255.255");
    expect(["failed", "no-route"]).toContain(result.outcome);
    expect(result).toMatchObject({ sent: false });
  });

  it("the caller can give up, before and after the message is sent", async () => {
    const early = AbortSignal.abort();
    expect(await ask(53, transport, 2000, early)).toMatchObject({ outcome: "aborted", sent: false });
    const connecting = new AbortController();
    const cutShort = ask(53, transport, 2000, connecting.signal);
    connecting.abort();
    expect(await cutShort).toMatchObject({ outcome: "aborted", sent: false });
    const controller = new AbortController();
    const port = transport === "udp" ? await udpServer(() => controller.abort()) : await tcpServer([Uint8Array.of(0)]);
    const waiting = ask(port, transport, 5000, controller.signal);
    if (transport === "tcp") setTimeout(() => controller.abort(), 30);
    expect(await waiting).toMatchObject({ outcome: "aborted", sent: true });
  });

  it("a write goes on when its caller gives up after it was sent, since it may be applied", async () => {
    const controller = new AbortController();
    const reply = (socket: Socket, from: RemoteInfo) => {
      controller.abort();
      socket.send(answer, from.port, from.address);
    };
    const port = transport === "udp" ? await udpServer(reply) : await tcpServer([framed(answer)], 0, controller);
    const write = { address, port, message: question, transport, timeoutMs: duration(2000) };
    const result = await exchange({ ...write, abortable: "until-sent" }, clock, controller.signal);
    expect(controller.signal.aborted).toBe(true);
    expect(result).toMatchObject({ outcome: "response" });
  });
});

describe("the address that a question goes out from", () => {
  const askFrom = async (transport: "udp" | "tcp", source?: string): Promise<string | undefined> => {
    const from: (string | undefined)[] = [];
    const port = await freePort(elsewhere);
    if (transport === "udp") {
      const socket = createSocket("udp4");
      socket.on("message", (_, { address: seen, port: back }) => {
        from.push(seen);
        socket.send(answer, back, seen);
      });
      socket.bind(port, elsewhere);
      await once(socket, "listening");
      closing.push(() => socket.close());
    } else {
      const server = createServer((socket) => {
        from.push(socket.remoteAddress);
        socket.on("error", () => undefined).end(framed(answer));
      });
      server.listen(port, elsewhere);
      await once(server, "listening");
      closing.push(() => server.close());
    }
    const request = { transport, address: elsewhere, port, message: question, source } as const;
    const result = await exchange({ ...request, timeoutMs: duration(1000), abortable: "throughout" }, clock, never);
    return from[0] ?? result.outcome;
  };
  const elsewhere = "127.0.47.9";

  it.each(["udp", "tcp"] as const)(
    "over %s is one of this machine, and the one that was asked for",
    async (transport) => {
      // Not that of the server: it is another machine's, and nothing could be sent from there.
      expect(await askFrom(transport)).toBe("127.0.0.1");
      expect(await askFrom(transport, "127.0.47.7")).toBe("127.0.47.7");
      expect(await askFrom(transport, "::1")).toBe("127.0.0.1");
      expect(await askFrom(transport, "192.0.2.200")).toBe("no-route");
    },
  );
});
