import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { get, createServer as createHttpsServer } from "node:https";
import { connect as connectTcp, createServer as createTcpServer, type LookupFunction } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { createAuthority } from "../../lab/certificate.ts";
import { validatorOf, worldOf, type World } from "../dns/dnssec/world.fixture.ts";
import { testNow } from "../dns/dnssec/zone.fixture.ts";
import { systemClock } from "../platform/clock.ts";
import { duration } from "../values/time.ts";
import { createTrust, type Trust, type TrustParts } from "./trust.ts";

const clock = { ...systemClock(), now: () => testNow };
const started: { close: () => void }[] = [];

afterEach(() => {
  for (const one of started.splice(0)) one.close();
});

/** A world with `www`, and with what the lines add to example.com. */
function trustIn(world: World, more: Partial<TrustParts> = {}): Trust {
  return createTrust({ validator: validatorOf(world), clock, timeoutMs: duration(2000), ...more });
}

function lookup(hook: LookupFunction, host: string, family?: 4 | 6): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  hook(host, family === undefined ? { all: true } : { family }, (error, address) => resolve(error ?? address));
  return promise;
}

describe("an address", () => {
  it("of a secure name is given, for one family or both", async () => {
    const world = worldOf({ example: ["both.example.com. 300 A 192.0.2.7", "both.example.com. 300 AAAA 2001:db8::7"] });
    const trust = trustIn(world, { require: "secure" });
    expect(await lookup(trust.lookup, "both.example.com")).toEqual([
      { address: "192.0.2.7", family: 4 },
      { address: "2001:db8::7", family: 6 },
    ]);
    expect(await lookup(trust.lookup, "both.example.com", 6)).toBe("2001:db8::7");
    expect(await trust.addresses("both.example.com")).toMatchObject({ verdict: "secure" });
  });

  it("behind an alias into another zone is given, when both zones hold", async () => {
    const world = worldOf({ example: ["alias.example.com. 300 CNAME www.example.org."] });
    expect(await lookup(trustIn(world, { require: "secure" }).lookup, "alias.example.com", 4)).toBe("192.0.2.2");
  });

  it.each(["secure", "not-bogus"] as const)(
    "that was altered is refused as trust-bogus where %s is required",
    async (require) => {
      const world = worldOf({});
      world.intercept = (question, answer) => ({
        ...answer,
        answer: answer.answer.map((one) => (one.type === 1 ? { ...one, rdata: Uint8Array.of(203, 0, 113, 66) } : one)),
      });
      expect(await lookup(trustIn(world, { require }).lookup, "www.example.com")).toMatchObject({
        code: "trust-bogus",
        validation: { verdict: "bogus" },
      });
    },
  );

  it("that is insecure is refused where secure is required, and given where it is not", async () => {
    const world = worldOf({});
    expect(await lookup(trustIn(world, { require: "secure" }).lookup, "www.unsigned.org")).toMatchObject({
      code: "trust-insecure",
    });
    expect(await lookup(trustIn(world).lookup, "www.unsigned.org", 4)).toBe("192.0.2.4");
  });

  it("of which nothing is known is refused: silence of the servers is never a yes", async () => {
    const world = worldOf({});
    world.intercept = (question) => (question.type === 1 || question.type === 28 ? "silence" : undefined);
    expect(await lookup(trustIn(world).lookup, "www.example.com")).toMatchObject({ code: "trust-indeterminate" });
    expect(await lookup(trustIn(world).lookup, "www.unsigned.org")).toMatchObject({ code: "trust-indeterminate" });
  });

  it("is refused by name where there is none, or no name", async () => {
    const trust = trustIn(worldOf({}));
    expect(await lookup(trust.lookup, "nobody.example.com")).toMatchObject({ code: "trust-no-address" });
    expect(await lookup(trust.lookup, "a..b")).toMatchObject({ code: "trust-not-a-name" });
  });

  it("of localhost is never asked of anybody", async () => {
    const world = worldOf({});
    expect(await lookup(trustIn(world).lookup, "app.localhost", 4)).toBe("127.0.0.1");
    expect(world.asked).toEqual([]);
  });

  it("reaches node:net through its lookup option, and a refusal is the socket's error", async () => {
    const server = createTcpServer((socket) => socket.end("hello"));
    started.push(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    const port = portOf(server);
    const trust = trustIn(worldOf({ example: ["here.example.com. 300 A 127.0.0.1"] }), { require: "secure" });
    const [data] = await once(connectTcp({ host: "here.example.com", port, lookup: trust.lookup }), "data");
    expect(String(data)).toBe("hello");
    const refused = connectTcp({ host: "www.unsigned.org", port, lookup: trust.lookup });
    const [error] = await once(refused, "error");
    expect(error).toMatchObject({ code: "trust-insecure" });
  });
});

const authority = createAuthority("Public Authority");
const host = "tls.example.com";

interface Served {
  readonly port: number;
  /** Octets that clients sent, once they had shaken hands. */
  readonly received: string[];
}

async function serve(given: { readonly cert: string; readonly key: string }): Promise<Served> {
  const received: string[] = [];
  const server = createServer(given, (socket) => {
    socket.on("data", (part) => received.push(String(part))).on("error", () => undefined);
  });
  server.on("tlsClientError", () => undefined);
  started.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { port: portOf(server), received };
}

function portOf(server: { address(): unknown }): number {
  const address = server.address();
  if (typeof address !== "object" || address === null || !("port" in address)) throw new Error("it listens");
  return Number(address.port);
}

/** `3 1 1 …`, of a certificate in PEM. */
function tlsa(usage: number, selector: 0 | 1, matching: 0 | 1 | 2, pem: string): string {
  const certificate = new X509Certificate(pem);
  const data = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: "spki", format: "der" });
  const shown =
    matching === 0
      ? data
      : createHash(matching === 1 ? "sha256" : "sha512")
          .update(data)
          .digest();
  return `${usage} ${selector} ${matching} ${shown.toString("hex")}`;
}

