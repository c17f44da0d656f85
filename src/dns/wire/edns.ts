import { concat } from "../../values/octets.ts";
import { WireError } from "./wire-error.ts";

export interface EdnsOption {
  readonly code: number;
  readonly data: Uint8Array;
}

/** The OPT record (RFC 6891 §6.1.2 and §6.1.3), without its share of the response code. */
export interface Edns {
  /** Octets of UDP payload that the sender can take. */
  readonly udpPayloadSize: number;
  readonly version: number;
  /** The DO bit (RFC 3225): send DNSSEC records. */
  readonly dnssecOk: boolean;
  readonly options: readonly EdnsOption[];
}

/** The options in an OPT record's RDATA. @throws WireError "bad-opt" when they do not end where it ends. */
export function decodeOptions(rdata: Uint8Array): readonly EdnsOption[] {
  if (rdata.length === 0) return [];
  const options: EdnsOption[] = [];
  for (let at = 0; at < rdata.length;) {
    const code = ((rdata[at] ?? 0) << 8) | (rdata[at + 1] ?? 0);
    const end = at + 4 + (((rdata[at + 2] ?? 0) << 8) | (rdata[at + 3] ?? 0));
    if (at + 4 > rdata.length || end > rdata.length) throw new WireError("bad-opt", at);
    options.push({ code, data: rdata.slice(at + 4, end) });
    at = end;
  }
  return options;
}

export function encodeOptions(options: readonly EdnsOption[]): Uint8Array {
  return concat(
    ...options.flatMap(({ code, data }) => [
      Uint8Array.of(code >> 8, code & 0xff, data.length >> 8, data.length & 0xff),
      data,
    ]),
  );
}
