import { invariant } from "../../values/invariant.ts";
import { decodeOptions, encodeOptions, type Edns } from "./edns.ts";
import { firstNameAt, fixedLength, layoutOf, type Layout } from "./layout.ts";
import { messageOctetsMax, ttlMax } from "./limits.ts";
import { rootName, type Name } from "./name.ts";
import { WireReader } from "./reader.ts";
import type { Flags, Message, Question, ResourceRecord } from "./record.ts";
import { rrclass, rrtype } from "./rrtype.ts";
import { WireError } from "./wire-error.ts";
import { WireWriter } from "./writer.ts";

const empty = new Uint8Array(0);
const noRecords: readonly ResourceRecord[] = [];

/**
 * Reads a message whole: every record, RDLENGTH exactly, nothing left over. The result shares no memory with `octets`.
 * @throws WireError and nothing else, whatever the octets are.
 */
export function decodeMessage(octets: Uint8Array): Message {
  if (octets.length > messageOctetsMax) throw new WireError("message-too-long", messageOctetsMax);
  const reader = new WireReader(octets);
  const id = reader.u16();
  const bits = reader.u16();
  const questions = reader.u16();
  const answers = reader.u16();
  const authorities = reader.u16();
  const additionals = reader.u16();
  const question = readQuestions(reader, questions);
  const answer = readRecords(reader, answers);
  const authority = readRecords(reader, authorities);
  const { additional, edns, highRcode } = readAdditional(reader, additionals);
  if (reader.at !== reader.octets.length) throw new WireError("trailing-octets", reader.at);
  return { id, flags: readFlags(bits, highRcode), question, answer, authority, additional, edns };
}

/**
 * Writes a message; the OPT record follows the additional records, and stands before a TSIG. What {@link decodeMessage}
 * gave is read back equal. Records and numbers MUST be in range: they are ours, so InvariantError otherwise.
 * @throws WireError "message-too-long", or "bad-rdata" where names that we compress are none.
 */
export function encodeMessage(message: Message): Uint8Array<ArrayBuffer> {
  const { flags, question, answer, authority, additional, edns } = message;
  invariant(flags.rcode <= (edns === undefined ? 0xf : 0xf_ff), "a response code above 15 needs EDNS");
  const writer = new WireWriter();
  writer.u16(checkedU16(message.id));
  writer.u16(flagBits(flags));
  writer.u16(question.length);
  writer.u16(answer.length);
  writer.u16(authority.length);
  writer.u16(additional.length + (edns === undefined ? 0 : 1));
  for (const { name, type, class: ofClass } of question) {
    writer.owner(name);
    writer.u16(checkedU16(type));
    writer.u16(checkedU16(ofClass));
  }
  for (const record of answer) writeRecord(writer, record);
  for (const record of authority) writeRecord(writer, record);
  const signature = additional.at(-1)?.type === rrtype.TSIG ? additional.at(-1) : undefined;
  for (const record of additional) if (record !== signature) writeRecord(writer, record);
  if (edns !== undefined) writeOpt(writer, edns, flags.rcode);
  if (signature !== undefined) writeRecord(writer, signature);
  return writer.finish();
}

function readFlags(bits: number, highRcode: number): Flags {
  return {
    qr: (bits & 0x80_00) !== 0,
    opcode: (bits >> 11) & 0xf,
    aa: (bits & 0x04_00) !== 0,
    tc: (bits & 0x02_00) !== 0,
    rd: (bits & 0x01_00) !== 0,
    ra: (bits & 0x00_80) !== 0,
    ad: (bits & 0x00_20) !== 0,
    cd: (bits & 0x00_10) !== 0,
    rcode: (highRcode << 4) | (bits & 0xf),
  };
}

function flagBits(flags: Flags): number {
  invariant(flags.opcode >= 0 && flags.opcode <= 0xf, "an opcode has four bits");
  return (
    (flags.qr ? 0x80_00 : 0) |
    (flags.opcode << 11) |
    (flags.aa ? 0x04_00 : 0) |
    (flags.tc ? 0x02_00 : 0) |
    (flags.rd ? 0x01_00 : 0) |
    (flags.ra ? 0x00_80 : 0) |
    (flags.ad ? 0x00_20 : 0) |
    (flags.cd ? 0x00_10 : 0) |
    (flags.rcode & 0xf)
  );
}

function readQuestions(reader: WireReader, count: number): readonly Question[] {
  const questions: Question[] = [];
  for (let index = 0; index < count; index += 1) {
    questions.push({ name: reader.name(), type: reader.u16(), class: reader.u16() });
  }
  return questions;
}

function readRecords(reader: WireReader, count: number): readonly ResourceRecord[] {
  if (count === 0) return noRecords;
  const records: ResourceRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const { at } = reader;
    const record = readRecord(reader);
    if (record.type === rrtype.OPT) throw new WireError("bad-opt", at);
    if (record.type === rrtype.TSIG) throw new WireError("tsig-not-last", at);
    records.push(record);
  }
  return records;
}

