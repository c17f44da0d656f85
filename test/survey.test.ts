import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ServerSurvey, ZoneSurvey } from "../src/core/integrity/survey.ts";
import { trustAnchors } from "../src/dns/dnssec/anchors.ts";
import { iterativePort } from "../src/dns/resolution/iterative.ts";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import { day, duration } from "../src/values/time.ts";
import { zoneSurveyor } from "../src/verification/survey/zone-surveyor.ts";
import { bindDs, bindKey, bindSign, bindSigner } from "./dnssec/corpus/bind-signer.ts";
import { writeSigned, type ServedZone } from "./dnssec/corpus/signer.ts";
import { describeWithServers, keepLogsOnFailure } from "./servers/available.ts";
import { startBind } from "./servers/bind.ts";
import { dig } from "./servers/dig.ts";
import { startNsd } from "./servers/nsd.ts";
import { freePort } from "./servers/ports.ts";
import type { RunningServer } from "./servers/process.ts";

const parent = "127.0.32.1";
const good = "127.0.32.2";
const altered = "127.0.32.3";
const foreign = "127.0.32.4";
const late = "127.0.32.5";
const lame = "127.0.32.6";
const silent = "127.0.32.7";
const closed = "127.0.32.8";
const datagramsAlone = "127.0.32.9";
const garbage = "127.0.32.10";
const republished = "127.0.32.11";

const zone = "zone.test.";
const lines = ["login 60 IN A 192.0.2.10", "ns1 60 IN A 192.0.2.53"];
const watched = [
  { name: "login.zone.test.", type: "A" },
  { name: "login.zone.test.", type: "AAAA" },
  { name: "no-such-name.zone.test.", type: "A" },
];

const never = new AbortController().signal;
const folder = mkdtempSync(path.join(tmpdir(), "pointsman-survey-"));
const servers: RunningServer[] = [];
const sockets: Socket[] = [];
let port = 0;
let anchor = "";
let zoneDs = "";

beforeAll(async () => {
  port = await freePort(parent);
  const right = await bindSigner.sign({ name: zone, lines, algorithm: 13, denial: "nsec" }, place("right"));
  const wrong = await bindSigner.sign({ name: zone, lines, algorithm: 13, denial: "nsec" }, place("foreign"));
  zoneDs = right.ds.join("");
  const old = await signedLongAgo();
  const delegations = [
    "zone IN NS ns1.zone",
    "zone IN NS NS2.zone",
    `ns1.zone IN A ${good}`,
    `ns2.zone IN A ${altered}`,
  ];
  const above = await bindSigner.sign(
    {
      name: "test.",
      lines: [...delegations, ...[...right.ds, ...old.ds].map((ds) => `zone IN DS ${ds}`), "plain IN NS ns1.zone"],
      algorithm: 13,
      denial: "nsec3",
    },
    place("above"),
  );
  anchor = above.ds.map((ds) => `test. IN DS ${ds}`).join("\n");
  const plain = { name: "plain.test.", records: ["login 60 IN A 192.0.2.10"] };
  const at = (address: string, ...zones: ServedZone[]) => startNsd({ address, port, zones });
  servers.push(
    ...(await Promise.all([
      at(parent, above),
      startNsd({ address: good, port, zones: [right, plain] }),
      at(altered, withOtherLogin(right)),
      at(foreign, wrong),
      at(late, old),
      startNsd({ address: lame, port, zones: [plain] }),
    ])),
  );
  await Promise.all([
    mute(silent),
    forwarder(datagramsAlone, () => good),
    forwarder(republished, newerAfterOne()),
    babbler(garbage),
  ]);
});

