import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startPrimary, startSecondary, type Nameserver, type Primary } from "../lab/nameserver/nameserver.ts";
import { serialOf, zoneFromText } from "../lab/nameserver/zone.ts";
import { exchange } from "../src/dns/transport/exchange.ts";
import { signMessage } from "../src/dns/update/tsig.ts";
import { parseTsigKey, type TsigKey } from "../src/dns/update/tsig-key.ts";
import { buildUpdate } from "../src/dns/update/update.ts";
import { decodeMessage } from "../src/dns/wire/message.ts";
import { rdataToText } from "../src/dns/wire/rdata.ts";
import type { Flags } from "../src/dns/wire/record.ts";
import { rcode } from "../src/dns/wire/rrtype.ts";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import type { Reading, Transport } from "../src/ports/records.ts";
import { add, duration } from "../src/values/time.ts";
import { recordReader } from "../src/verification/record-reader.ts";
import { describeWithServers } from "./servers/available.ts";
import { dig } from "./servers/dig.ts";
import { writeOrder } from "./servers/order.ts";
import { pathTo, rrsetChange, zoneChange } from "./servers/update.ts";
import { readerKey, updateKey } from "./servers/zone.ts";

const zone = "example.com.";
const login = `login.${zone}`;
const home = ["192.0.2.10"];
const away = ["198.51.100.10"];
const never = new AbortController().signal;
const reader = recordReader({ clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(250) });

let primary: Primary;
let secondary: Nameserver;

beforeEach(async () => {
  const published = zoneFromText({
    name: zone,
    nameservers: { [`ns1.${zone}`]: "127.0.0.1", [`ns2.${zone}`]: "127.0.0.2" },
    records: [
      { name: login, type: "A", ttl: 60, data: home },
      { name: login, type: "AAAA", ttl: 60, data: ["2001:db8:1::10"] },
      { name: `alias.${zone}`, type: "CNAME", ttl: 60, data: [login] },
      { name: `deep.below.${zone}`, type: "TXT", ttl: 60, data: ['"there"'] },
      {
        name: `large.${zone}`,
        type: "TXT",
        ttl: 60,
        data: Array.from({ length: 30 }, (_, index) => `"${index} ${"x".repeat(90)}"`),
      },
    ],
  });
  primary = await startPrimary({
    address: "127.0.0.1",
    port: 0,
    zone: published,
    updateKey: updateKeyParsed(),
    notifyDelayMs: 0,
  });
  secondary = await startSecondary({ address: "127.0.0.2", port: 0, primary, transferMs: 0 });
});

afterEach(async () => {
  await secondary.stop();
  await primary.stop();
});

function updateKeyParsed(): TsigKey {
  const parsed = parseTsigKey(`${updateKey.algorithm}:${updateKey.name}:${updateKey.secret}`);
  if ("code" in parsed) throw new Error(parsed.says);
  return parsed.key;
}

async function send(message: Uint8Array): Promise<Flags> {
  const to = { ...at(primary), transport: "tcp", timeoutMs: duration(1000), abortable: "throughout" } as const;
  const answer = await exchange({ ...to, message }, systemClock(), never);
  if (answer.outcome !== "response") throw new Error(answer.code);
  return decodeMessage(answer.octets).flags;
}

function read(server: Nameserver, name: string, type: string, transport: Transport = "udp"): Promise<Reading> {
  return reader.read({ name: `ns1.${zone}`, ...at(server) }, { zone, name, type }, transport, never);
}

async function dataOf(server: Nameserver, name: string, type: string): Promise<readonly string[] | string> {
  const reading = await read(server, name, type);
  if (reading.outcome !== "answer") return `${reading.outcome} ${reading.code}`;
  return reading.rrset === "absent" ? "absent" : reading.rrset.rdata.map((hex) => rdataToText(type, hex));
}

function at({ address, port }: Nameserver): { readonly address: string; readonly port: number } {
  return { address, port };
}

