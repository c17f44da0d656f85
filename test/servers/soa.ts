import { createSocket } from "node:dgram";

/**
 * Asks one server over UDP for the SOA of a zone, without any of our own DNS code, so that a fault there cannot hide a
 * server that is not ready. Resolves to the number of answer records when it answers with authority, else `undefined`.
 */
export function askSoa(address: string, port: number, zone: string): Promise<number | undefined> {
  return ask(address, port, zone, 6);
}

/** True once the zone's NSEC at the apex is there with its signature: the signing is done. */
export async function isSigned(address: string, port: number, zone: string): Promise<boolean> {
  return ((await ask(address, port, zone, 47)) ?? 0) >= 2;
}

const waitMs = 250;

function ask(address: string, port: number, zone: string, type: number): Promise<number | undefined> {
  const id = Math.floor(Math.random() * 0x1_00_00);
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const socket = createSocket("udp4");
  const finish = (answers: number | undefined) => {
    clearTimeout(timer);
    socket.removeAllListeners("error").on("error", () => undefined);
    socket.close();
    resolve(answers);
  };
  const timer = setTimeout(finish, waitMs, undefined);
  socket.on("error", () => finish(undefined));
  socket.on("message", (answer) => {
    const authoritative =
      answer.length >= 12 && answer.readUInt16BE(0) === id && (answer.readUInt16BE(2) & 0x840f) === 0x8400;
    finish(authoritative && answer.readUInt16BE(6) > 0 ? answer.readUInt16BE(6) : undefined);
  });
  socket.connect(port, address, () => socket.send(question(id, zone, type)));
  return promise;
}

/** One question with EDNS of 1232 octets and DO set (RFC 6891 §6.1). */
function question(id: number, zone: string, type: number): Buffer {
  const labels = zone.split(".").filter((label) => label !== "");
  const name = Buffer.concat([
    ...labels.map((label) => Buffer.from(`${String.fromCodePoint(label.length)}${label}`)),
    Buffer.alloc(1),
  ]);
  const edns = [0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 0];
  return Buffer.concat([
    Buffer.from([id >> 8, id & 255, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]),
    name,
    Buffer.from([0, type, 0, 1]),
    Buffer.from(edns),
  ]);
}
