import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { ServerAddress } from "./zone.ts";

/** A message that the relay kept back on its way to the server. */
export interface HeldMessage {
  readonly octets: Uint8Array;
  /** Delivers it now, over a connection of its own, and resolves with the server's answer. */
  deliver(): Promise<Uint8Array>;
}

/** A stretch of network between a client and a server's TCP port, in which messages are delayed, altered or lost. */
export interface Relay extends ServerAddress {
  /**
   * `pass` delivers; `hold` keeps requests back and answers nothing; `lose-answers` delivers and drops the answer;
   * `garble-answers` flips the last bit of each; `cut` ends the connection in place of an answer.
   */
  mode: "pass" | "hold" | "lose-answers" | "garble-answers" | "cut";
  /** The next message that is held, or the oldest that still is. */
  held(): Promise<HeldMessage>;
  /** Every request that came, in order. */
  readonly requests: readonly Uint8Array[];
  stop(): Promise<void>;
}

export async function startRelay(to: ServerAddress): Promise<Relay> {
  const sockets = new Set<Socket>();
  const requests: Uint8Array[] = [];
  const waiting: HeldMessage[] = [];
  const wanted: ((message: HeldMessage) => void)[] = [];
  const server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => undefined).on("close", () => sockets.delete(client));
    onMessage(client, (octets) => void handle(client, octets));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  const relay: Relay = {
    address: "127.0.0.1",
    port: typeof bound === "object" && bound !== null ? bound.port : 0,
    mode: "pass",
    requests,
    held() {
      const first = waiting.shift();
      if (first !== undefined) return Promise.resolve(first);
      const { promise, resolve } = Promise.withResolvers<HeldMessage>();
      wanted.push(resolve);
      return promise;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return relay;

  async function handle(client: Socket, octets: Uint8Array): Promise<void> {
    requests.push(octets);
    if (relay.mode === "hold") {
      const message: HeldMessage = { octets, deliver: () => deliver(to, octets) };
      const wants = wanted.shift();
      if (wants === undefined) waiting.push(message);
      else wants(message);
      return;
    }
    const { mode } = relay;
    // A server that ends while it is asked leaves the client as unanswered as it would without us.
    const answer = await deliver(to, octets).catch(() => undefined);
    if (answer === undefined) {
      client.destroy();
      return;
    }
    if (mode === "cut") client.destroy();
    if (mode === "pass") client.write(withLength(answer));
    if (mode === "garble-answers") client.write(withLength(garbled(answer)));
  }
}

/** Sends octets as they are over TCP and resolves with the first message that comes back. */
function deliver(to: ServerAddress, octets: Uint8Array): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const socket = connect(to.port, to.address, () => socket.write(withLength(octets)));
  socket.on("error", reject).on("close", () => reject(new Error("the server closed the connection unanswered")));
  onMessage(socket, (answer) => {
    socket.destroy();
    resolve(answer);
  });
  return promise;
}

function onMessage(socket: Socket, receive: (octets: Uint8Array) => void): void {
  let received = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      receive(new Uint8Array(received.subarray(2, end)));
      received = received.subarray(end);
    }
  });
}

function withLength(octets: Uint8Array): Uint8Array {
  return Uint8Array.of(octets.length >> 8, octets.length & 0xff, ...octets);
}

// The last octet of the MAC: a TSIG record ends with its id, error and the length of no other data, 6 octets in all.
function garbled(octets: Uint8Array): Uint8Array {
  const altered = Uint8Array.from(octets);
  const at = altered.length - 7;
  altered[at] = (altered[at] ?? 0) ^ 1;
  return altered;
}