const fence = (before: string | null, after: string) => ({ name: `_pointsman.${login}`, before, after });
const moveAway = () => zoneChange(zone, rrsetChange(login, "A", home, away));

describe("the lab's nameserver", () => {
  it.each(["udp", "tcp"] as const)("gives data, no data and no such name with authority over %s", async (transport) => {
    expect(await read(primary, login, "A", transport)).toMatchObject({ rrset: { ttl: 60, rdata: ["c000020a"] } });
    expect(await read(primary, login, "TXT", transport)).toMatchObject({ rrset: "absent", serial: 1 });
    expect(await read(primary, `below.${zone}`, "A", transport)).toMatchObject({ rrset: "absent", serial: 1 });
    expect(await read(primary, `nobody.${zone}`, "A", transport)).toMatchObject({ rrset: "absent", serial: 1 });
    expect(await read(primary, `alias.${zone}`, "CNAME", transport)).toMatchObject({ outcome: "answer" });
    expect(await read(primary, "login.example.net.", "A", transport)).toMatchObject({
      outcome: "lame",
      code: "refused",
    });
  });

  it("truncates over UDP what does not fit, and gives it whole over TCP", async () => {
    expect(await dataOf(primary, `large.${zone}`, "TXT")).toHaveLength(30);
  });

  it("applies a signed update once, with its fence, and its secondary follows", async () => {
    const order = writeOrder(moveAway(), [fence(null, "login-1.1")]);
    expect(await pathTo(at(primary)).write(order, never)).toMatchObject({ outcome: "applied" });
    expect(await dataOf(primary, login, "A")).toEqual(away);
    await expect.poll(() => dataOf(secondary, login, "A")).toEqual(away);
    expect(await dataOf(secondary, `_pointsman.${login}`, "TXT")).toEqual(['"login-1.1"']);
    expect(await pathTo(at(primary)).write(order, never)).toMatchObject({ outcome: "conflict" });
    expect(primary.applied()).toBe(1);
    expect(serialOf(secondary.zone())).toBe(2);
  });

  it("N2: applies nothing of an update whose RRset before is another", async () => {
    const change = zoneChange(
      zone,
      rrsetChange(login, "A", home, away),
      rrsetChange(login, "AAAA", ["2001:db8:9::9"], []),
    );
    expect(await pathTo(at(primary)).write(writeOrder(change, []), never)).toMatchObject({ outcome: "conflict" });
    expect(await dataOf(primary, login, "A")).toEqual(home);
    expect(primary.applied()).toBe(0);
  });

  it("puts no address beside an alias", async () => {
    const change = zoneChange(zone, rrsetChange(`alias.${zone}`, "A", [], away));
    expect(await pathTo(at(primary)).write(writeOrder(change, []), never)).toMatchObject({ outcome: "conflict" });
  });

  it.each([
    ["a key that it does not know", { ...updateKey, name: "unknown." }, zone, "badkey"],
    ["a secret that is another", { ...updateKey, secret: readerKey.secret }, zone, "badsig"],
    ["a zone that it does not have", updateKey, "example.net.", "notauth"],
  ] as const)("tells %s apart", async (_, key, ofZone, code) => {
    const change = zoneChange(ofZone, rrsetChange(`login.${ofZone}`, "A", home, away));
    const outcome = await pathTo(at(primary), { key }).write(writeOrder(change, []), never);
    expect(outcome).toEqual({ outcome: "refused", code });
    expect(primary.applied()).toBe(0);
  });

  it("tells its time to a clock that is off, which then gets through", async () => {
    const late = { ...systemClock(), now: () => add(systemClock().now(), -60_000) };
    const path = pathTo(at(primary), { clock: late });
    expect(await path.write(writeOrder(moveAway(), []), never)).toEqual({ outcome: "refused", code: "badtime" });
    expect(await path.write(writeOrder(moveAway(), []), never)).toMatchObject({ outcome: "applied" });
  });

  it("an update that was altered on the way, or is not signed, changes nothing", async () => {
    const change = { name: login, type: "A", before: "absent", after: { ttl: 60, rdata: ["c0000263"] } } as const;
    const message = buildUpdate({ zone, rrsets: [{ ...change, name: `new.${zone}` }], fences: [] }, 7);
    expect(await send(message)).toMatchObject({ rcode: rcode.REFUSED });
    const signing = { timeSigned: Math.floor(Date.now() / 1000), fudge: 30 };
    const { octets } = signMessage(message, updateKeyParsed(), signing);
    const value = octets.findLastIndex((_, index) => octets.subarray(index, index + 4).toHex() === "c0000263");
    expect(await send(octets.with(value, 0xc1))).toMatchObject({ rcode: rcode.NOTAUTH });
    expect(primary.applied()).toBe(0);
    expect(await send(octets)).toMatchObject({ rcode: rcode.NOERROR });
    expect(primary.applied()).toBe(1);
  });

  it("silent, it answers nothing; stale, it goes on giving the old answer; and then it catches up", async () => {
    secondary.behave("silent");
    expect(await dataOf(secondary, login, "A")).toBe("no-response timeout");
    secondary.behave("stale");
    await pathTo(at(primary)).write(writeOrder(moveAway(), []), never);
    await expect.poll(() => serialOf(secondary.zone())).toBe(2);
    expect(await dataOf(secondary, login, "A")).toEqual(home);
    secondary.behave("normal");
    expect(await dataOf(secondary, login, "A")).toEqual(away);
  });
});