afterAll(async () => {
  for (const socket of sockets) socket.close();
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

function place(name: string): string {
  const at = path.join(folder, name);
  mkdirSync(at);
  return at;
}

/** The same zone under keys that the parent vouches for too, and signatures that ended a day ago. */
async function signedLongAgo(): Promise<ServedZone> {
  const at = place("late");
  const key = await bindKey({ zone, algorithm: 13, role: "key-signing" }, at);
  const keys = { published: [key], keySigning: [key], zoneSigning: [key] };
  const order = { name: zone, lines, denial: "nsec", ...keys, validity: ["now-9d", "now-1d"] } as const;
  const file = writeSigned(zone, await bindSign(order, at), at);
  return { name: zone, file, ds: [await bindDs(key, 2)] };
}

/** The signed zone, and another address in it than was signed. */
function withOtherLogin(signed: ServedZone): ServedZone {
  const file = path.join(place("altered"), "zone");
  writeFileSync(file, readFileSync(signed.file, "utf8").replace("192.0.2.10", "198.51.100.66"));
  return { ...signed, file };
}

async function bound(address: string): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(port, address);
  await once(socket, "listening");
  sockets.push(socket);
  return socket;
}

async function mute(address: string): Promise<void> {
  await bound(address);
}

async function babbler(address: string): Promise<void> {
  const socket = await bound(address);
  // The id and the question are right, and what follows them is no message.
  socket.on("message", (octets, from) => {
    const end = octets.indexOf(0, 12) + 5;
    const said = Buffer.concat([octets.subarray(0, end), Buffer.from("no more than this")]);
    said[2] = 0x84;
    said[7] = 9;
    socket.send(said, from.port, from.address);
  });
}

/** Gives each datagram on, and has no TCP. */
async function forwarder(address: string, to: () => string): Promise<void> {
  const socket = await bound(address);
  socket.on("message", (octets, from) => {
    const onward = createSocket("udp4");
    onward.once("message", (answer) => {
      socket.send(answer, from.port, from.address);
      onward.close();
    });
    onward.send(octets, port, to());
  });
}

/** The zone under other keys for one question, as before it was published anew. */
function newerAfterOne(): () => string {
  let questions = 0;
  return () => {
    questions += 1;
    return questions === 1 ? foreign : good;
  };
}

interface Asked {
  readonly of?: string;
  readonly anchors?: string;
  readonly from?: string;
  readonly watch?: typeof watched;
}

function survey(
  addresses: readonly string[],
  { of = zone, anchors = anchor, from = parent, watch = watched }: Asked = {},
) {
  const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(500) };
  const chain = iterativePort({ means, servers: [{ zone: "test.", addresses: [from] }], portOf: () => port });
  const surveyor = zoneSurveyor({ means, trustOf: () => ({ port: chain, anchors: trustAnchors({ anchors }) }) });
  const endpoints = addresses.map((address) => ({ name: "ns1.zone.test.", address, port, provider: "primary" }));
  const request = { zone: of, view: "public", vantage: "office", servers: endpoints, watched: watch };
  return surveyor.survey(request, never);
}

async function surveyOne(address: string, asked?: Asked): Promise<ServerSurvey> {
  const { servers: surveyed } = await survey([address], asked);
  const [only] = surveyed;
  if (only === undefined) throw new Error("the server was surveyed");
  return only;
}

/** What was said of each server, by the last octet of its address. */
function verdicts({ servers: surveyed }: ZoneSurvey): readonly unknown[] {
  return surveyed.map(({ outcome, finding }) => [outcome, finding.authenticity, finding.code]);
}