interface Additional {
  readonly additional: readonly ResourceRecord[];
  readonly edns: Edns | undefined;
  /** The upper eight bits of the response code (RFC 6891 §6.1.3). */
  readonly highRcode: number;
}

function readAdditional(reader: WireReader, count: number): Additional {
  if (count === 0) return { additional: noRecords, edns: undefined, highRcode: 0 };
  const additional: ResourceRecord[] = [];
  let edns: Edns | undefined;
  let highRcode = 0;
  for (let index = 0; index < count; index += 1) {
    const { at } = reader;
    const name = reader.name();
    const type = reader.u16();
    if (type === rrtype.OPT) {
      if (edns !== undefined || name.length !== 1) throw new WireError("bad-opt", at);
      highRcode = reader.octets[reader.at + 2] ?? 0;
      edns = readOpt(reader);
    } else {
      if (type === rrtype.TSIG && index !== count - 1) throw new WireError("tsig-not-last", at);
      additional.push(readRest(reader, name, type));
    }
  }
  return { additional, edns, highRcode };
}

function readOpt(reader: WireReader): Edns {
  const udpPayloadSize = reader.u16();
  // The extended response code comes first; the caller has it already.
  const version = reader.u16() & 0xff;
  const dnssecOk = (reader.u16() & 0x80_00) !== 0;
  return { udpPayloadSize, version, dnssecOk, options: decodeOptions(reader.copy(reader.u16())) };
}

function writeOpt(writer: WireWriter, edns: Edns, rcode: number): void {
  writer.owner(rootName);
  writer.u16(rrtype.OPT);
  writer.u16(checkedU16(edns.udpPayloadSize));
  invariant(edns.version >= 0 && edns.version <= 0xff, "an EDNS version has eight bits");
  writer.u16(((rcode >> 4) << 8) | edns.version);
  writer.u16(edns.dnssecOk ? 0x80_00 : 0);
  writer.rdata(rrtype.OPT, encodeOptions(edns.options));
}

function readRecord(reader: WireReader): ResourceRecord {
  const name = reader.name();
  return readRest(reader, name, reader.u16());
}

function readRest(reader: WireReader, name: Name, type: number): ResourceRecord {
  const ofClass = reader.u16();
  const ttl = reader.u32();
  return { name, type, class: ofClass, ttl: ttl > ttlMax ? 0 : ttl, rdata: readRdata(reader, type, ofClass) };
}

function readRdata(reader: WireReader, type: number, ofClass: number): Uint8Array {
  const length = reader.u16();
  const start = reader.at;
  if (start + length > reader.octets.length) throw new WireError("truncated", reader.octets.length);
  if (length === 0) {
    // In an UPDATE, classes ANY and NONE say "any RRset" and "no RRset" by having no RDATA (RFC 2136 §2.4).
    const needed = layoutOf(type) !== undefined || fixedLength(type) !== undefined;
    if (needed && ofClass !== rrclass.ANY && ofClass !== rrclass.NONE) throw new WireError("bad-rdata", start);
    return empty;
  }
  const layout = layoutOf(type);
  if (layout !== undefined && layout.expand) return readNames(reader, layout, start + length);
  const fixed = ofClass === rrclass.IN ? fixedLength(type) : undefined;
  if (fixed !== undefined && fixed !== length) throw new WireError("bad-rdata", start);
  return reader.copy(length);
}

/** RDATA with its names expanded; they and what follows them must end exactly at `end`. */
function readNames(reader: WireReader, layout: Layout, end: number): Uint8Array {
  const { at: start, octets } = reader;
  const firstAt = firstNameAt(layout, octets, start);
  if (firstAt >= end) throw new WireError("bad-rdata", start);
  reader.at = firstAt;
  const first = reader.name();
  const second = layout.names === 2 ? reader.name() : undefined;
  const rest = end - reader.at;
  if (rest < 0 || (layout.after !== -1 && layout.after !== rest)) throw new WireError("bad-rdata", start);
  if (firstAt === start && second === undefined && rest === 0) return first;
  const before = firstAt - start;
  const names = first.length + (second?.length ?? 0);
  const rdata = new Uint8Array(before + names + rest);
  for (let index = 0; index < before; index += 1) rdata[index] = octets[start + index] ?? 0;
  rdata.set(first, before);
  if (second !== undefined) rdata.set(second, before + first.length);
  for (let index = 0; index < rest; index += 1) rdata[before + names + index] = octets[reader.at + index] ?? 0;
  reader.at = end;
  return rdata;
}

function writeRecord(writer: WireWriter, record: ResourceRecord): void {
  invariant(record.type !== rrtype.OPT, "the OPT record stands in `edns`");
  invariant(record.ttl >= 0 && record.ttl <= ttlMax, "a TTL is below 2^31");
  invariant(record.rdata.length <= messageOctetsMax, "RDATA fits its length field");
  writer.owner(record.name);
  writer.u16(checkedU16(record.type));
  writer.u16(checkedU16(record.class));
  writer.u32(record.ttl);
  writer.rdata(record.type, record.rdata);
}

function checkedU16(value: number): number {
  invariant(value === (value & 0xff_ff), "a number fits its 16 bits");
  return value;
}