describeWithServers("the lab's nameserver with BIND's tools", () => {
  it("nsupdate's update is applied, and dig reads it at both nameservers", async () => {
    await nsupdate(
      updateKey.secret,
      `prereq yxrrset ${login} A ${home[0]}`,
      `update add new.${zone} 60 MX 10 ${login}`,
    );
    expect(await dig(primary, `new.${zone}`, "MX")).toEqual([`10 ${login}`]);
    await expect.poll(() => dig(secondary, `new.${zone}`, "MX")).toEqual([`10 ${login}`]);
    expect(await dig(primary, `alias.${zone}`, "A")).toEqual([...home, login]);
    await nsupdate(updateKey.secret, `update delete new.${zone} MX 10 ${login}`, `update delete login.${zone} AAAA`);
    expect(await dig(primary, `new.${zone}`, "MX")).toEqual([]);
    expect(await dig(primary, login, "AAAA")).toEqual([]);
    expect(primary.applied()).toBe(2);
  });

  it.each([
    ["nxdomain", "NXDOMAIN", `prereq yxdomain nobody.${zone}`],
    ["yxdomain", "YXDOMAIN", `prereq nxdomain ${login}`],
    ["yxrrset", "YXRRSET", `prereq nxrrset ${login} A`],
    ["nxrrset", "NXRRSET", `prereq yxrrset ${login} A 203.0.113.1`],
    ["notzone", "NOTZONE", "update add login.example.net. 60 A 192.0.2.1"],
  ])("answers %s where it is due", async (_, code, line) => {
    await expect(nsupdate(updateKey.secret, line, `update add other.${zone} 60 A 192.0.2.1`)).rejects.toThrow(code);
    expect(primary.applied()).toBe(0);
  });

  it("nsupdate with another secret is told BADSIG", async () => {
    await expect(nsupdate(readerKey.secret, `update delete ${login} A`)).rejects.toThrow("BADSIG");
    expect(primary.applied()).toBe(0);
  });
});

const run = promisify(execFile);

async function nsupdate(secret: string, ...lines: readonly string[]): Promise<void> {
  const script = [`server ${primary.address} ${primary.port}`, `zone ${zone}`, ...lines, "send", ""].join("\n");
  const running = run("/usr/bin/nsupdate", ["-y", `${updateKey.algorithm}:${updateKey.name}:${secret}`]);
  running.child.stdin?.end(script);
  await running;
}
