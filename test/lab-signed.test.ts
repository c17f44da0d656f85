import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startPrimary, startSecondary, type Nameserver, type Primary } from "../lab/nameserver/nameserver.ts";
import { signZone } from "../lab/nameserver/signing.ts";
import { nameOf, serialOf, zoneFromText } from "../lab/nameserver/zone.ts";
import { anchorOf, startParent, writeAnchor, type LabParent } from "../lab/parent.ts";
import { trustAnchors } from "../src/dns/dnssec/anchors.ts";
import { createValidator } from "../src/dns/dnssec/validator.ts";
import { iterativePort } from "../src/dns/resolution/iterative.ts";
import { resolverPort } from "../src/dns/resolution/resolver.ts";
import { exchange } from "../src/dns/transport/exchange.ts";
import { parseTsigKey } from "../src/dns/update/tsig-key.ts";
import { buildQuery } from "../src/dns/update/update.ts";
import { decodeMessage } from "../src/dns/wire/message.ts";
import { rdataOctetsToText } from "../src/dns/wire/rdata.ts";
import type { Message } from "../src/dns/wire/record.ts";
import { typeFromText, typeToText } from "../src/dns/wire/rrtype.ts";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import { duration } from "../src/values/time.ts";
import { describeWithServers } from "./servers/available.ts";
import { delv, type DelvAnswer } from "./servers/delv.ts";
import { writeOrder } from "./servers/order.ts";
import { pathTo, rrsetChange, zoneChange } from "./servers/update.ts";
import { updateKey, type ServerAddress } from "./servers/zone.ts";

/*
 * The lab's zone is signed, so that what is shown in the lab is shown on a zone like those that people have: it must
 * validate by somebody else's validator, before and after an UPDATE.
 */

const zone = "example.test.";
const login = `login.${zone}`;
const home = ["192.0.2.10"];
const away = ["198.51.100.10"];
const never = new AbortController().signal;

let primary: Primary;
let secondary: Nameserver;
let parent: LabParent;
let folder: string;
let anchorOfParent: { readonly file: string; readonly zone: string };
let anchorOfZone: { readonly file: string; readonly zone: string };
const ending: (() => Promise<void>)[] = [];

beforeEach(async () => {
  const { name, algorithm, secret } = updateKey;
  const parsed = parseTsigKey(`${algorithm}:${name}:${secret}`);
  if ("code" in parsed) throw new Error(parsed.says);
  const signed = signZone(publishedZone());
  const address = "127.0.0.1";
  primary = await startPrimary({ address, port: 0, zone: signed.zone, updateKey: parsed.key, notifyDelayMs: 0 });
  ending.push(() => primary.stop());
  secondary = await startSecondary({ address: "127.0.0.2", port: 0, primary, transferMs: 0 });
  ending.push(() => secondary.stop());
  const nameservers = [
    { ...at(primary), name: `ns1.${zone}` },
    { ...at(secondary), name: `ns2.${zone}` },
  ];
  parent = await startParent({ zone, ds: signed.ds, nameservers }, ending);
  folder = mkdtempSync(path.join(tmpdir(), "pointsman-test-"));
  anchorOfParent = { file: writeAnchor(folder, parent, login).bind, zone: "test." };
  anchorOfZone = { file: path.join(folder, "zone.conf"), zone };
  writeFileSync(anchorOfZone.file, anchorOf(zone, signed.ds).bind);
});

afterEach(async () => {
  for (const stop of ending.splice(0).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- in the opposite order of their start
    await stop();
  }
  rmSync(folder, { recursive: true });
});

function publishedZone(): ReturnType<typeof zoneFromText> {
  const large = Array.from({ length: 30 }, (_, index) => `"${index} ${"x".repeat(90)}"`);
  return zoneFromText({
    name: zone,
    nameservers: { [`ns1.${zone}`]: "127.0.0.1", [`ns2.${zone}`]: "127.0.0.2" },
    records: [
      { name: login, type: "A", ttl: 60, data: home },
      { name: login, type: "AAAA", ttl: 60, data: ["2001:db8:1::10"] },
      { name: `alias.${zone}`, type: "CNAME", ttl: 60, data: [login] },
      { name: `lost.${zone}`, type: "CNAME", ttl: 60, data: [`nobody.${zone}`] },
      { name: `deep.below.${zone}`, type: "TXT", ttl: 60, data: ['"there"'] },
      { name: `*.any.${zone}`, type: "A", ttl: 60, data: home },
      { name: `*.other.${zone}`, type: "CNAME", ttl: 60, data: [login] },
      { name: `plain.${zone}`, type: "NS", ttl: 60, data: [`plain.${zone}`] },
      { name: `plain.${zone}`, type: "A", ttl: 60, data: ["127.0.0.9"] },
      { name: `large.${zone}`, type: "TXT", ttl: 60, data: large },
    ],
  });
}

function at({ address, port }: ServerAddress): ServerAddress {
  return { address, port };
}

