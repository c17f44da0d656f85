import { rrset, type RRset } from "../core/plan/rrset.ts";
import { isWildcard } from "../core/policy/names.ts";
import { type Name, nameOf } from "../dns/wire/name.ts";
import { canonicalRdata, soaSerial } from "../dns/wire/rdata.ts";
import type { Message, ResourceRecord } from "../dns/wire/record.ts";
import { rrtype, typeFromText } from "../dns/wire/rrtype.ts";
import { WireError } from "../dns/wire/wire-error.ts";
import type { Entropy } from "../ports/clock.ts";
import type { NameserverEndpoint, Reading, RecordQuestion, RecordReader, Transport } from "../ports/records.ts";
import { invariant } from "../values/invariant.ts";
import { toHex } from "../values/octets.ts";
import type { Instant } from "../values/time.ts";
import { ask, type ReaderMeans } from "./ask.ts";
import { authorityOf } from "./authority.ts";

/** Reads RRsets and serials straight from nameservers, over UDP or TCP, never through a resolver. */
export function recordReader(means: ReaderMeans): RecordReader {
  return {
    read: (server, question, transport, signal) => read(means, server, question, transport, signal),
    async serial(server, zone, transport, signal) {
      const reading = await read(means, server, { zone, name: zone, type: "SOA" }, transport, signal);
      if (reading.outcome !== "answer") return { failed: reading.code };
      return reading.serial === undefined ? { failed: "no-soa" } : { serial: reading.serial };
    },
  };
}

async function read(
  means: ReaderMeans,
  server: NameserverEndpoint,
  question: RecordQuestion,
  transport: Transport,
  signal: AbortSignal,
): Promise<Reading> {
  const asked = { zone: nameOf(question.zone), name: askedName(question, means.entropy), type: typeOf(question.type) };
  const answer = await ask(means, server, asked, transport, signal);
  return answer.outcome === "message" ? readingOf(answer.message, asked, answer.at) : answer;
}

/** What a message says of an RRset of its zone. */
export function readingOf(message: Message, asked: Asked, at: Instant): Reading {
  try {
    return interpret(message, asked, at);
  } catch (error) {
    if (error instanceof WireError) return { outcome: "malformed", code: error.code, at };
    throw error;
  }
}

/** Where a question is asked: at its name, or for a wildcard at a label that nobody asked for before. */
export function askedName({ name, at }: Pick<RecordQuestion, "name" | "at">, entropy: Entropy): Name {
  if (at === undefined) return nameOf(name);
  invariant(isWildcard(name), `${name} is a wildcard`);
  return nameOf(`${toHex(entropy.octets(freshOctets))}${name.slice(1)}`);
}

const freshOctets = 8;

interface Asked {
  readonly zone: Name;
  readonly name: Name;
  readonly type: number;
}

function interpret(message: Message, { zone, name, type }: Asked, at: Instant): Reading {
  if (message.flags.tc) return { outcome: "malformed", code: "truncated-over-tcp", at };
  const authority = authorityOf(message, zone, name);
  if (authority.kind === "lame") return { outcome: "lame", code: authority.code, at };
  if (authority.kind === "cut") return { outcome: "lame", code: "referral", at };
  const records = authority.records.filter((record) => record.type === type);
  const soa = type === rrtype.SOA ? records[0] : authority.soa;
  return { outcome: "answer", rrset: rrsetOf(records), serial: soa && soaSerial(soa.rdata), at };
}

/**
 * Another type at the name, a CNAME too, leaves this RRset absent. TTLs that differ inside an RRset are an error of the
 * server (RFC 2181 §5.2): the least counts, since no resolver keeps it longer.
 */
export function rrsetOf(records: readonly ResourceRecord[]): RRset | "absent" {
  if (records.length === 0) return "absent";
  const ttl = Math.min(...records.map((record) => record.ttl));
  const rdata = records.map((record) => toHex(canonicalRdata(record.type, record.rdata)));
  return rrset(ttl, rdata);
}

export function typeOf(text: string): number {
  const type = typeFromText(text);
  invariant(type !== undefined, `${text} is a type of records`);
  return type;
}
