/** Numbers and names of the IANA registry "Domain Name System (DNS) Parameters". */

/** Types that the code itself has to do with. */
export const rrtype = {
  A: 1,
  NS: 2,
  MD: 3,
  MF: 4,
  CNAME: 5,
  SOA: 6,
  MB: 7,
  MG: 8,
  MR: 9,
  NULL: 10,
  WKS: 11,
  PTR: 12,
  HINFO: 13,
  MINFO: 14,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  X25: 19,
  ISDN: 20,
  RT: 21,
  NSAP: 22,
  SIG: 24,
  KEY: 25,
  PX: 26,
  GPOS: 27,
  AAAA: 28,
  LOC: 29,
  NXT: 30,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  DSYNC: 66,
  SPF: 99,
  NID: 104,
  L32: 105,
  L64: 106,
  LP: 107,
  EUI48: 108,
  EUI64: 109,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  MAILB: 253,
  MAILA: 254,
  ANY: 255,
  URI: 256,
  CAA: 257,
  AVC: 258,
} as const;

/** RFC 1035 §3.2.4; NONE and ANY as RFC 2136 §2.4 and §2.5 use them. */
export const rrclass = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 } as const;

export const opcode = { QUERY: 0, STATUS: 2, NOTIFY: 4, UPDATE: 5 } as const;

/** RFC 1035 §4.1.1, RFC 2136 §2.2, RFC 6891 §9 and RFC 7873 §8. */
export const rcode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  DSOTYPENI: 11,
  BADVERS: 16,
  BADCOOKIE: 23,
} as const;

/** The error field of a TSIG record (RFC 8945 §3); 16 means BADVERS in a header's RCODE, so these stand apart. */
export const tsigError = { NOERROR: 0, BADSIG: 16, BADKEY: 17, BADTIME: 18, BADTRUNC: 22 } as const;

const typeNumbers = new Map<string, number>(Object.entries(rrtype));
const typeNames = inverse(rrtype);
const classNumbers = new Map<string, number>(Object.entries(rrclass));
const classNames = inverse(rrclass);
const opcodeNames = inverse(opcode);
const rcodeNames = inverse(rcode);
const tsigErrorNames = inverse(tsigError);

/** The number of `A`, `aaaa` or `TYPE65280` (RFC 3597 §5); `undefined` for a mnemonic that is not known. */
export function typeFromText(text: string): number | undefined {
  return numberOf(text, "TYPE", typeNumbers);
}

/** The mnemonic in capitals, or `TYPE65280` (RFC 3597 §5). */
export function typeToText(type: number): string {
  return typeNames.get(type) ?? `TYPE${type}`;
}

/** The number of `IN`, `any` or `CLASS32` (RFC 3597 §5). */
export function classFromText(text: string): number | undefined {
  return numberOf(text, "CLASS", classNumbers);
}

export function classToText(number: number): string {
  return classNames.get(number) ?? `CLASS${number}`;
}

export function opcodeToText(number: number): string {
  return opcodeNames.get(number) ?? `OPCODE${number}`;
}

/** The name of a header's response code, EDNS part included: `NXRRSET`, `RCODE4000`. */
export function rcodeToText(number: number): string {
  return rcodeNames.get(number) ?? `RCODE${number}`;
}

/** The name of a TSIG record's error: `BADTIME`, or that of a response code. */
export function tsigErrorToText(number: number): string {
  return tsigErrorNames.get(number) ?? rcodeToText(number);
}

function inverse(names: { readonly [name: string]: number }): ReadonlyMap<number, string> {
  return new Map(Object.entries(names).map(([name, number]) => [number, name]));
}

function numberOf(text: string, prefix: string, known: ReadonlyMap<string, number>): number | undefined {
  const upper = text.toUpperCase();
  const number = known.get(upper);
  if (number !== undefined) return number;
  const digits = upper.startsWith(prefix) ? upper.slice(prefix.length) : "";
  return /^(?:0|[1-9]\d{0,4})$/.test(digits) && Number(digits) <= 0xff_ff ? Number(digits) : undefined;
}
