import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { createAuthority } from "../../../lab/certificate.ts";
import { startSite } from "../../../lab/site.ts";
import type { ProbeTarget } from "../../core/health/observation.ts";
import type { CheckDefinition } from "../../core/policy/policy.ts";
import { systemClock } from "../../platform/clock.ts";
import type { ClockWitness } from "../../core/integrity/clock.ts";
import { duration, instant, minute } from "../../values/time.ts";
import { directConnector } from "../connector.ts";
import { createProber } from "./index.ts";

type HttpCheck = Extract<CheckDefinition, { type: "http" }>;

const timing = { name: "health", intervalMs: duration(1000), timeoutMs: duration(2000), rise: 1, fall: 1 };
const servers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((stop) => stop()));
});

function http(port: number, more: Partial<HttpCheck> = {}): HttpCheck {
  const where = { scheme: "http", host: "login.example.com", port, path: "/healthz" } as const;
  return { ...timing, type: "http", ...where, status: [200], contains: null, trust: null, ...more };
}

function targetOf(definition: CheckDefinition, address = "127.0.0.1"): ProbeTarget {
  const ids = { service: "login", site: "fra", record: "v4" };
  return { check: 7, ...ids, address, name: "login.example.com.", definition };
}

const prober = createProber(systemClock());
const probe = (definition: CheckDefinition, address?: string) =>
  prober.probe(targetOf(definition, address), new AbortController().signal);
/** What a check hears of the time, with a clock here that is two minutes ahead. */
async function witnessesOf(definition: CheckDefinition): Promise<readonly ClockWitness[]> {
  const heard: ClockWitness[] = [];
  const system = systemClock();
  const ahead = { ...system, now: () => instant(system.now() + 2 * minute) };
  const witnessed = createProber(ahead, directConnector(), { heard: (witness) => heard.push(witness) });
  await witnessed.probe(targetOf(definition), new AbortController().signal);
  return heard;
}

const reasonOf = async (definition: CheckDefinition, address?: string) => (await probe(definition, address)).reason;

/** A server that does what `serve` says with each connection; its port. */
async function serve(serveOne: (socket: Socket) => void, server: Server = createServer()): Promise<number> {
  const sockets = new Set<Socket>();
  server.on(server.listeners("secureConnection").length > 0 ? "secureConnection" : "connection", serveOne);
  server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => undefined)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return portOf(server);
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}

async function site(tls?: { key: string; cert: string }, address = "127.0.0.1"): Promise<number> {
  const running = await startSite({ address, port: 0, name: "fra", ...(tls === undefined ? {} : { tls }) });
  servers.push(() => running.stop());
  return running.port;
}

/** A server that answers with these octets, then goes on with `after`. */
function answering(text: string, after: (socket: Socket) => void = () => undefined): Promise<number> {
  return serve((socket) => {
    socket.once("data", () => socket.write(text, () => after(socket)));
  });
}

const trickle = (socket: Socket): void => {
  const timer = setInterval(() => socket.write("x"), 10);
  socket.once("close", () => clearInterval(timer));
};

const flood = (text: string) => (socket: Socket) => {
  const more = (): void => {
    while (!socket.destroyed && socket.write(text.repeat(100)));
  };
  socket.on("drain", more);
  more();
};

const tcp = (port: number): CheckDefinition => ({ ...timing, type: "tcp", port });

const failing = (code: string) =>
  createProber(systemClock(), (endpoint) =>
    directConnector()(endpoint).destroy(Object.assign(new Error("given"), { code })),
  );
const reasonWith = async (code: string, address = "127.0.0.1") => {
  const target = targetOf({ ...timing, type: "tcp", port: 9 }, address);
  return (await failing(code).probe(target, new AbortController().signal)).reason;
};

