import { once } from "node:events";
import { createSecureServer as createHttp2Server, type Http2SecureServer } from "node:http2";
import { createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createAuthority } from "../lab/certificate.ts";
import { ask as askServer, type ServerEndpoint } from "../src/dns/resolution/ask.ts";
import { resolverPort } from "../src/dns/resolution/resolver.ts";
import type { Channel } from "../src/dns/transport/attempt.ts";
import { pinOf, type ServerIdentity } from "../src/dns/transport/identity.ts";
import { nameFromText, rootName } from "../src/dns/wire/name.ts";
import { rcode, rrtype } from "../src/dns/wire/rrtype.ts";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import type { DnsAnswer } from "../src/ports/dns-query.ts";
import { duration } from "../src/values/time.ts";
import { describeWithServers, keepLogsOnFailure } from "./servers/available.ts";
import { startBind } from "./servers/bind.ts";
import type { RunningServer } from "./servers/process.ts";
import { startUnboundTls, type UnboundTls } from "./servers/unbound-tls.ts";

const address = "127.0.0.1";
const never = new AbortController().signal;
const authority = createAuthority("resolvers of the test");
const stranger = createAuthority("somebody else");
const certificate = authority.issue({ names: ["dns.example.net"] });
const known: ServerIdentity = { name: "dns.example.net", pins: [], trust: authority.certificate };
const question = { name: nameFromText("www.signed.test.") ?? rootName, type: rrtype.A };
const opened: { close(): unknown }[] = [];
let bind: RunningServer | undefined;
let unbound: UnboundTls | undefined;

beforeAll(async () => {
  bind = await startBind({ signed: true, zones: [{ name: "signed.test.", records: ["www 60 IN A 192.0.2.1"] }] });
  unbound = await startUnboundTls({
    zone: "signed.test.",
    authority: bind,
    certificate,
    // Of no key at all: so Unbound calls the zone bogus, and gives it only to who asks with CD.
    anchor: "signed.test. DS 1 13 2 0000000000000000000000000000000000000000000000000000000000000000",
  });
});

afterAll(async () => {
  for (const server of opened) server.close();
  await Promise.all([bind?.stop(), unbound?.stop()]);
});

function ask(server: ServerEndpoint, timeoutMs = 3000, signal = never): Promise<DnsAnswer> {
  const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(timeoutMs) };
  return resolverPort({ server, means }).query("closest", question, signal);
}

function endpoint(transport: Channel["transport"], identity = known): ServerEndpoint {
  const { port = 0, tlsPort = 0, httpsPort = 0 } = unbound ?? {};
  if (transport === "dot") return { address, port: tlsPort, transport, identity };
  if (transport === "doh") return { address, port: httpsPort, transport, identity, path: "/dns-query" };
  return { address, port, transport };
}

/** As `endpoint`, at a server that a test makes itself. */
async function at(server: Server | Http2SecureServer, transport: "dot" | "doh"): Promise<ServerEndpoint> {
  server.listen(0, address);
  await once(server, "listening");
  opened.push(server);
  const bound = server.address();
  return { ...endpoint(transport), port: typeof bound === "object" && bound !== null ? bound.port : 0 };
}

/** Speaks TLS, and says the same to whatever it is told. */
function saying(octets: Uint8Array): Server {
  return createTlsServer(certificate, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write(octets));
  });
}

