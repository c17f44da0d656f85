import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { exchange } from "../../src/dns/transport/exchange.ts";
import { buildQuery } from "../../src/dns/update/update.ts";
import { decodeMessage } from "../../src/dns/wire/message.ts";
import { nameFromText, rootName } from "../../src/dns/wire/name.ts";
import { rcode, typeFromText } from "../../src/dns/wire/rrtype.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { duration } from "../../src/values/time.ts";
import type { ServerAddress } from "../servers/zone.ts";

/** What another validator makes of a question; `failed`: it does not say why it has no answer. */
export type OtherVerdict = "secure" | "insecure" | "bogus" | "failed";

export interface OtherAnswer {
  readonly verdict: OtherVerdict;
  /** As it said it. */
  readonly says: string;
}

/** Asks Unbound with DO and without CD: AD is secure, SERVFAIL is bogus once CD brings an answer, else insecure. */
export async function askUnbound(unbound: ServerAddress, name: string, type: string): Promise<OtherAnswer> {
  const checked = await ask(unbound, name, type, "enabled");
  if (checked === undefined) return { verdict: "failed", says: "no response" };
  const { flags } = checked;
  if (flags.rcode === rcode.NOERROR || flags.rcode === rcode.NXDOMAIN)
    return { verdict: flags.ad ? "secure" : "insecure", says: `rcode ${flags.rcode}, AD ${Number(flags.ad)}` };
  const unchecked = await ask(unbound, name, type, "disabled");
  const answered = unchecked !== undefined && unchecked.flags.rcode !== rcode.SERVFAIL;
  return { verdict: answered ? "bogus" : "failed", says: `rcode ${flags.rcode}` };
}

async function ask(server: ServerAddress, name: string, type: string, checking: "enabled" | "disabled") {
  const options = { id: randomBytes(2).readUInt16BE(), recursion: "desired", dnssec: "send", checking } as const;
  const message = buildQuery(nameFromText(name) ?? rootName, typeFromText(type) ?? 0, options);
  const { address, port } = server;
  const result = await exchange(
    { address, port, message, transport: "udp", timeoutMs: duration(20_000), abortable: "throughout" },
    systemClock(),
    new AbortController().signal,
  );
  return result.outcome === "response" ? decodeMessage(result.octets) : undefined;
}

/** Asks BIND's delv, with `anchors` as its file of trust anchors. */
export function askDelv(server: ServerAddress, anchors: string, name: string, type: string): Promise<OtherAnswer> {
  const args = [`@${server.address}`, "-p", `${server.port}`, "-a", anchors, "+root=.", "+multiline", name, type];
  return new Promise((resolve) => {
    execFile("/usr/bin/delv", args, { encoding: "utf8", timeout: 20_000 }, (_error, stdout, stderr) => {
      resolve(verdictOfDelv(`${stdout}${stderr}`));
    });
  });
}

/** The file of anchors that delv reads, from a DNSKEY as a line of a master file. */
export function delvAnchors(dnskey: string): string {
  const [, rdata = ""] = dnskey.split(/\sDNSKEY\s+/);
  const [flags, protocol, algorithm, ...key] = rdata.trim().split(/\s+/);
  return `trust-anchors { . static-key ${flags} ${protocol} ${algorithm} "${key.join("")}"; };\n`;
}

// It says what it has validated before an alias, even where it then fails behind it; "ncache" is no failure.
function verdictOfDelv(text: string): OtherAnswer {
  const lines = text.split("\n").filter((line) => line.startsWith(";"));
  const says = lines.join(" ");
  const [, failure] = /;; resolution failed: (.+)/.exec(text) ?? [];
  if (failure !== undefined && !failure.startsWith("ncache"))
    return { verdict: /trust chain|RRSIG|insecurity proof|valid/.test(failure) ? "bogus" : "failed", says };
  if (says.includes("pending validation")) return { verdict: "bogus", says };
  const trusted = lines.filter((line) => /fully validated|unsigned answer/.test(line));
  if (trusted.length === 0) return { verdict: "failed", says };
  return { verdict: trusted.every((line) => line.includes("fully validated")) ? "secure" : "insecure", says };
}