describe("a check over HTTP", () => {
  it("passes for a site that serves, and says how long it took", async () => {
    const seen = await probe(http(await site(), { contains: "ok fra" }));
    expect(seen).toMatchObject({ check: 7, reason: "pass", certificateUntil: null });
    expect(seen.latencyMs).toBeLessThan(2000);
    expect(Math.abs(seen.at - Date.now())).toBeLessThan(1000);
  });

  it("sends the service's own name as Host, and asks for the path alone", async () => {
    let request = "";
    const port = await serve((socket) => {
      socket.once("data", (octets) => {
        request = octets.toString();
        socket.end("HTTP/1.1 200 OK\r\n\r\n");
      });
    });
    expect(await reasonOf(http(port, { path: "/a?b=c" }))).toBe("pass");
    expect(request).toMatch(/^GET \/a\?b=c HTTP\/1\.1\r\n/);
    expect(request).toContain(`\r\nHost: login.example.com:${port}\r\n`);
  });

  it("tells another status, a redirect and another body apart", async () => {
    const port = await site();
    expect(await reasonOf(http(port, { path: "/nowhere" }))).toBe("status-404");
    expect(await reasonOf(http(port, { contains: "iad" }))).toBe("body-mismatch");
    const redirect = `HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:${port}/healthz\r\n\r\n`;
    expect(await reasonOf(http(await answering(redirect)))).toBe("redirect-302");
  });

  it("reads a body that comes in pieces", async () => {
    const port = await answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nal", (socket) => {
      setTimeout(() => socket.write("so"), 20);
    });
    expect(await reasonOf(http(port, { contains: "also" }))).toBe("pass");
  });

  it("ends at its time-out, however slowly or much the site sends", async () => {
    const short = { timeoutMs: duration(150) };
    expect(await reasonOf(http(await serve(() => undefined), short))).toBe("timeout");
    const started = performance.now();
    expect(await reasonOf(http(await answering("HTTP/1.1 200 OK\r\nA: ", trickle), short))).toBe("timeout");
    expect(await reasonOf(http(await answering("HTTP/1.1 200 OK\r\n\r\n", trickle), short))).toBe("timeout");
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it("stops reading endless headers and endless bodies", async () => {
    const start = "HTTP/1.1 200 OK\r\n";
    expect(await reasonOf(http(await answering(start, flood("A: b\r\n"))))).toBe("head-too-large");
    const body = http(await answering(`${start}\r\n`, flood("more ")), { contains: "ok" });
    expect(await reasonOf(body)).toBe("body-too-large");
  });

  it("tells a reset, a close and another protocol apart, also amid the body", async () => {
    const start = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok";
    const reset = await answering(start, (socket) => setTimeout(() => socket.resetAndDestroy(), 20));
    expect(await reasonOf(http(reset))).toBe("reset");
    expect(await reasonOf(http(await answering(start, (socket) => socket.end())))).toBe("cut-short");
    expect(await reasonOf(http(await serve((socket) => socket.end())))).toBe("no-answer");
    expect(await reasonOf(http(await answering("220 mail.example.com ESMTP\r\n")))).toBe("malformed");
  });

  it("works over IPv6, where this machine has it", async ({ skip }) => {
    const port = await site(undefined, "::1").catch(() => undefined);
    if (port === undefined) return skip("no ::1 here");
    expect(await reasonOf(http(port), "::1")).toBe("pass");
  });
});

