import { nameOf } from "../dns/wire/name.ts";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage } from "../dns/wire/message.ts";
import { rdataFromText } from "../dns/wire/rdata.ts";
import type { Message, ResourceRecord } from "../dns/wire/record.ts";
import { rcode, rrclass, typeFromText } from "../dns/wire/rrtype.ts";
import { systemClock } from "../platform/clock.ts";
import { systemEntropy } from "../platform/entropy.ts";
import { fromHex } from "../values/octets.ts";
import { duration } from "../values/time.ts";
import { nameReader } from "./name-reader.ts";
import { recordReader } from "./record-reader.ts";

const never = new AbortController().signal;
const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(500) };
const question = { zone: "example.com.", name: "login.example.com.", type: "A" };
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function record(owner: string, type: string, text: string, ttl = 60): ResourceRecord {
  const rdata = fromHex(rdataFromText(type, text) ?? "") ?? new Uint8Array();
  return { name: nameOf(owner), type: typeFromText(type) ?? 0, class: rrclass.IN, ttl, rdata };
}

const soa = record("example.com.", "SOA", "ns1.example.com. hostmaster.example.com. 7 1 1 1 1");

/** What a nameserver would add to the question; authoritative unless said otherwise. */
type Says = Partial<Pick<Message, "answer" | "authority">> & { readonly flags?: Partial<Message["flags"]> };

/** A nameserver that says the same to everybody, after its octets were `bent`. */
async function nameserver(says: Says, bend: (octets: Uint8Array) => Uint8Array = (octets) => octets) {
  const socket = createSocket("udp4");
  socket.on("message", (octets, from) => {
    const asked = decodeMessage(octets);
    const flags = { ...asked.flags, qr: true, aa: true, ...says.flags };
    const answer = { ...asked, flags, answer: says.answer ?? [], authority: says.authority ?? [] };
    socket.send(bend(encodeMessage(answer)), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  closing.push(() => socket.close());
  return { name: "ns1.example.net.", address: "127.0.0.1", port: socket.address().port };
}

const cut = (octets: Uint8Array) => octets.subarray(0, octets.length - 5);

const longer = (octets: Uint8Array) => Uint8Array.of(...octets, 0);

const anotherId = (octets: Uint8Array) => Uint8Array.of((octets[0] ?? 0) ^ 1, ...octets.subarray(1));

async function readingOf(says: Says, bend?: (octets: Uint8Array) => Uint8Array) {
  return recordReader(means).read(await nameserver(says, bend), question, "udp", never);
}

describe("what a nameserver says of an RRset", () => {
  it("is the data of that name and type alone, in its one form, whatever else comes with it", async () => {
    const answer = [
      record("LOGIN.example.com.", "A", "192.0.2.10"),
      record("login.example.com.", "A", "192.0.2.9", 30),
      record("login.example.com.", "A", "192.0.2.10"),
      record("login.example.com.", "TXT", '"other type"'),
      record("other.example.com.", "A", "192.0.2.66"),
    ];
    expect(await readingOf({ answer, authority: [record("example.com.", "NS", "ns1.example.com.")] })).toMatchObject({
      outcome: "answer",
      rrset: { ttl: 30, rdata: ["c0000209", "c000020a"] },
    });
  });

  it.each([
    ["NODATA", { authority: [soa] }],
    ["NXDOMAIN", { flags: { rcode: rcode.NXDOMAIN }, authority: [soa] }],
    ["a CNAME in its place", { answer: [record("login.example.com.", "CNAME", "elsewhere.example.")] }],
  ])("is absence where it says %s with authority", async (_, says) => {
    expect(await readingOf(says)).toMatchObject({ outcome: "answer", rrset: "absent" });
  });

  const right = record("login.example.com.", "A", "192.0.2.10");
  it.each<[string, string, Says]>([
    ["the AA bit is clear, though the data is right", "not-authoritative", { flags: { aa: false }, answer: [right] }],
    ["it refuses", "refused", { flags: { rcode: rcode.REFUSED } }],
    ["it fails", "servfail", { flags: { rcode: rcode.SERVFAIL } }],
    [
      "it refers to another zone below",
      "referral",
      { flags: { aa: false }, authority: [record("login.example.com.", "NS", "ns.example.")] },
    ],
    ["it refers upward", "referral", { flags: { aa: false }, authority: [record(".", "NS", "ns.example.")] }],
    [
      "it has lost the zone, and answers for the one above",
      "other-zone",
      { authority: [{ ...soa, name: nameOf("com.") }] },
    ],
    ["it says no without naming its zone", "negative-without-soa", {}],
  ])("is lame, and neither data nor absence, where %s", async (_, code, says) => {
    expect(await readingOf(says)).toMatchObject({ outcome: "lame", code });
  });

  it("is malformed where the octets are no message behind the echo", async () => {
    expect(await readingOf({ answer: [right] }, cut)).toMatchObject({ outcome: "malformed", code: "truncated" });
    expect(await readingOf({ answer: [right] }, longer)).toMatchObject({
      outcome: "malformed",
      code: "trailing-octets",
    });
  });

  it("is no response where only strangers answer, and says how many", async () => {
    const reading = await readingOf({ answer: [right] }, anotherId);
    expect(reading).toMatchObject({ outcome: "no-response", code: "timeout-after-1-dropped" });
  });
});

it("an address without a route is no silence of the nameserver", async () => {
  const server = { name: "ns1.example.net.", address: "fe80::1%lo", port: 53 };
  expect(await recordReader(means).read(server, question, "tcp", never)).toMatchObject({ outcome: "no-route" });
});

it("a serial is that of the zone asked for", async () => {
  expect(await recordReader(means).serial(await nameserver({ answer: [soa] }), "example.com.", "udp", never)).toEqual({
    serial: 7,
  });
  const refusing = await nameserver({ flags: { rcode: rcode.REFUSED } });
  expect(await recordReader(means).serial(refusing, "example.com.", "udp", never)).toEqual({ failed: "refused" });
});

it("a fence that somebody else wrote equals none of ours", async () => {
  const strange = record("_pointsman.login.example.com.", "TXT", '"a" "b"');
  const server = await nameserver({ answer: [strange], authority: [soa] });
  const reading = await nameReader(means).readName(server, "example.com.", "login.example.com.", never);
  // The other questions get an answer with nothing of theirs in it, and so with the zone's SOA alone.
  expect(reading).toMatchObject({ outcome: "answer", cutAt: null, wildcard: null, fence: "foreign 01610162" });
});
