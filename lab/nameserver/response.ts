import { headerOctets, udpPayloadOctets } from "../../src/dns/wire/limits.ts";
import { encodeMessage } from "../../src/dns/wire/message.ts";
import type { Message } from "../../src/dns/wire/record.ts";

type Sections = Partial<Pick<Message, "answer" | "authority" | "additional">> & { readonly authoritative?: "yes" };

/** A response under the request's id, opcode and question (RFC 1035 §4.1.1), with EDNS where the request had it. */
export function responseTo(request: Message, rcode: number, sections: Sections = {}): Message {
  const { answer = [], authority = [], additional = [], authoritative } = sections;
  const { opcode, rd } = request.flags;
  const aa = authoritative === "yes";
  return {
    id: request.id,
    flags: { qr: true, opcode, aa, tc: false, rd, ra: false, ad: false, cd: false, rcode },
    question: request.question,
    answer,
    authority,
    additional,
    edns:
      request.edns === undefined
        ? undefined
        : { udpPayloadSize: udpPayloadOctets, version: 0, dnssecOk: request.edns.dnssecOk, options: [] },
  };
}

/**
 * For octets that cannot be read: an answer to their id alone, or none where not even a header stands there, or where
 * they claim to be a response themselves (two servers would answer each other for ever).
 */
export function responseToUnreadable(octets: Uint8Array, rcode: number): Uint8Array | undefined {
  const bits = octets[2] ?? 0;
  if (octets.length < headerOctets || (bits & 0x80) !== 0) return undefined;
  const header = new Uint8Array(headerOctets);
  header.set([octets[0] ?? 0, octets[1] ?? 0, 0x80 | (bits & 0x79), rcode]);
  return header;
}

/** The octets for UDP: what does not fit is truncated, so that the asker comes again over TCP (RFC 7766 §5). */
export function encodeForUdp(request: Message, response: Message): Uint8Array {
  const octets = encodeMessage(response);
  const offered = request.edns?.udpPayloadSize ?? 0;
  const fits = Math.max(512, Math.min(offered, udpPayloadOctets));
  if (octets.length <= fits) return octets;
  return encodeMessage({
    ...response,
    flags: { ...response.flags, tc: true },
    answer: [],
    authority: [],
    additional: [],
  });
}
