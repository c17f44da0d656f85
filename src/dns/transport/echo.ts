import { headerOctets } from "../wire/limits.ts";
import { uncompressedNameEnd } from "../wire/name.ts";

/** Whether octets answer the request that this was made for. */
export type IsAnswer = (octets: Uint8Array) => boolean;

/**
 * The test that each received message must pass: a response with the request's id and opcode, one question, and that
 * question octet for octet as it was sent, the case of its letters included (RFC 5452 §9.1). `undefined` when the request
 * does not itself have exactly one question.
 */
export function answerTo(request: Uint8Array): IsAnswer | undefined {
  const nameEnd = uncompressedNameEnd(request, headerOctets);
  const end = nameEnd + 4;
  if (request.length < headerOctets || nameEnd === -1 || end > request.length) return undefined;
  if (request[4] !== 0 || request[5] !== 1) return undefined;
  return (octets) => {
    if (octets.length < end || octets[0] !== request[0] || octets[1] !== request[1]) return false;
    const flags = octets[2] ?? 0;
    if ((flags & 0x80) === 0 || (flags & 0x78) !== ((request[2] ?? 0) & 0x78)) return false;
    for (let at = 4; at < end; at += 1) {
      // Between the count of questions and the question stand the other counts, which are the answer's own.
      if ((at < 6 || at >= headerOctets) && octets[at] !== request[at]) return false;
    }
    return true;
  };
}

/** The answer did not fit (RFC 1035 §4.1.1). */
export function isTruncated(octets: Uint8Array): boolean {
  return ((octets[2] ?? 0) & 0x02) !== 0;
}
