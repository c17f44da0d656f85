import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../../test/servers/ports.ts";
import { systemClock } from "../../platform/clock.ts";
import { systemEntropy } from "../../platform/entropy.ts";
import type { DnsAnswer } from "../../ports/dns-query.ts";
import { fromHex } from "../../values/octets.ts";
import { duration } from "../../values/time.ts";
import { decodeMessage, encodeMessage } from "../wire/message.ts";
import { nameFromText, nameToText, rootName, type Name } from "../wire/name.ts";
import { rdataFromText } from "../wire/rdata.ts";
import type { Message, Question, ResourceRecord } from "../wire/record.ts";
import { rrclass, rrtype, typeFromText } from "../wire/rrtype.ts";
import { iterativePort } from "./iterative.ts";

/** What a nameserver of a test says; `undefined`: nothing. */
type Says = (
  question: Question,
) => (Partial<Pick<Message, "answer" | "authority" | "additional">> & { readonly aa?: boolean }) | undefined;

const never = new AbortController().signal;
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

function named(text: string): Name {
  return nameFromText(text) ?? rootName;
}

function record(owner: string, type: string, data: string): ResourceRecord {
  const rdata = fromHex(rdataFromText(type, data) ?? "") ?? rootName;
  return { name: named(owner), type: typeFromText(type) ?? 0, class: rrclass.IN, ttl: 60, rdata };
}

async function nameserver(address: string, port: number, says: Says): Promise<void> {
  const socket = createSocket("udp4");
  sockets.push(socket);
  socket.on("message", (octets, from) => {
    const query = decodeMessage(octets);
    const [question] = query.question;
    const said = question === undefined ? undefined : says(question);
    if (said === undefined) return;
    const { aa = false, ...sections } = said;
    const none = { answer: [], authority: [], additional: [] };
    socket.send(
      encodeMessage({ ...query, flags: { ...query.flags, qr: true, aa }, ...none, ...sections }),
      from.port,
      from.address,
    );
  });
  socket.bind(port, address);
  await once(socket, "listening");
}

/** Asks from the root at 127.0.33.1 down; with the addresses that were asked. */
async function ask(
  port: number,
  name: string,
  type: number,
  timeoutMs = 1000,
): Promise<{ answer: DnsAnswer; asked: readonly string[] }> {
  const asked: string[] = [];
  const from = iterativePort({
    means: { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(timeoutMs) },
    hints: [{ name: "ns.", addresses: ["127.0.33.1"] }],
    portOf: (address) => {
      asked.push(address);
      return port;
    },
  });
  return { answer: await from.query("closest", { name: named(name), type }, never), asked };
}

describe("nameservers that mislead", () => {
  it("by referrals without end cost a bounded number of questions", async () => {
    const port = await freePort("127.0.33.1");
    // Each answer leads one label further down, to the same server.
    let depth = 0;
    await nameserver("127.0.33.1", port, ({ name }) => {
      depth += 1;
      const cut = nameToText(name)
        .split(".")
        .slice(-depth - 1)
        .join(".");
      return { authority: [record(cut, "NS", "ns.")], additional: [record("ns.", "A", "127.0.33.1")] };
    });
    const { answer, asked } = await ask(port, `${"a.".repeat(100)}test.`, rrtype.A);
    expect(answer.outcome).toBe("no-response");
    expect(asked.length).toBeLessThanOrEqual(64);
  });

  it("by glue within the zone, ever deeper, end after so many referrals", async () => {
    const port = await freePort("127.0.33.1");
    let depth = 0;
    await nameserver("127.0.33.1", port, ({ name }) => {
      depth += 1;
      const labels = nameToText(name).split(".");
      const [cut, zone] = [-depth - 1, -depth].map((from) => labels.slice(from).join("."));
      const server = `ns.${zone === "" ? "" : (zone ?? "")}`;
      return { authority: [record(cut ?? "", "NS", server)], additional: [record(server, "A", "127.0.33.1")] };
    });
    const { answer, asked } = await ask(port, `${"a.".repeat(100)}test.`, rrtype.A);
    expect(answer).toMatchObject({ outcome: "unusable", code: "too-many-referrals" });
    expect(asked.length).toBe(24);
  });

  it("by a delegation to addresses that are all silent cost no more than eight time-outs", async () => {
    const port = await freePort("127.0.33.1");
    const silent = Array.from({ length: 40 }, (_, index) => `127.0.33.${index + 100}`);
    await Promise.all(silent.map((address) => nameserver(address, port, () => undefined)));
    await nameserver("127.0.33.1", port, () => ({
      authority: silent.map((_, index) => record("test.", "NS", `ns${index}.test.`)),
      additional: silent.map((address, index) => record(`ns${index}.test.`, "A", address)),
    }));
    const startedAt = Date.now();
    const { answer, asked } = await ask(port, "www.test.", rrtype.A, 60);
    expect(answer).toMatchObject({ outcome: "no-response", code: "timeout" });
    expect(Date.now() - startedAt).toBeLessThan(8 * 60 + 2000);
    expect(new Set(asked).size).toBeLessThanOrEqual(17);
  });

  it("by the child's word on its own DS are passed over for the parent", async () => {
    const port = await freePort("127.0.33.1");
    const soa = (owner: string) => record(owner, "SOA", "ns. hostmaster. 1 2 3 4 5");
    // It has the root and child.test., and no test.
    await nameserver("127.0.33.1", port, ({ name, type }) => {
      if (type === rrtype.DS) return { aa: true, authority: [soa(nameToText(name))] };
      return { authority: [record("test.", "NS", "ns.test.")], additional: [record("ns.test.", "A", "127.0.33.2")] };
    });
    const ds = record("child.test.", "DS", "4711 13 2 aabb");
    await nameserver("127.0.33.2", port, () => ({ aa: true, answer: [ds] }));
    const { answer, asked } = await ask(port, "child.test.", rrtype.DS);
    expect(answer).toMatchObject({ outcome: "message", from: "127.0.33.2", message: { answer: [ds] } });
    expect(asked).toEqual(["127.0.33.1", "127.0.33.1", "127.0.33.2"]);
  });
});
