import { createServer, isIPv6, type Server, type Socket } from "node:net";
import type { Clock } from "../../ports/clock.ts";
import { duration, second } from "../../values/time.ts";
import { Allowance } from "./allowance.ts";

export interface DoorParts {
  readonly clock: Clock;
  /** Takes a connection that was let in. */
  readonly enter: (socket: Socket) => void;
  /** A connection was turned away: its source, and why. */
  readonly turnedAway: (source: string, code: string) => void;
}

/** Connections open at a time, of one source and of all. */
const openMax = { ofSource: 8, ofAll: 128 };
/** New connections: a handshake costs about a millisecond of the one thread on which failovers run as well. */
const entries = { ofSource: { perSecond: 5, burst: 20 }, ofAll: { perSecond: 50, burst: 100 } };
/** A connection's whole life. Who dribbles its octets is cut off. */
const lifeMs = duration(15 * second);

/**
 * Stands before the TLS listener and lets connections in by their source alone, before a handshake or an octet is looked at.
 * When the house is full, the source with most connections loses its oldest.
 */
export class Door {
  readonly server: Server;
  readonly #parts: DoorParts;
  readonly #open = new Map<string, Set<Socket>>();
  readonly #ofSource: Allowance;
  readonly #ofAll: Allowance;
  #count = 0;

  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#ofSource = new Allowance(entries.ofSource, parts.clock);
    this.#ofAll = new Allowance(entries.ofAll, parts.clock);
    this.server = createServer({ noDelay: true }, (socket) => this.#knock(socket));
  }

  /** Ends every connection. */
  clear(): void {
    for (const sockets of this.#open.values()) for (const socket of sockets) socket.destroy();
  }

  #knock(socket: Socket): void {
    // Without a listener an error would end the process.
    socket.on("error", () => socket.destroy());
    const source = sourceOf(socket.remoteAddress);
    const own = this.#open.get(source)?.size ?? 0;
    const code =
      own >= openMax.ofSource
        ? "too-many-connections"
        : this.#ofSource.take(source) && this.#ofAll.take("all")
          ? undefined
          : "too-fast";
    if (code !== undefined) {
      this.#parts.turnedAway(source, code);
      socket.destroy();
      return;
    }
    if (this.#count >= openMax.ofAll) this.#makeRoom();
    this.#letIn(source, socket);
  }

  #letIn(source: string, socket: Socket): void {
    const own = this.#open.get(source) ?? new Set<Socket>();
    this.#open.set(source, own.add(socket));
    this.#count += 1;
    const cancel = this.#parts.clock.schedule(lifeMs, () => socket.destroy());
    socket.once("close", () => {
      cancel();
      own.delete(socket);
      this.#count -= 1;
      if (own.size === 0 && this.#open.get(source) === own) this.#open.delete(source);
    });
    this.#parts.enter(socket);
  }

  #makeRoom(): void {
    let most: readonly [string, ReadonlySet<Socket>] | undefined;
    for (const one of this.#open) if (most === undefined || one[1].size > most[1].size) most = one;
    if (most === undefined) return;
    const [oldest] = most[1];
    this.#parts.turnedAway(most[0], "too-many-connections");
    oldest?.destroy();
  }
}

/** Who shares a limit: an IPv4 address, or the 64 bits of an IPv6 address that a site is given (RFC 4291 §2.5.4). */
export function sourceOf(address: string | undefined): string {
  const text = (address ?? "unknown").replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (!isIPv6(text)) return text;
  const [before = "", after] = text.split("::");
  const head = before.split(":").filter((group) => group !== "");
  const tail = (after ?? "").split(":").filter((group) => group !== "");
  const zeros = after === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array.from({ length: zeros }, () => "0"), ...tail];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
