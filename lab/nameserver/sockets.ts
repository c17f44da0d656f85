import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { messageOctetsMax } from "../../src/dns/wire/limits.ts";

export type Transport = "udp" | "tcp";

/** What is answered to a message; `undefined`: nothing at all. */
export type Answer = (
  octets: Uint8Array,
  transport: Transport,
) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

export interface DnsSockets {
  readonly port: number;
  /** One message over UDP, from the port that it is answered on. */
  send(octets: Uint8Array, to: { readonly address: string; readonly port: number }): void;
  close(): Promise<void>;
}

/** Listens for DNS over UDP and TCP on one port; 0 is one that is free for both. */
export async function openSockets(address: string, port: number, answer: Answer): Promise<DnsSockets> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = createServer((socket) => serve(socket, answer));
    tcp.listen(port, address);
    // oxlint-disable-next-line no-await-in-loop -- the port that TCP got is tried on UDP
    await once(tcp, "listening");
    const bound = portOf(tcp);
    // oxlint-disable-next-line no-await-in-loop -- as above
    const udp = await bindUdp(address, bound);
    if (udp instanceof Error) {
      tcp.close();
      if (port !== 0 || attempt === portAttemptsMax) throw udp;
    } else {
      return opened(tcp, udp, bound, answer);
    }
  }
}

/** A port that is free on TCP may be taken on UDP; that is rare, so few attempts do. */
const portAttemptsMax = 20;

function opened(tcp: Server, udp: UdpSocket, port: number, answer: Answer): DnsSockets {
  const connections = new Set<Socket>();
  tcp.on("connection", (socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });
  let isOpen = true;
  udp.on("message", (octets, from) => {
    void reply(answer(octets, "udp"), (response) => {
      // One that was waited for may come too late.
      if (isOpen) send(udp, response, from.port, from.address);
    });
  });
  udp.on("error", () => undefined);
  return {
    port,
    send: (octets, to) => send(udp, octets, to.port, to.address),
    async close() {
      isOpen = false;
      for (const socket of connections) socket.destroy();
      await Promise.all([
        new Promise((resolve) => tcp.close(resolve)),
        new Promise<void>((resolve) => udp.close(resolve)),
      ]);
    },
  };
}

/** Gives the answer once it is there, if there is one; at once where nothing is to be waited for. */
async function reply(answered: ReturnType<Answer>, give: (response: Uint8Array) => void): Promise<void> {
  const response = answered instanceof Promise ? await answered : answered;
  if (response !== undefined && response.length <= messageOctetsMax) give(response);
}

/** An answer that cannot be delivered is the asker's loss; it asks again. */
function send(udp: UdpSocket, octets: Uint8Array, port: number, address: string): void {
  udp.send(octets, port, address, () => undefined);
}

function bindUdp(address: string, port: number): Promise<UdpSocket | Error> {
  const udp = createSocket("udp4");
  return new Promise((resolve) => {
    udp.once("error", (error) => {
      udp.close();
      resolve(error);
    });
    udp.bind(port, address, () => {
      udp.removeAllListeners("error");
      resolve(udp);
    });
  });
}

/** Messages with their lengths before them, any number on a connection (RFC 7766 §6.2.1). */
function serve(socket: Socket, answer: Answer): void {
  let received = Buffer.alloc(0);
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const answered = answer(new Uint8Array(received.subarray(2, end)), "tcp");
      received = received.subarray(end);
      void reply(answered, (response) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(response.length);
        socket.write(Buffer.concat([length, response]));
      });
    }
  });
}

function portOf(server: Server): number {
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("a listening TCP server has a port");
  return bound.port;
}
