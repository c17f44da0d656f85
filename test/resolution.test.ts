import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { iterativePort, type IterativeOptions } from "../src/dns/resolution/iterative.ts";
import { nameFromText, nameToText, rootName, type Name } from "../src/dns/wire/name.ts";
import { rdataOctetsToText } from "../src/dns/wire/rdata.ts";
import { rcode, rrtype } from "../src/dns/wire/rrtype.ts";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import type { DnsAnswer, DnsQueryPort } from "../src/ports/dns-query.ts";
import { duration } from "../src/values/time.ts";
import { describeWithServers, keepLogsOnFailure } from "./servers/available.ts";
import { startNsd } from "./servers/nsd.ts";
import { freePort } from "./servers/ports.ts";
import type { RunningServer } from "./servers/process.ts";

const root = "127.0.31.1";
const tld = "127.0.31.2";
const child = "127.0.31.3";
const nobody = "127.0.31.4";
const lame = "127.0.31.5";
const silent = "127.0.31.6";
const moved = "127.0.31.7";

const never = new AbortController().signal;
const folder = mkdtempSync(path.join(tmpdir(), "pointsman-resolution-"));
const servers: RunningServer[] = [];
let silence: Socket | undefined;
let port = 0;

/** A master file, whole. */
function zone(name: string, file: string, ...records: readonly string[]): { name: string; file: string } {
  const at = path.join(folder, file);
  const soa = `@ 60 IN SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 5`;
  writeFileSync(at, `$ORIGIN ${name}\n$TTL 60\n${[soa, ...records].join("\n")}\n`);
  return { name, file: at };
}

function tldZone(childAt: string) {
  return zone(
    "test.",
    "tld",
    "@ IN NS ns.test.",
    `ns IN A ${tld}`,
    "child IN NS ns1.child",
    `ns1.child IN A ${childAt}`,
    "child IN DS 4711 13 2 aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899",
    "partly IN NS ns1.partly",
    "partly IN NS ns2.partly",
    "partly IN NS ns3.partly",
    `ns1.partly IN A ${silent}`,
    `ns2.partly IN A ${lame}`,
    `ns3.partly IN A ${child}`,
    "dead IN NS ns1.dead",
    `ns1.dead IN A ${nobody}`,
    "lame IN NS ns1.lame",
    `ns1.lame IN A ${lame}`,
    "glueless IN NS ns1.child",
    "loop IN NS ns.loop2",
    "loop2 IN NS ns.loop",
    ...Array.from({ length: 12 }, (_, index) => `many IN NS ns.no-such-${index}.child`),
  );
}

beforeAll(async () => {
  port = await freePort(root);
  const rootZone = zone(
    ".",
    "root",
    "@ IN NS ns.root.",
    `ns.root. IN A ${root}`,
    "test. IN NS ns.test.",
    `ns.test. IN A ${tld}`,
  );
  const childZones = [
    zone(
      "child.test.",
      "child",
      "@ IN NS ns1",
      `ns1 IN A ${child}`,
      "www IN A 192.0.2.1",
      "sub IN NS ns1",
      "far IN NS ns1.far",
      `ns1.far IN A ${lame}`,
    ),
    // Parent and child on one server, and the DS is with the parent all the same.
    zone("sub.child.test.", "sub", "@ IN NS ns1.child.test.", "www IN A 192.0.2.2"),
    zone("partly.test.", "partly", "@ IN NS ns3", `ns3 IN A ${child}`, "www IN A 192.0.2.3"),
    zone("glueless.test.", "glueless", "@ IN NS ns1.child.test.", "www IN A 192.0.2.4"),
  ];
  // The grandparent's server has the grandchild as well, and not what is between them.
  const grandchild = zone("deep.child.test.", "deep", "@ IN NS ns.test.");
  servers.push(
    ...(await Promise.all([
      startNsd({ address: root, port, zones: [rootZone] }),
      startNsd({ address: tld, port, zones: [tldZone(child), grandchild] }),
      startNsd({ address: child, port, zones: childZones }),
      startNsd({ address: lame, port, zones: [zone("elsewhere.", "elsewhere", "@ IN NS ns.elsewhere.")] }),
    ])),
  );
  silence = createSocket("udp4").bind(port, silent);
  await once(silence, "listening");
});