async function ask(server: ServerAddress, name: string, type: string, dnssec: "send" | "leave-out"): Promise<Asked> {
  const options = { id: 7, recursion: "none", dnssec, checking: "enabled" } as const;
  const message = buildQuery(nameOf(name), typeFromText(type) ?? 0, options);
  const to = { ...at(server), transport: "udp", timeoutMs: duration(2000), abortable: "throughout" } as const;
  const answer = await exchange({ ...to, message }, systemClock(), never);
  if (answer.outcome !== "response") throw new Error(answer.code);
  return { ...decodeMessage(answer.octets), transport: answer.transport };
}

interface Asked extends Message {
  /** By which it came in the end. */
  readonly transport: string;
}

function typesOf(records: Message["answer"]): readonly string[] {
  return records.map(({ type }) => typeToText(type));
}

describe("the lab's signed zone", () => {
  it("comes with signatures and proofs to who takes them, and without to who does not", async () => {
    const plain = await ask(primary, `nobody.${zone}`, "A", "leave-out");
    expect(typesOf(plain.authority)).toEqual(["SOA"]);
    expect(typesOf((await ask(primary, login, "A", "leave-out")).answer)).toEqual(["A"]);
    expect(typesOf((await ask(primary, login, "A", "send")).answer)).toEqual(["A", "RRSIG"]);
    const denied = await ask(primary, `nobody.${zone}`, "A", "send");
    expect(typesOf(denied.authority)).toEqual(["SOA", "RRSIG", "NSEC", "RRSIG", "NSEC", "RRSIG"]);
    expect(denied.flags).toMatchObject({ aa: true, ad: false, rcode: 3 });
  });

  it("is delegated by its parent: nameservers, their addresses and the signed DS, and no authority", async () => {
    const referral = await ask(parent.nameserver, login, "A", "send");
    expect(referral.flags).toMatchObject({ aa: false, rcode: 0 });
    expect(referral.answer).toEqual([]);
    expect(typesOf(referral.authority)).toEqual(["NS", "NS", "DS", "RRSIG"]);
    expect(typesOf(referral.additional)).toEqual(["A", "A"]);
    expect(typesOf((await ask(parent.nameserver, login, "A", "leave-out")).authority)).toEqual(["NS", "NS"]);
  });

  it("says of a delegation without DS that there is none, and nothing of what lies beyond", async () => {
    const { authority } = await ask(primary, `www.plain.${zone}`, "A", "send");
    expect(typesOf(authority)).toEqual(["NS", "NSEC", "RRSIG"]);
    const proof = authority.find(({ type }) => typeToText(type) === "NSEC");
    expect(rdataOctetsToText(proof?.type ?? 0, proof?.rdata ?? new Uint8Array())).toMatch(/^\S+ NS RRSIG NSEC$/);
  });

  it("gives what does not fit into a datagram over TCP, with its signature", async () => {
    const { transport, answer } = await ask(primary, `large.${zone}`, "TXT", "send");
    expect(transport).toBe("tcp");
    expect(typesOf(answer)).toEqual([...Array.from({ length: 30 }, () => "TXT"), "RRSIG"]);
  });

  it("keeps its own keys, whatever an update asks for", async () => {
    const before = await ask(primary, zone, "DNSKEY", "leave-out");
    const stranger = `257 3 13 ${btoa("x".repeat(64))}`;
    const keys = before.answer.map(({ type, rdata }) => rdataOctetsToText(type, rdata));
    const change = zoneChange(zone, rrsetChange(zone, "DNSKEY", keys, [stranger]), rrsetChange(login, "A", home, away));
    expect(await pathTo(primary).write(writeOrder(change, []), never)).toMatchObject({ outcome: "applied" });
    expect((await ask(primary, zone, "DNSKEY", "leave-out")).answer).toEqual(before.answer);
  });
});

describe("the lab's signed zone by our own validator", () => {
  const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(2000) };
  const ports = {
    "from its parent's nameserver down": () => {
      const all = [parent.nameserver, primary, secondary];
      const portOf = (address: string): number => all.find((one) => one.address === address)?.port ?? 0;
      return iterativePort({ means, servers: [{ zone: "test.", addresses: [parent.nameserver.address] }], portOf });
    },
    "through the resolver": () => resolverPort({ means, server: { ...at(parent.resolver), transport: "udp" } }),
  };

  it.each(["from its parent's nameserver down", "through the resolver"] as const)(
    "is secure %s, in all that it has and has not",
    async (way) => {
      const validator = createValidator({ port: ports[way](), anchors: trustAnchors({ anchors: parent.anchor.text }) });
      const validate = async (name: string, type: string): Promise<string> => {
        const question = { name: nameOf(name), type: typeFromText(type) ?? 0 };
        const { verdict, outcome, reasons } = await validator.resolve(question, systemClock().now(), never);
        return `${name} ${type} ${verdict} ${outcome}${verdict === "secure" ? "" : ` ${JSON.stringify(reasons)}`}`;
      };
      const all = [...present, ...absent.map(([, name, type]) => [name, type] as const)];
      const told = await Promise.all(all.map(([name, type]) => validate(name, type)));
      expect(told.filter((line) => !/ secure (?:answer|no-data|no-name)$/.test(line))).toEqual([]);
      expect(await validate(login, "A")).toBe(`${login} A secure answer`);
      expect(await validate(login, "TXT")).toBe(`${login} TXT secure no-data`);
      expect(await validate(`nobody.${zone}`, "A")).toBe(`nobody.${zone} A secure no-name`);
      expect(await validate(`lost.${zone}`, "A")).toBe(`lost.${zone} A secure no-name`);
      expect(await validate(`below.${zone}`, "A")).toBe(`below.${zone} A secure no-data`);
    },
  );
});

