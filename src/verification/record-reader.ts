import { rrset, type RRset } from "../core/plan/rrset.ts";
import { canonicalRdata } from "../dns/wire/rdata.ts";
import type { ResourceRecord } from "../dns/wire/record.ts";
import { rrtype, typeFromText } from "../dns/wire/rrtype.ts";
import type { NameserverEndpoint, Reading, RecordQuestion, RecordReader, Transport } from "../ports/records.ts";
import { invariant } from "../values/invariant.ts";
import { toHex } from "../values/octets.ts";
import { ask, type ReaderMeans } from "./ask.ts";
import { authorityOf } from "./authority.ts";
import { nameOf } from "./names.ts";

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
  const name = nameOf(question.name);
  const type = typeFromText(question.type);
  invariant(type !== undefined, `${question.type} is a type`);
  const asked = await ask(means, server, { name, type }, transport, signal);
  if (asked.outcome !== "message") return asked;
  const { message, at } = asked;
  if (message.flags.tc) return { outcome: "malformed", code: "truncated-over-tcp", at };
  const authority = authorityOf(message, nameOf(question.zone), name);
  if (authority.kind === "lame") return { outcome: "lame", code: authority.code, at };
  if (authority.kind === "cut") return { outcome: "lame", code: "referral", at };
  const records = authority.records.filter((record) => record.type === type);
  const soa = type === rrtype.SOA ? records[0] : authority.soa;
  return { outcome: "answer", rrset: rrsetOf(records), serial: soa && serialOf(soa), at };
}

/**
 * Another type at the name, a CNAME too, leaves this RRset absent. TTLs that differ inside an RRset are an error of the
 * server (RFC 2181 §5.2): the least counts, since no resolver keeps it longer.
 */
function rrsetOf(records: readonly ResourceRecord[]): RRset | "absent" {
  if (records.length === 0) return "absent";
  const ttl = Math.min(...records.map((record) => record.ttl));
  return rrset(
    ttl,
    records.map((record) => toHex(canonicalRdata(record.type, record.rdata))),
  );
}

/** The first of the five numbers that end the RDATA (RFC 1035 §3.3.13). */
function serialOf(soa: ResourceRecord): number {
  const view = new DataView(soa.rdata.buffer, soa.rdata.byteOffset, soa.rdata.byteLength);
  return view.getUint32(soa.rdata.length - 20);
}
