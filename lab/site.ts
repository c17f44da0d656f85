import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";

/** A small site of the lab: a real server that answers `GET /healthz` with 200, and anything else with 404. */
export interface SiteOptions {
  readonly address: string;
  /** 0: a free one. */
  readonly port: number;
  /** Named in the answer's body, so that one sees who answers. */
  readonly name: string;
  /** PEM; without it the site speaks plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface RunningSite {
  readonly address: string;
  readonly port: number;
  /** 200 to begin with; what `/healthz` answers from now on. */
  setStatus(status: number): void;
  /** Closes at once, open connections too. */
  stop(): Promise<void>;
}

export async function startSite({ address, port, name, tls }: SiteOptions): Promise<RunningSite> {
  let status = 200;
  const answer: RequestListener = (request, response) => {
    const known = request.url === "/healthz";
    const body = known ? `${status === 200 ? "ok" : "not ok"} ${name}\n` : "not found\n";
    response.writeHead(known ? status : 404, {
      "content-type": "text/plain",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  };
  const server = tls === undefined ? createHttpServer(answer) : createHttpsServer(tls, answer);
  server.listen(port, address);
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("a listening TCP server has a port");
  return {
    address,
    port: bound.port,
    setStatus(next) {
      status = next;
    },
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