describe("a check over HTTPS", () => {
  const authority = createAuthority("Lab CA");
  const https = (port: number, more: Partial<HttpCheck> = {}) =>
    http(port, { scheme: "https", trust: authority.certificate, ...more });
  const names = ["login.example.com"];

  it("passes with a trusted certificate for the service's name, and says until when it is valid", async () => {
    const until = new Date(Math.floor(Date.now() / 1000) * 1000 + 3 * 86_400_000);
    const seen = await probe(https(await site(authority.issue({ names, until })), { contains: "ok" }));
    expect(seen).toMatchObject({ reason: "pass", certificateUntil: until.getTime() });
  });

  it("makes each site a witness of the time by its Date, whatever its status", async () => {
    const port = await site(authority.issue({ names }));
    const heard = await witnessesOf(https(port, { status: [204] }));
    expect(heard).toMatchObject([{ source: "date-header", from: "fra" }]);
    const [{ offsetMs, errorMs } = { offsetMs: 0, errorMs: 0 }] = heard;
    expect(errorMs).toBeGreaterThanOrEqual(1000);
    expect(Math.abs(offsetMs + 2 * minute)).toBeLessThan(errorMs);
  });

  it("hears no time from a site whose certificate it does not trust, nor over plain HTTP", async () => {
    const untrusted = await site(createAuthority("Other CA").issue({ names }));
    expect(await witnessesOf(https(untrusted))).toEqual([]);
    expect(await witnessesOf(http(await site()))).toEqual([]);
  });

  it("says until when the chain is valid, where its authority ends before the certificate", async () => {
    const until = new Date(Math.floor(Date.now() / 1000) * 1000 + 86_400_000);
    const short = createAuthority("Short CA", { until });
    const port = await site(short.issue({ names }));
    expect((await probe(https(port, { trust: short.certificate }))).certificateUntil).toBe(until.getTime());
  });

  it("fails for a certificate that nobody it trusts has signed, also by the system's trust", async () => {
    const port = await site(createAuthority("Lab CA").issue({ names }));
    expect(await reasonOf(https(port))).toBe("tls-untrusted");
    expect(await reasonOf(https(port, { trust: null }))).toBe("tls-untrusted");
  });

  it("fails for an expired certificate, one of the future, and one for another name", async () => {
    const yesterday = new Date(Date.now() - 86_400_000);
    const tomorrow = new Date(Date.now() + 86_400_000);
    const longAgo = new Date(Date.now() - 40 * 86_400_000);
    const ports = await Promise.all([
      site(authority.issue({ names, from: longAgo, until: yesterday })),
      site(authority.issue({ names, from: tomorrow })),
      site(authority.issue({ names: ["www.example.com", "127.0.0.1"] })),
    ]);
    expect(await Promise.all(ports.map((port) => reasonOf(https(port))))).toEqual([
      "tls-expired",
      "tls-not-yet-valid",
      "tls-wrong-name",
    ]);
  });

  it("sends the service's name as SNI", async () => {
    let asked: string | false | null = null;
    const right = authority.issue({ names });
    const server = createTlsServer({ ...right }, (socket) => {
      asked = socket.servername;
      socket.on("error", () => undefined).end("HTTP/1.1 200 OK\r\n\r\n");
    });
    const port = await serve(() => undefined, server);
    expect(await reasonOf(https(port))).toBe("pass");
    expect(asked).toBe("login.example.com");
  });

  it("fails where no TLS is spoken, where the handshake hangs, and where it is cut", async () => {
    const plain = await serve((socket) => socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
    expect(await reasonOf(https(plain))).toBe("tls-failed");
    const hung = await serve(() => undefined);
    expect(await reasonOf(https(hung, { timeoutMs: duration(150) }))).toBe("timeout");
    const cut = await serve((socket) => socket.once("data", () => socket.resetAndDestroy()));
    expect(await reasonOf(https(cut))).toBe("reset");
    const closed = await serve((socket) => socket.once("data", () => socket.end()));
    expect(await reasonOf(https(closed))).toBe("reset");
  });
});

describe("a check over TCP", () => {
  it("passes where a connection is accepted, and fails where it is refused", async () => {
    const port = await serve(() => undefined);
    expect(await reasonOf(tcp(port))).toBe("pass");
    await Promise.all(servers.splice(0).map((stop) => stop()));
    expect(await reasonOf(tcp(port))).toBe("connect-refused");
    expect(await reasonOf(http(port))).toBe("connect-refused");
  });
});

describe("what says nothing about the site", () => {
  it("is told from a failure: no socket left, no route here, and an abort", async () => {
    expect(await reasonWith("EMFILE")).toBe("not-run");
    expect(await reasonWith("EADDRNOTAVAIL")).toBe("no-route");
    expect(await reasonWith("EHOSTUNREACH", "255.255.255.255")).toBe("no-route");
    const abort = new AbortController();
    const running = prober.probe(targetOf(http(await serve(() => undefined))), abort.signal);
    abort.abort();
    expect((await running).reason).toBe("not-run");
    expect((await prober.probe(targetOf(http(9)), abort.signal)).reason).toBe("not-run");
  });

  it("is not a router's word that the site is unreachable: that is a failure", async () => {
    expect(await reasonWith("EHOSTUNREACH")).toBe("unreachable");
    expect(await reasonWith("EWHATEVER")).toBe("socket-ewhatever");
  });
});