afterAll(async () => {
  silence?.close();
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

function named(text: string): Name {
  return nameFromText(text) ?? rootName;
}

/** A port of its own from the root, and the address of every question that it sends. */
function fromRoot(changed: Partial<IterativeOptions> = {}, timeoutMs = 1600): DnsQueryPort & { asked: string[] } {
  const asked: string[] = [];
  const query = iterativePort({
    means: { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(timeoutMs) },
    hints: [{ name: "ns.root.", addresses: [root] }],
    portOf: (address) => {
      asked.push(address);
      return port;
    },
    ...changed,
  });
  return { asked, query: query.query.bind(query) };
}

function ask(from: DnsQueryPort, name: string, type: number = rrtype.A, of?: string) {
  return from.query(of === undefined ? "closest" : named(of), { name: named(name), type }, never);
}

/** The answer section as text, or how it failed. */
function says(answer: DnsAnswer): readonly string[] | string {
  if (answer.outcome !== "message") return answer.outcome;
  return answer.message.answer.map(({ name, type, rdata }) => `${nameToText(name)} ${rdataOctetsToText(type, rdata)}`);
}

describeWithServers("the way down from the root", () => {
  keepLogsOnFailure(() => servers);

  it("leads to the zone's own nameserver, and is remembered", async () => {
    const from = fromRoot();
    const first = await ask(from, "www.child.test.");
    expect(says(first)).toEqual(["www.child.test. 192.0.2.1"]);
    expect(first.from).toBe(child);
    expect(from.asked).toEqual([root, tld, child]);
    expect(says(await ask(from, "WWW.child.test."))).toEqual(["WWW.child.test. 192.0.2.1"]);
    expect(from.asked.slice(3)).toEqual([child]);
    const none = await ask(from, "no-such-name.child.test.");
    expect(none).toMatchObject({ outcome: "message", message: { flags: { rcode: rcode.NXDOMAIN, aa: true } } });
  });

  it("asks for no longer than a TTL on what was remembered", async () => {
    let later = 0;
    const clock = { ...systemClock(), monotonic: () => duration(systemClock().monotonic() + later) };
    const from = fromRoot({ means: { clock, entropy: systemEntropy(), timeoutMs: duration(1600) } });
    await ask(from, "www.child.test.");
    later = 61_000;
    await ask(from, "www.child.test.");
    expect(from.asked).toEqual([root, tld, child, root, tld, child]);
  });

  it("asks the parent for a DS, whether or not the child is known, or on the same server", async () => {
    const from = fromRoot();
    await ask(from, "www.child.test.");
    const ds = await ask(from, "child.test.", rrtype.DS);
    expect(ds).toMatchObject({ from: tld });
    expect(says(ds)).toHaveLength(1);
    const none = await ask(from, "sub.child.test.", rrtype.DS);
    expect(none).toMatchObject({ outcome: "message", from: child, message: { answer: [] } });
    const ofRoot = await ask(from, ".", rrtype.DS);
    expect(ofRoot).toMatchObject({ outcome: "message", from: root });
  });

  it("asks the parent for a DS also where the grandparent's server has the child", async () => {
    const from = fromRoot();
    const ds = await ask(from, "deep.child.test.", rrtype.DS);
    expect(ds).toMatchObject({ outcome: "message", from: child });
    expect(from.asked).toEqual([root, tld, child]);
  });

  it("asks the zone that is named, and gives its referral on", async () => {
    const from = fromRoot();
    const referral = await ask(from, "www.far.child.test.", rrtype.A, "child.test.");
    expect(referral).toMatchObject({ outcome: "message", from: child, message: { answer: [], flags: { aa: false } } });
    expect(says(await ask(from, "sub.child.test.", rrtype.NS, "sub.child.test."))).toHaveLength(1);
    expect(from.asked).toEqual([root, tld, child, child, child]);
  });

  it("goes on to the next server when one is silent or has not the zone, and asks the silent one last from then on", async () => {
    const from = fromRoot();
    for (let again = 0; again < 4; again += 1) {
      // oxlint-disable-next-line no-await-in-loop -- each question may change the order of the next
      expect(says(await ask(from, "www.partly.test."))).toEqual(["www.partly.test. 192.0.2.3"]);
    }
    expect(from.asked.filter((address) => address === silent).length).toBeLessThanOrEqual(1);
  });

  it("finds a nameserver without glue by its name", async () => {
    expect(says(await ask(fromRoot(), "www.glueless.test."))).toEqual(["www.glueless.test. 192.0.2.4"]);
  });

  it("ends on nameservers that wait for each other, and on a delegation to many that do not exist", async () => {
    const loop = fromRoot();
    expect(says(await ask(loop, "www.loop.test."))).toBe("no-response");
    expect(loop.asked.length).toBeLessThan(64);
    const many = fromRoot();
    expect(says(await ask(many, "www.many.test."))).toBe("no-response");
    expect(many.asked.length).toBeLessThan(20);
  });

  it("tells servers that answer and have not the zone from servers that do not answer", async () => {
    expect(await ask(fromRoot(), "www.lame.test.")).toMatchObject({ outcome: "unusable", code: "refused", from: lame });
    expect(await ask(fromRoot(), "www.dead.test.")).toMatchObject({
      outcome: "no-response",
      code: "connection-refused",
    });
    const unheard = fromRoot({ hints: [{ name: "ns.root.", addresses: [silent] }] }, 200);
    expect(await ask(unheard, "www.child.test.")).toMatchObject({
      outcome: "no-response",
      code: "timeout",
      from: silent,
    });
  });

  it("begins at the servers given, and knows of nothing beside them", async () => {
    const given = fromRoot({ hints: [], servers: [{ zone: "child.test.", addresses: [child] }] });
    expect(says(await ask(given, "www.sub.child.test."))).toEqual(["www.sub.child.test. 192.0.2.2"]);
    expect(given.asked).toEqual([child]);
    expect(await ask(given, "www.test.")).toMatchObject({ outcome: "no-response", code: "no-servers-known" });
  });

  it("stops when its caller does", async () => {
    const controller = new AbortController();
    const from = fromRoot({ hints: [{ name: "ns.root.", addresses: [silent] }] }, 60_000);
    const waiting = from.query("closest", { name: named("www.child.test."), type: rrtype.A }, controller.signal);
    controller.abort();
    expect(await waiting).toMatchObject({ outcome: "no-response", code: "aborted" });
  });

  it("asks the parent again when all servers of a remembered delegation fail", async () => {
    const from = fromRoot();
    await ask(from, "www.child.test.");
    await servers[1]?.kill("SIGKILL");
    tldZone(moved);
    await servers[1]?.restart();
    await servers[2]?.kill("SIGKILL");
    servers.push(
      await startNsd({ address: moved, port, zones: [{ name: "child.test.", file: path.join(folder, "child") }] }),
    );
    expect(await ask(from, "www.child.test.")).toMatchObject({ outcome: "message", from: moved });
    expect(from.asked.slice(3)).toEqual([child, tld, moved]);
  });
});
