import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** A port of 127.0.0.1 that was free for UDP and TCP a moment ago. */
export async function freePort(address = "127.0.0.1"): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the next try depends on this one
    const port = await tryPort(address);
    if (port !== undefined) return port;
  }
  throw new Error(`no port of ${address} is free for both UDP and TCP`);
}

async function tryPort(address: string): Promise<number | undefined> {
  const tcp = createServer();
  tcp.listen(0, address);
  await once(tcp, "listening");
  const bound = tcp.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  const udp = createSocket("udp4");
  const free = await new Promise<boolean>((resolve) => {
    udp.once("error", () => resolve(false));
    udp.bind(port, address, () => resolve(true));
  });
  await Promise.all([close(tcp), free ? close(udp) : undefined]);
  return free ? port : undefined;
}

function close(closable: { close(closed: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    closable.close(resolve);
  });
}
