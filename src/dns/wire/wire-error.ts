/** What can be wrong with octets that claim to be a DNS message, or with RDATA. */
export type WireErrorCode =
  /** The octets end inside a header, a name or a record. */
  | "truncated"
  /** More octets than a message may have, received or about to be sent. */
  | "message-too-long"
  /** Octets stand after the last record that the header counts. */
  | "trailing-octets"
  /** A label type that RFC 6891 §5 retired: its two highest bits are 01 or 10. */
  | "bad-label"
  /** A compression pointer that leads forward, to itself, or into the header. */
  | "bad-pointer"
  | "too-many-pointers"
  | "name-too-long"
  /** RDATA that its own type forbids, or whose names do not end where RDLENGTH says. */
  | "bad-rdata"
  /** A second OPT record, one outside the additional section, one not owned by the root, or broken options (RFC 6891). */
  | "bad-opt"
  /** A TSIG record that is not the last one of the additional section (RFC 8945 §5.1). */
  | "tsig-not-last";

const sentences: { readonly [Code in WireErrorCode]: string } = {
  truncated: "the octets end too early",
  "message-too-long": "the message has more than 65535 octets",
  "trailing-octets": "octets follow the last record",
  "bad-label": "a label is of a retired type",
  "bad-pointer": "a compression pointer does not lead backwards into the message",
  "too-many-pointers": "a name has more than 127 compression pointers",
  "name-too-long": "a name has more than 255 octets",
  "bad-rdata": "RDATA does not have the form of its type",
  "bad-opt": "the OPT record breaks RFC 6891",
  "tsig-not-last": "the TSIG record is not the last one",
};

/** The one thing that the wire codec throws on bad octets: a code, and the octet where it was noticed. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly code: WireErrorCode;
  /** From the start of the message, or of the RDATA where only that was given. */
  readonly offset: number;

  constructor(code: WireErrorCode, offset: number) {
    super(`Malformed DNS data: ${sentences[code]} (at octet ${offset}).`);
    this.code = code;
    this.offset = offset;
  }
}