/** Names with data, and one of the records that are to come. */
const present = [
  [login, "A", `${login} 60 IN A ${home[0]}`],
  [login, "AAAA", `${login} 60 IN AAAA 2001:db8:1::10`],
  [`alias.${zone}`, "A", `${login} 60 IN A ${home[0]}`],
  [`lost.${zone}`, "A", `lost.${zone} 60 IN CNAME nobody.${zone}`],
  [`fresh.any.${zone}`, "A", `fresh.any.${zone} 2 IN A ${home[0]}`],
  [`fresh.other.${zone}`, "A", `${login} 60 IN A ${home[0]}`],
  [`large.${zone}`, "TXT", expect.stringContaining("xxx")],
  [zone, "SOA", expect.stringContaining("hostmaster")],
  [zone, "NS", `${zone} 3600 IN NS ns1.${zone}`],
  [zone, "NSEC", expect.stringContaining("SOA RRSIG NSEC DNSKEY")],
  ["test.", "DNSKEY", expect.stringContaining("test. 3600 IN DNSKEY 257 3 13")],
  // Of these the parent answers.
  [zone, "DS", expect.stringContaining(`${zone} 60 IN DS`)],
] as const;

/** What there is none of, as a name and a type. */
const absent = [
  ["no such type", login, "TXT"],
  ["no such name", `nobody.${zone}`, "A"],
  ["no such name, two labels down", `a.b.${zone}`, "A"],
  ["a name with nothing but names below it", `below.${zone}`, "A"],
  ["a wildcard without the type", `fresh.any.${zone}`, "TXT"],
  ["a delegation without DS", `plain.${zone}`, "DS"],
  ["the last name of the zone", `zzz.${zone}`, "A"],
  ["beside the delegation, in the parent", "other.test.", "A"],
] as const;

/** By the whole chain of trust, from the anchor of the parent down. */
function trusted(name: string, type: string): Promise<DelvAnswer> {
  return delv(parent.resolver, anchorOfParent, name, type);
}

describeWithServers("the lab's signed zone by BIND's validator", () => {
  it.each(present)("the data of %s %s validates from the anchor of its parent", async (name, type, record) => {
    const { says, records } = await trusted(name, type);
    expect({ says, records }).toEqual({ says: "fully validated", records: expect.arrayContaining([record]) });
  });

  it.each(absent)("that there is %s validates", async (_, name, type) => {
    expect((await trusted(name, type)).says).toBe("negative response, fully validated");
  });

  it("validates at each nameserver after an update: the new data, its fence, and that the old is gone", async () => {
    const serial = serialOf(primary.zone());
    const fence = { name: `_pointsman.${login}`, before: null, after: "login-1.1" };
    const change = zoneChange(
      zone,
      rrsetChange(login, "A", home, away),
      rrsetChange(login, "AAAA", ["2001:db8:1::10"], []),
      rrsetChange(`new.${zone}`, "A", [], away),
    );
    const written = await pathTo(primary).write(writeOrder(change, [fence]), never);
    expect(written).toMatchObject({ outcome: "applied" });
    await expect.poll(() => serialOf(secondary.zone())).toBe(serial + 1);
    for (const server of [primary, secondary]) {
      const seen = (name: string, type: string): Promise<DelvAnswer> => delv(server, anchorOfZone, name, type);
      // oxlint-disable-next-line no-await-in-loop -- one server after the other
      const answers = await Promise.all([
        seen(login, "A"),
        seen(login, "AAAA"),
        seen(`new.${zone}`, "A"),
        seen(`_pointsman.${login}`, "TXT"),
        seen(`newer.${zone}`, "A"),
      ]);
      expect(answers).toEqual([
        { says: "fully validated", records: [`${login} 60 IN A ${away[0]}`] },
        { says: "negative response, fully validated", records: [] },
        { says: "fully validated", records: [`new.${zone} 60 IN A ${away[0]}`] },
        { says: "fully validated", records: [expect.stringContaining("login-1.1")] },
        { says: "negative response, fully validated", records: [] },
      ]);
    }
    expect((await trusted(login, "A")).records).toEqual([`${login} 60 IN A ${away[0]}`]);
  });

  it("does not validate by the key of another run", async () => {
    const stranger = signZone(zoneFromText({ name: "test.", nameservers: { "ns.test.": "127.0.0.3" }, records: [] }));
    writeFileSync(anchorOfParent.file, anchorOf("test.", stranger.ds).bind);
    const { says, records } = await trusted(login, "A");
    expect(says).not.toContain("fully validated");
    expect(records).toEqual([]);
  });
});
