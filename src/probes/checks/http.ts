import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ProbeTarget } from "../../core/health/observation.ts";
import type { CheckDefinition } from "../../core/policy/policy.ts";
import { invariant } from "../../values/invariant.ts";
import type { Instant } from "../../values/time.ts";
import { reasonOfSocketError } from "../socket-reason.ts";
import { dial, type End } from "./dial.ts";
import { HttpAnswer } from "./http-answer.ts";
import type { Finding, Runner } from "./runner.ts";
import { certificateUntil, reasonOfTlsError, trustContext } from "./tls.ts";

type HttpCheck = Extract<CheckDefinition, { type: "http" }>;

/**
 * One GET over a connection of its own to the site's address, with the service's name as SNI and Host. The certificate
 * must be trusted and made out to that name: there is no way to turn this off, since a check that ignores a bad
 * certificate proves nothing. Revocation is not looked up.
 */
export const runHttp: Runner<HttpCheck> = async (target, definition, means): Promise<Finding> => {
  const endpoint = { address: target.address, port: definition.port };
  const { name, request, contains } = prepare(target, definition);
  const answer = new HttpAnswer({ status: definition.status, contains });
  let until: Instant | null = null;
  const reason = await dial(endpoint, definition.timeoutMs, means, (socket, end) => {
    if (definition.scheme === "http") {
      ask(socket, request, answer, end);
      return;
    }
    const secure = connectTls({
      socket,
      servername: name,
      secureContext: trustContext(definition.trust),
      rejectUnauthorized: true,
      ALPNProtocols: ["http/1.1"],
    });
    socket.once("close", () => secure.destroy());
    secure.on("error", (error) => end(reasonOfTlsError(error) ?? reasonOfSocketError(error, endpoint)));
    secure.once("secureConnect", () => {
      until = certificateUntil(secure);
      ask(secure, request, answer, end);
    });
  });
  return { reason, certificateUntil: until };
};

function ask(socket: Socket, request: string, answer: HttpAnswer, end: End): void {
  socket.on("data", (octets: Buffer) => {
    const reason = answer.push(octets);
    if (reason !== undefined) end(reason);
  });
  socket.once("end", () => end(answer.end()));
  socket.write(request, "latin1");
}

interface Prepared {
  readonly name: string;
  readonly request: string;
  readonly contains: Buffer | null;
}

/** What does not change from one run to the next; a target lives as long as its policy. */
const prepared = new WeakMap<ProbeTarget, Prepared>();

function prepare(target: ProbeTarget, definition: HttpCheck): Prepared {
  const known = prepared.get(target);
  if (known !== undefined) return known;
  const name = target.name.endsWith(".") ? target.name.slice(0, -1) : target.name;
  const contains = definition.contains === null ? null : Buffer.from(definition.contains);
  const fresh = { name, request: requestOf(name, definition), contains };
  prepared.set(target, fresh);
  return fresh;
}

const defaultPorts = { http: 80, https: 443 };

function requestOf(name: string, { scheme, port, path }: HttpCheck): string {
  invariant(/^\/[\x21-\x7e]*$/.test(path), "a check's path is printable ASCII without spaces");
  invariant(/^[\x21-\x7e]+$/.test(name), "a service's name is printable ASCII");
  const host = port === defaultPorts[scheme] ? name : `${name}:${port}`;
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: pointsman\r\nAccept: */*\r\nConnection: close\r\n\r\n`;
}