function worldWith(port: number, ...records: readonly string[]): World {
  const owner = `_${port}._tcp.${host}.`;
  return worldOf({
    example: [`${host}. 300 A 127.0.0.1`, ...records.map((rdata) => `${owner} 300 TLSA ${rdata}`)],
  });
}

function peer(pem: string): ReturnType<X509Certificate["toLegacyObject"]> {
  return new X509Certificate(pem).toLegacyObject();
}

/** Whether it connects: `connected`, or the error's code. */
async function connecting(world: World, port: number, options: { ca?: string } = {}): Promise<string> {
  let socket: TLSSocket;
  try {
    socket = await trustIn(world, { require: "secure" }).connect({ host, port, ...options });
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "no code";
  }
  socket.destroy();
  return "connected";
}

describe("a TLS server without TLSA records", () => {
  it("is proven by the authorities that the program trusts, and only by them", async () => {
    const { port } = await serve(authority.issue({ names: [host] }));
    const world = worldWith(port);
    expect(await connecting(world, port, { ca: authority.certificate })).toBe("connected");
    expect(await connecting(world, port)).toMatch(/CERT|ISSUER|SIGNATURE/);
  });

  it("must have a certificate for the name", async () => {
    const { port } = await serve(authority.issue({ names: ["other.example.com"] }));
    expect(await connecting(worldWith(port), port, { ca: authority.certificate })).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  });
});