describeWithServers("a resolver", () => {
  keepLogsOnFailure(() => [bind, unbound]);

  it.each(["udp", "tcp", "dot", "doh"] as const)(
    "gives over %s the data with its signatures, and does not withhold what it calls bogus",
    async (transport) => {
      const answer = await ask(endpoint(transport));
      expect(answer).toMatchObject({ outcome: "message", from: address, message: { flags: { ra: true } } });
      const types = answer.outcome === "message" ? answer.message.answer.map(({ type }) => type) : [];
      expect(types).toEqual([rrtype.A, rrtype.RRSIG]);
    },
  );

  it("withholds that data from who does not ask for it unchecked", async () => {
    const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(3000) };
    const header = { recursion: "desired", dnssec: "send", checking: "enabled" } as const;
    const asked = await askServer(means, endpoint("udp"), question, header, never);
    expect(asked).toMatchObject({ outcome: "message", message: { flags: { rcode: rcode.SERVFAIL } } });
  });

  it.each(["dot", "doh"] as const)("is taken for the one that was meant over %s by a pin", async (transport) => {
    const pins = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", pinOf(certificate.cert)];
    const pinned = { name: null, pins, trust: authority.certificate };
    expect(await ask(endpoint(transport, pinned))).toMatchObject({ outcome: "message" });
  });

  it.each(["dot", "doh"] as const)("that is another one is told nothing over %s", async (transport) => {
    const cases: readonly [ServerIdentity, string][] = [
      [{ ...known, name: "other.example.net" }, "tls-wrong-name"],
      [{ ...known, name: address }, "tls-wrong-name"],
      [{ ...known, pins: [pinOf(stranger.certificate)] }, "tls-wrong-pin"],
      [{ ...known, trust: stranger.certificate }, "tls-untrusted"],
      // A pin that holds does not stand for a certificate that leads nowhere.
      [{ name: null, pins: [pinOf(certificate.cert)], trust: stranger.certificate }, "tls-untrusted"],
      [{ ...known, trust: null }, "tls-untrusted"],
    ];
    for (const [identity, code] of cases) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, so that a failure is this case's
      expect(await ask(endpoint(transport, identity))).toEqual({ outcome: "unusable", code, from: address });
    }
  });

  it.each(["dot", "doh"] as const)("whose certificate is over is told nothing over %s", async (transport) => {
    const day = 86_400_000;
    const over = { from: new Date(Date.now() - 2 * day), until: new Date(Date.now() - day) };
    const { cert, key } = authority.issue({ names: ["dns.example.net"], ...over });
    let received = 0;
    const server = createTlsServer({ cert, key, ALPNProtocols: ["h2"] }, (socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (octets) => (received += octets.length));
    });
    expect(await ask(await at(server, transport))).toMatchObject({ outcome: "unusable", code: "tls-expired" });
    expect(received).toBe(0);
  });

  it.each(["dot", "doh"] as const)(
    "that is silent, closed, or speaks no TLS is told apart over %s",
    async (transport) => {
      const mute = createServer((socket) => socket.on("error", () => undefined));
      const silent = await at(mute, transport);
      expect(await ask(silent, 150)).toMatchObject({ outcome: "no-response", code: "timeout" });
      const hangsUp = await at(
        createServer((socket) => socket.destroy()),
        transport,
      );
      expect(await ask(hangsUp)).toMatchObject({ outcome: "no-response", code: "connection-closed" });
      const garbage = await at(
        createServer((socket) => socket.on("error", () => undefined).end("no TLS here at all")),
        transport,
      );
      expect(await ask(garbage)).toMatchObject({ outcome: "unusable", code: "tls-failed" });
      const controller = new AbortController();
      const waiting = ask(silent, 60_000, controller.signal);
      controller.abort();
      expect(await waiting).toMatchObject({ outcome: "no-response", code: "aborted" });
    },
  );

  it("that answers something else over TLS has not answered", async () => {
    const short = await at(saying(Uint8Array.of(0, 3, 1, 2, 3)), "dot");
    expect(await ask(short)).toMatchObject({ outcome: "unusable", code: "message-too-short" });
    const other = await at(saying(Uint8Array.of(0, 12, ...new Uint8Array(12))), "dot");
    expect(await ask(other, 200)).toMatchObject({ outcome: "no-response", code: "timeout-after-1-dropped" });
  });

  it.each([
    ["http-404", 404, "application/dns-message", 20],
    ["http-302", 302, "application/dns-message", 20],
    ["http-other-type", 200, "text/html", 20],
    ["message-too-long", 200, "application/dns-message", 70_000],
    ["other-answer-after-1-dropped", 200, "application/dns-message", 20],
    ["other-answer-after-1-dropped", 200, "application/dns-message", 0],
  ] as const)("whose HTTP says no DNS has not answered: %s", async (code, status, type, length) => {
    const server = createHttp2Server({ ...certificate }, (request, response) => {
      request.resume();
      response.writeHead(status, { "content-type": type, location: "/elsewhere" });
      response.end(Buffer.alloc(length));
    });
    expect(await ask(await at(server, "doh"))).toMatchObject({ outcome: "unusable", code });
  });

  it("that has no HTTP/2 for DNS, or ends it, has not answered", async () => {
    const other = createTlsServer(certificate, (socket) => void socket.on("error", () => undefined));
    expect(await ask(await at(other, "doh"))).toMatchObject({ outcome: "unusable", code: "no-http2" });
    const ends = createHttp2Server({ ...certificate });
    ends.on("session", (session) => session.destroy());
    expect(await ask(await at(ends, "doh"))).toMatchObject({ outcome: "no-response", code: "connection-closed" });
    const rubbish = createTlsServer({ ...certificate, ALPNProtocols: ["h2"] }, (socket) => {
      socket.on("error", () => undefined).write("HTTP/1.1 200 OK\r\n\r\nno frames");
    });
    expect(await ask(await at(rubbish, "doh"))).toMatchObject({ outcome: "unusable", code: "http2-failed" });
  });

  it("is asked over HTTPS with id 0, by POST, for the resource named", async () => {
    const asked = Promise.withResolvers<readonly unknown[]>();
    const server = createHttp2Server({ ...certificate }, (request, response) => {
      request.on("data", (octets: Buffer) => {
        asked.resolve([request.method, request.url, request.authority, octets.subarray(0, 2)]);
        response.end();
      });
    });
    const to = await at(server, "doh");
    await ask(to);
    const expected = ["POST", "/dns-query", `dns.example.net:${to.port}`, Buffer.of(0, 0)];
    expect(await asked.promise).toEqual(expected);
  });
});
