import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ProbeTarget } from "../../core/health/observation.ts";
import { witnessOf } from "../../core/integrity/clock.ts";
import type { CheckDefinition } from "../../core/policy/policy.ts";
import { invariant } from "../../values/invariant.ts";
import { duration, type Instant } from "../../values/time.ts";
import { reasonOfSocketError } from "../socket-reason.ts";
import { dial, type End, type Means } from "./dial.ts";
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
      hear(secure, target, answer, means);
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

/** Once the head of an answer is whole, its Date is a witness of our time, whatever else the answer says. */
function hear(socket: Socket, { site }: ProbeTarget, { date }: HttpAnswer, { clock, clockWitnesses }: Means): void {
  if (clockWitnesses === undefined) return;
  const askedAt = clock.monotonic();
  const look = (): void => {
    if (!date.closed) return;
    socket.off("data", look);
    const theirs = date.value;
    if (theirs === undefined) return;
    const tripMs = duration(clock.monotonic() - askedAt);
    clockWitnesses.heard(witnessOf({ source: "date-header", from: site, theirs, heardAt: clock.now(), tripMs }));
  };
  socket.on("data", look);
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