describeWithServers("a survey of a zone", () => {
  keepLogsOnFailure(() => servers);

  it("tells all that a healthy server says, validated, and is JSON", async () => {
    const whole = await survey([good]);
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
    const [server] = whole.servers;
    expect(server).toMatchObject({
      provider: "primary",
      nameserver: "ns1.zone.test.",
      address: `${good}:${port}`,
      outcome: "answer",
      code: null,
      udp: true,
      tcp: true,
      soa: { serial: 1, refreshMs: 3_600_000, retryMs: 600_000, expireMs: 86_400_000 },
      ns: ["ns.zone.test."],
      keysTtlMs: 300_000,
      cds: [],
      cdnskey: [],
      finding: { authenticity: "secure" },
      watched: [
        {
          name: "login.zone.test.",
          type: "A",
          rrset: { ttl: 60, rdata: ["c000020a"] },
          finding: { authenticity: "secure" },
        },
        { type: "AAAA", rrset: "absent", finding: { authenticity: "secure", code: "no-data-secure" }, inception: null },
        { rrset: "absent", finding: { authenticity: "secure", code: "no-name-secure" }, expiration: null },
      ],
    });
    expect(server?.latencyMs).toBeGreaterThanOrEqual(0);
    const [login] = server?.watched ?? [];
    const now = Date.now();
    expect([server?.signedUntil, login?.expiration].every((end) => Math.abs((end ?? 0) - now - 30 * day) < day)).toBe(
      true,
    );
    expect([server?.signedFrom, login?.inception].every((begin) => (begin ?? now) < now)).toBe(true);
  });

  it("tells what each key really signs", async () => {
    const { keys } = await surveyOne(good);
    const common = { algorithm: 13, bits: 256 };
    expect(keys?.toSorted((a, b) => b.flags - a.flags)).toMatchObject([
      { ...common, flags: 257, signsKeys: true, signsZone: false },
      { ...common, flags: 256, signsKeys: false, signsZone: true },
    ]);
    expect(new Set(keys?.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    const others = await surveyOne(foreign);
    expect(others.keys?.some(({ fingerprint }) => keys?.some((key) => key.fingerprint === fingerprint))).toBe(false);
  });

  it("finds bogus where it is, and only there", async () => {
    const whole = await survey([good, altered, foreign, late]);
    expect(verdicts(whole)).toEqual([
      ["answer", "secure", "answer-secure"],
      ["answer", "secure", "answer-secure"],
      ["answer", "bogus", "ds-matches-no-key"],
      ["answer", "bogus", "signature-expired"],
    ]);
    const logins = whole.servers.map(({ watched: [login] }) => [login?.finding.authenticity, login?.rrset]);
    const right = { ttl: 60, rdata: ["c000020a"] };
    expect(logins).toEqual([
      ["secure", right],
      ["bogus", { ttl: 60, rdata: ["c6336442"] }],
      ["bogus", right],
      ["bogus", right],
    ]);
    const [, changed] = whole.servers;
    expect(changed?.watched[0]).toMatchObject({ finding: { code: "signature-invalid" }, inception: null });
    expect(changed?.watched[1]).toMatchObject({ finding: { authenticity: "secure" } });
    expect(whole.servers[3]?.signedUntil).toBeLessThan(Date.now());
  });

  it("calls nothing bogus that was published anew between two questions", async () => {
    const { finding, watched: seen } = await surveyOne(republished);
    expect([finding, ...seen.map((one) => one.finding)].map(({ authenticity }) => authenticity)).toEqual(
      Array(1 + watched.length).fill("secure"),
    );
  });

  it("tells silence, a server without the zone, and one that talks rubbish apart, and calls none of them bogus", async () => {
    const whole = await survey([silent, closed, lame, garbage]);
    expect(whole.servers.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["no-response", "timeout"],
      ["no-response", "connection-refused"],
      ["lame", "refused"],
      ["malformed", "bad-label"],
    ]);
    expect(whole.servers.map(({ finding, udp, tcp }) => [finding.authenticity, udp, tcp])).toEqual([
      ["indeterminate", false, false],
      ["indeterminate", false, false],
      ["indeterminate", true, true],
      ["indeterminate", false, false],
    ]);
    expect(whole.servers.every(({ soa, keys, ns }) => soa === null && keys === null && ns === null)).toBe(true);
  });

  it("sees that a server has no TCP", async () => {
    expect(await surveyOne(datagramsAlone)).toMatchObject({
      outcome: "answer",
      udp: true,
      tcp: false,
      finding: { authenticity: "secure" },
    });
  });

  it("tells what the parent delegates and vouches for", async () => {
    const { delegation } = await survey([good]);
    expect(delegation).toMatchObject({
      parent: "test.",
      ns: ["ns1.zone.test.", "ns2.zone.test."],
      dsTtlMs: 300_000,
      finding: { authenticity: "secure" },
    });
    expect(delegation?.ds).toHaveLength(2);
    const digest = zoneDs.split(" ").slice(3).join("").toLowerCase();
    expect(delegation?.ds?.some((ds) => ds.endsWith(digest))).toBe(true);
  });

  it("finds an unsigned zone insecure, as its parent proves", async () => {
    const plain = [{ name: "login.plain.test.", type: "A" }];
    const whole = await survey([good], { of: "plain.test.", watch: plain });
    expect(whole.delegation).toMatchObject({ parent: "test.", ns: ["ns1.zone.test."], ds: [], dsTtlMs: null });
    expect(whole.servers[0]).toMatchObject({
      finding: { authenticity: "insecure", code: "insecure-delegation" },
      keys: [],
      keysTtlMs: null,
      signedUntil: null,
      watched: [{ finding: { authenticity: "insecure" }, rrset: { ttl: 60, rdata: ["c000020a"] } }],
    });
  });

  it("calls nothing bogus when the parent is silent", async () => {
    const whole = await survey([good], { from: silent });
    expect(whole.servers[0]).toMatchObject({ outcome: "answer", finding: { authenticity: "indeterminate" } });
    expect(whole.servers[0]?.watched.map(({ finding }) => finding.authenticity)).toEqual(
      watched.map(() => "indeterminate"),
    );
    expect(whole.delegation).toMatchObject({ ns: null, ds: null, finding: { authenticity: "indeterminate" } });
  });

  it("believes an own anchor at the apex of a zone that BIND signs, and asks no parent", async () => {
    const bind = await startBind({
      signed: true,
      zones: [{ name: "live.test.", records: ["login 60 IN A 192.0.2.10", "*.shop 60 IN A 192.0.2.11"] }],
    });
    servers.push(bind);
    const [key = ""] = await dig(bind, "live.test.", "DNSKEY");
    const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(2000) };
    const chain = iterativePort({
      means,
      servers: [{ zone: "live.test.", addresses: [bind.address] }],
      portOf: () => bind.port,
    });
    const anchors = trustAnchors({ anchors: `live.test. IN DNSKEY ${key}` });
    const surveyor = zoneSurveyor({ means, trustOf: () => ({ port: chain, anchors }) });
    const { address } = bind;
    const whole = await surveyor.survey(
      {
        zone: "live.test.",
        view: "public",
        vantage: "office",
        servers: [{ name: "ns1.live.test.", address, port: bind.port, provider: null }],
        watched: [
          { name: "login.live.test.", type: "A" },
          { name: "*.shop.live.test.", type: "A" },
        ],
      },
      never,
    );
    expect(whole.delegation).toBeNull();
    expect(whole.servers[0]).toMatchObject({
      finding: { authenticity: "secure" },
      keys: [{ flags: 257, signsKeys: true, signsZone: true }],
      watched: [
        { finding: { authenticity: "secure" } },
        // A wildcard at its own name, and at one that it answers for, with the proof that no such name is there.
        { name: "*.shop.live.test.", finding: { authenticity: "secure" } },
        { name: "*.shop.live.test.", at: "fresh label", finding: { authenticity: "secure" } },
      ],
    });
    const [, itself, fresh] = whole.servers[0]?.watched ?? [];
    expect(itself?.rrset).toMatchObject({ rdata: ["c000020b"] });
    expect(fresh?.rrset).toEqual(itself?.rrset);
    expect(fresh?.inception).toEqual(itself?.inception);
    expect(fresh?.inception).not.toBeNull();
  });

  it("ends at once when its caller does", async () => {
    const controller = new AbortController();
    const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(60_000) };
    const chain = iterativePort({ means, servers: [{ zone: "test.", addresses: [silent] }], portOf: () => port });
    const surveyor = zoneSurveyor({
      means,
      trustOf: () => ({ port: chain, anchors: trustAnchors({ anchors: anchor }) }),
    });
    const endpoints = [{ name: "ns1.zone.test.", address: silent, port, provider: null }];
    const waiting = surveyor.survey(
      { zone, view: "public", vantage: "office", servers: endpoints, watched },
      controller.signal,
    );
    controller.abort();
    expect((await waiting).servers[0]).toMatchObject({ outcome: "no-response", code: "aborted" });
  });
});
