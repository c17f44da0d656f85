import type { Socket } from "node:net";
import { type Connector, directConnector } from "../src/probes/connector.ts";

/** A vantage's line that can be cut: while `isCut`, every connection fails as one whose router knows no way on. */
export function cuttableConnector(isCut: () => boolean, whole: Connector = directConnector()): Connector {
  return (endpoint): Socket => {
    const socket = whole(endpoint);
    if (isCut()) socket.destroy(Object.assign(new Error("the line is cut"), { code: "EHOSTUNREACH" }));
    return socket;
  };
}
