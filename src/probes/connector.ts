import { connect, isIP, type Socket } from "node:net";
import type { Endpoint } from "../core/policy/policy.ts";
import { invariant } from "../values/invariant.ts";

/**
 * Opens one TCP connection. The socket is returned while it connects. The lab and the tests give another one to cut a
 * vantage off.
 */
export type Connector = (endpoint: Endpoint) => Socket;

/** Connects straight to the address. `localAddress` is the source address of this vantage; undefined: the system's choice. */
export function directConnector(localAddress?: string): Connector {
  invariant(localAddress === undefined || isIP(localAddress) !== 0, "a source address is an IP address");
  return ({ address, port }) =>
    connect({ host: address, port, autoSelectFamily: false, ...(localAddress === undefined ? {} : { localAddress }) });
}
