import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as elapse } from "node:timers/promises";

// Below what Linux, macOS and Windows give to outgoing connections: a site that was killed finds its port free again.
const least = 10_240;
const most = 32_000;
const attemptsMax = 50;

/** A TCP port that is free on each of the addresses. @throws Error where one of them is not this machine's. */
export async function freePortOn(addresses: readonly string[]): Promise<number> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const port = least + Math.floor(Math.random() * (most - least));
    // oxlint-disable-next-line no-await-in-loop -- the next port only where this one is taken
    const free = await Promise.all(addresses.map((address) => isFree(address, port)));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`No port of ${attemptsMax} tried is free on ${addresses.join(" and ")}.`);
}

/** Waits until the port can be listened on again: its last holder was killed a moment ago. */
export async function untilFree(address: string, port: number): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    if (await isFree(address, port)) return;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await elapse(20);
  }
  throw new Error(`Another program has taken the port ${address}:${port}.`);
}

async function isFree(address: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, address);
    await once(server, "listening");
    return true;
  } catch (error) {
    if (codeOf(error) === "EADDRINUSE") return false;
    throw new Error(
      `This machine has no loopback address ${address} (${codeOf(error)}). On macOS, add it: sudo ifconfig lo0 alias ${address} up`,
      { cause: error },
    );
  } finally {
    server.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