describe("a TLS server with TLSA records (RFC 6698, RFC 7671)", () => {
  const own = authority.issue({ names: [host] });
  const other = authority.issue({ names: [host] });
  const ca = authority.certificate;
  const selectors = [0, 1] as const;
  const matchings = [0, 1, 2] as const;
  const kinds = selectors.flatMap((selector) => matchings.map((matching) => ({ selector, matching })));

  it.each(kinds)(
    "DANE-EE needs no authority: selector $selector, matching $matching",
    async ({ selector, matching }) => {
      const { port } = await serve(own);
      expect(await connecting(worldWith(port, tlsa(3, selector, matching, own.cert)), port)).toBe("connected");
      expect(await connecting(worldWith(port, tlsa(3, selector, matching, other.cert)), port)).toBe("trust-dane");
    },
  );

  it("DANE-EE looks neither at names nor at dates", async () => {
    const past = { from: new Date("2020-01-01"), until: new Date("2021-01-01") };
    const odd = authority.issue({ names: ["elsewhere.invalid"], ...past });
    const { port } = await serve(odd);
    expect(await connecting(worldWith(port, tlsa(3, 1, 1, odd.cert)), port)).toBe("connected");
  });

  it.each(kinds)("DANE-TA: the authority in the path, selector $selector, matching $matching", async (kind) => {
    const { port } = await serve({ key: own.key, cert: own.cert + ca });
    const right = tlsa(2, kind.selector, kind.matching, ca);
    expect(await connecting(worldWith(port, right), port)).toBe("connected");
    const wrong = tlsa(2, kind.selector, kind.matching, createAuthority("Another").certificate);
    expect(await connecting(worldWith(port, wrong), port)).toBe("trust-dane");
  });

  it("DANE-TA whose record has the whole certificate needs it not from the server", async () => {
    const { port } = await serve(own);
    expect(await connecting(worldWith(port, tlsa(2, 0, 0, ca)), port)).toBe("connected");
    expect(await connecting(worldWith(port, tlsa(2, 1, 1, ca)), port)).toBe("trust-dane");
  });

  it("DANE-TA looks at names and dates, and at who signed: an authority that is merely sent along proves nothing", async () => {
    const elsewhere = authority.issue({ names: ["elsewhere.invalid"] });
    const first = await serve({ key: elsewhere.key, cert: elsewhere.cert + ca });
    expect(await connecting(worldWith(first.port, tlsa(2, 0, 1, ca)), first.port)).toBe("trust-dane");
    const past = { from: new Date("2020-01-01"), until: new Date("2021-01-01") };
    const expired = authority.issue({ names: [host], ...past });
    const second = await serve({ key: expired.key, cert: expired.cert + ca });
    expect(await connecting(worldWith(second.port, tlsa(2, 0, 1, ca)), second.port)).toBe("trust-dane");
    // Another authority of the same name: its certificate is not signed by the one that the record names.
    const twin = createAuthority("Public Authority").issue({ names: [host] });
    const third = await serve({ key: twin.key, cert: twin.cert + ca });
    expect(await connecting(worldWith(third.port, tlsa(2, 0, 1, ca)), third.port)).toBe("trust-dane");
  });

  it("PKIX-EE needs the record and an authority that is trusted, both", async () => {
    const { port } = await serve(own);
    expect(await connecting(worldWith(port, tlsa(1, 1, 1, own.cert)), port, { ca })).toBe("connected");
    expect(await connecting(worldWith(port, tlsa(1, 1, 1, own.cert)), port)).toBe("trust-dane");
    expect(await connecting(worldWith(port, tlsa(1, 1, 1, other.cert)), port, { ca })).toBe("trust-dane");
  });

  it("PKIX-TA needs that authority of all those that are trusted", async () => {
    const { port } = await serve(own);
    const second = createAuthority("Second").certificate;
    expect(await connecting(worldWith(port, tlsa(0, 0, 1, ca)), port, { ca })).toBe("connected");
    expect(await connecting(worldWith(port, tlsa(0, 0, 1, ca)), port)).toBe("trust-dane");
    expect(await connecting(worldWith(port, tlsa(0, 0, 1, second)), port, { ca: ca + second })).toBe("trust-dane");
    // A trusted authority of the same name signed it, and the one that the record names is merely sent along.
    const twin = createAuthority("Public Authority");
    const issued = twin.issue({ names: [host] });
    const posing = await serve({ key: issued.key, cert: issued.cert + ca });
    const world = worldWith(posing.port, tlsa(0, 0, 1, ca));
    expect(await connecting(world, posing.port, { ca: twin.certificate })).toBe("trust-dane");
  });

  it("any one record that matches is enough, as while a certificate is being changed", async () => {
    const { port } = await serve(own);
    const world = worldWith(port, tlsa(3, 1, 1, other.cert), tlsa(3, 1, 1, own.cert));
    expect(await connecting(world, port)).toBe("connected");
  });

  it("records that cannot be used are as if they were not there, and the weaker digest does not count beside the stronger", async () => {
    const { port } = await serve(own);
    const unusable = worldWith(port, "7 0 1 ab", "3 1 1 abcd", "3 9 1 ab");
    expect(await connecting(unusable, port, { ca })).toBe("connected");
    expect(await connecting(unusable, port)).toMatch(/CERT|ISSUER|SIGNATURE/);
    const weaker = worldWith(port, tlsa(3, 1, 1, own.cert), tlsa(3, 1, 2, other.cert));
    expect(await connecting(weaker, port)).toBe("trust-dane");
  });

  it("nothing is sent to a server that is not the one named, and none is connected to while its records are unknown", async () => {
    const { port, received } = await serve(other);
    const world = worldWith(port, tlsa(3, 1, 1, own.cert));
    expect(await connecting(world, port)).toBe("trust-dane");
    world.intercept = (question) => (question.type === 52 ? "silence" : undefined);
    expect(await connecting(world, port, { ca })).toBe("trust-indeterminate");
    world.intercept = (question, answer) =>
      question.type === 52 ? { ...answer, answer: answer.answer.filter(({ type }) => type === 52) } : undefined;
    expect(await connecting(world, port, { ca })).toBe("trust-bogus");
    expect(received).toEqual([]);
  });

  it("under the name that a secure alias leads to come first (RFC 7671 §7)", async () => {
    const { port } = await serve(own);
    const world = worldOf({
      example: [
        "alias.example.com. 300 CNAME tls.example.com.",
        `${host}. 300 A 127.0.0.1`,
        `_${port}._tcp.${host}. 300 TLSA ${tlsa(2, 0, 0, ca)}`,
      ],
    });
    const socket = await trustIn(world).connect({ host: "alias.example.com", port });
    expect(socket.encrypted).toBe(true);
    socket.destroy();
  });
});

