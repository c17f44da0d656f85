/**
 * `pointsman/dns`: a DNSSEC validator over a query port of yours. Names and messages are those of the wire codec; time is
 * an argument.
 *
 *     const validator = createValidator({ port, anchors: trustAnchors() });
 *     const { verdict, reasons } = await validator.resolve({ name, type: rrtype.A }, now, signal);
 */
export type { DnsAnswer, DnsQueryPort, DnsQuestion } from "../ports/dns-query.ts";
export { instant, type Instant } from "../values/time.ts";
export type { NegativeTrustAnchor, TrustAnchors } from "./dnssec/anchors.ts";
export { trustAnchors } from "./dnssec/anchors.ts";
export type { DnsKey } from "./dnssec/records.ts";
export type { ValidatorParts, Validator, ZoneStatus } from "./dnssec/validator.ts";
export { createValidator } from "./dnssec/validator.ts";
export type * from "./dnssec/verdict.ts";
export { decodeMessage, encodeMessage } from "./wire/message.ts";
export { nameFromText, nameToText, type Name } from "./wire/name.ts";
export type { Flags, Message, Question, ResourceRecord } from "./wire/record.ts";
export { rrclass, rrtype, typeFromText, typeToText } from "./wire/rrtype.ts";
