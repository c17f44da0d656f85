import type { DnsAnswer, DnsQueryPort, DnsQuestion } from "../../ports/dns-query.ts";
import { canonicalText, type Name } from "../wire/name.ts";
import type { Message, ResourceRecord } from "../wire/record.ts";
import { rrtype, typeToText } from "../wire/rrtype.ts";
import { parseSignature } from "./parse.ts";
import { recordOf } from "./sign.fixture.ts";
import { message } from "./zone.fixture.ts";

/** A response as an RFC prints it: lines of a master file, without what stands in its additional section. */
export interface PrintedResponse {
  readonly rcode?: number;
  /** Null in a referral: it is not an authoritative answer. */
  readonly aa?: null;
  readonly answer?: readonly string[];
  readonly authority?: readonly string[];
}

/** Nobody signs additional data for its own sake, and no validator needs it. */
export function responseOf({ rcode = 0, aa, answer = [], authority = [] }: PrintedResponse): Message {
  const whole = message({ rcode, answer: answer.map(recordOf), authority: authority.map(recordOf) });
  return aa === null ? { ...whole, flags: { ...whole.flags, aa: false } } : whole;
}

/** The response once for each of its records of that type, without it. */
export function shortOfOne(response: Message, type: number): readonly Message[] {
  return [...response.answer, ...response.authority]
    .filter((record) => record.type === type)
    .map((gone) =>
      Object.assign({}, response, { answer: apart(response.answer, gone), authority: apart(response.authority, gone) }),
    );
}

function apart(records: readonly ResourceRecord[], gone: ResourceRecord): readonly ResourceRecord[] {
  return records.filter((record) => record !== gone);
}

/** With another last octet in each signature over that type. */
export function forged(response: Message, type: number): Message {
  const broken = (record: ResourceRecord): ResourceRecord => {
    if (record.type !== rrtype.RRSIG || parseSignature(record.rdata)?.typeCovered !== type) return record;
    const rdata = Uint8Array.from(record.rdata);
    rdata[rdata.length - 1] = (rdata.at(-1) ?? 0) ^ 1;
    return { ...record, rdata };
  };
  return { ...response, answer: response.answer.map(broken), authority: response.authority.map(broken) };
}

/** Answers with what was recorded, by `www.example. A`; silence to anything else. Whom one asks does not matter. */
export class RecordedResponses implements DnsQueryPort {
  readonly #responses: ReadonlyMap<string, Message>;

  constructor(responses: Readonly<Record<string, Message>>) {
    this.#responses = new Map(Object.entries(responses));
  }

  query(_zone: Name | "closest", { name, type }: DnsQuestion): Promise<DnsAnswer> {
    const found = this.#responses.get(`${canonicalText(name)} ${typeToText(type)}`);
    return Promise.resolve(
      found === undefined
        ? { outcome: "no-response", code: "not-recorded", from: "recorded" }
        : { outcome: "message", message: found, from: "recorded" },
    );
  }
}