describe("programs", () => {
  it("use an https.Agent: the request goes out only when the server is the one named", async () => {
    const { cert, key } = authority.issue({ names: [host] });
    const seen: string[] = [];
    const server = createHttpsServer({ cert, key }, (request, response) => {
      seen.push(request.headers.authorization ?? "");
      response.end("served");
    });
    started.push(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    const port = portOf(server);
    const ask = async (world: World): Promise<string> => {
      const agent = trustIn(world, { require: "secure" }).agent();
      const request = get({ host, port, agent, headers: { authorization: "Bearer token" } });
      const { promise, resolve } = Promise.withResolvers<string>();
      request.on("error", (error) => resolve("code" in error ? String(error.code) : error.message));
      request.on("response", (response) => {
        let body = "";
        response.on("data", (part) => (body += String(part)));
        response.on("end", () => resolve(body));
      });
      const outcome = await promise;
      agent.destroy();
      return outcome;
    };
    expect(await ask(worldWith(port, tlsa(3, 1, 1, authority.issue({ names: [host] }).cert)))).toBe("trust-dane");
    expect(seen).toEqual([]);
    expect(await ask(worldWith(port, tlsa(3, 1, 1, cert)))).toBe("served");
    expect(seen).toEqual(["Bearer token"]);
  });

  it("give undici a connector, which refuses plain HTTP", async () => {
    const given = authority.issue({ names: [host] });
    const { port } = await serve(given);
    const connector = trustIn(worldWith(port, tlsa(3, 1, 1, given.cert))).connector();
    const through = (protocol: string): Promise<unknown> => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      connector({ hostname: host, port: String(port), protocol }, (error, socket) => {
        socket?.destroy();
        resolve(error?.message ?? "connected");
      });
      return promise;
    };
    expect(await through("https:")).toBe("connected");
    expect(await through("http:")).toMatch(/use https/);
  });

  it("may hook the records into checkServerIdentity, beside the public authorities", async () => {
    const own = authority.issue({ names: [host] });
    const trust = trustIn(worldWith(443, tlsa(1, 0, 2, own.cert)));
    const check = await trust.identityCheck(host, 443);
    expect(check(host, peer(own.cert))).toBeUndefined();
    expect(check(host, peer(authority.issue({ names: [host] }).cert))).toMatchObject({ code: "trust-dane" });
    expect(check(host, peer(authority.issue({ names: ["other.example.com"] }).cert))).toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });
});
