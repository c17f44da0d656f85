import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Endpoint } from "../core/policy/policy.ts";

/**
 * The check could not be run: nothing follows for the site. Such results are never delivered, so the check goes stale,
 * and stale is unknown.
 */
export const silentReasons: ReadonlySet<string> = new Set(["not-run", "no-route"]);

/** The code of an error of a socket, as an observation's reason. */
export async function reasonOfSocketError(error: unknown, endpoint: Endpoint): Promise<string> {
  const code = codeOf(error);
  const known = reasons.get(code);
  if (known !== undefined) return known;
  if (!routing.has(code)) return `socket-${code.toLowerCase()}`;
  return (await hasRoute(endpoint)) ? "unreachable" : "no-route";
}

export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return "unknown";
  return error.code;
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connect-refused"],
  ["ETIMEDOUT", "connect-timeout"],
  ["ECONNRESET", "reset"],
  ["ECONNABORTED", "reset"],
  ["EPIPE", "reset"],
  // Of this machine, not of the site: no such address family, source address, permission, descriptor or memory here.
  ["EAFNOSUPPORT", "no-route"],
  ["EADDRNOTAVAIL", "no-route"],
  ["EACCES", "no-route"],
  ["EPERM", "no-route"],
  ["EMFILE", "not-run"],
  ["ENFILE", "not-run"],
  ["ENOBUFS", "not-run"],
  ["ENOMEM", "not-run"],
]);

const routing: ReadonlySet<string> = new Set(["ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EHOSTDOWN"]);

/**
 * A router's "unreachable" is a failure of the site; no route in this machine's own table says nothing about it. They
 * share their error codes. A datagram socket's connect tells them apart: it looks up the route and sends nothing.
 */
function hasRoute({ address, port }: Endpoint): Promise<boolean> {
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  return new Promise((resolve) => {
    const end = (found: boolean): void => {
      socket.close();
      resolve(found);
    };
    socket.once("error", () => end(false));
    socket.once("connect", () => end(true));
    socket.connect(port, address);
  });
}
