import { decode, encode, type Packet } from "dns-packet";
import { decodeMessage, encodeMessage } from "../src/dns/wire/message.ts";
import { nameToText } from "../src/dns/wire/name.ts";
import { rdataOctetsToText } from "../src/dns/wire/rdata.ts";
import type { Message } from "../src/dns/wire/record.ts";
import { wireFixture } from "../test/fixtures/wire/fixtures.ts";
import { tableOf } from "./table.ts";

/** One operation on one message, ours beside that of `dns-packet`: nanoseconds, medians over all rounds. */
export interface WireRow {
  readonly message: string;
  readonly operation: "decode" | "decode to text" | "encode";
  readonly oursNs: number;
  /** A quarter of the rounds were below, a quarter above. */
  readonly oursSpread: string;
  readonly dnsPacketNs: number;
  readonly dnsPacketSpread: string;
  /** Ours against theirs in the same round; the median of these. Below 1: ours is faster. */
  readonly ratio: number;
}

const rounds = 31;
const roundMs = 4;
const warmUpRounds = 8;

/** Recorded from dig and BIND. */
const messages: ReadonlyMap<string, string> = new Map([
  ["query", "dig-a-request.hex"],
  ["A answer", "dig-a-response.hex"],
  ["CNAME and A answer", "dig-cname-response.hex"],
  ["MX answer, additional", "dig-mx-response.hex"],
  ["referral", "dig-referral-response.hex"],
  ["NXDOMAIN with NSEC", "dig-nsec-response.hex"],
  ["zone transfer", "dig-axfr-response.hex"],
]);

/**
 * Bench (b): decode and encode beside `dns-packet` on the same messages, interleaved. Its decoder also makes text of the
 * names and of RDATA, which ours leaves to who wants it: `decode to text` is ours with all of that as well. Its encoder
 * does not compress names, ours does.
 */
export function benchWire(): Promise<readonly WireRow[]> {
  return Promise.resolve([...messages].flatMap(([message, file]) => rowsOf(message, wireFixture(file))));
}

function rowsOf(message: string, octets: Uint8Array): readonly WireRow[] {
  const buffer = Buffer.from(octets);
  const ours = decodeMessage(octets);
  const theirs: Packet = decode(buffer);
  const theirDecode = (): unknown => decode(buffer);
  return [
    { message, operation: "decode", ...compare(() => decodeMessage(octets), theirDecode) },
    { message, operation: "decode to text", ...compare(() => asText(decodeMessage(octets)), theirDecode) },
    {
      message,
      operation: "encode",
      ...compare(
        () => encodeMessage(ours),
        () => encode(theirs),
      ),
    },
  ];
}

function asText(message: Message): readonly string[] {
  const texts = message.question.map(({ name }) => nameToText(name));
  for (const section of [message.answer, message.authority, message.additional]) {
    for (const { name, type, rdata } of section) {
      texts.push(nameToText(name), rdataOctetsToText(type, rdata));
    }
  }
  return texts;
}

function compare(ours: () => unknown, theirs: () => unknown): Omit<WireRow, "message" | "operation"> {
  const ourTimes: number[] = [];
  const theirTimes: number[] = [];
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    // Who goes first changes, so that neither always runs on what the other left in the caches.
    const oursFirst = round % 2 === 0 ? nanoseconds(ours) : undefined;
    const their = nanoseconds(theirs);
    const our = oursFirst ?? nanoseconds(ours);
    if (round < 0) continue;
    ourTimes.push(our);
    theirTimes.push(their);
  }
  const ratios = ourTimes.map((time, round) => time / (theirTimes[round] ?? Number.NaN));
  return {
    oursNs: Math.round(quantile(ourTimes, 0.5)),
    oursSpread: spread(ourTimes),
    dnsPacketNs: Math.round(quantile(theirTimes, 0.5)),
    dnsPacketSpread: spread(theirTimes),
    ratio: Number(quantile(ratios, 0.5).toFixed(2)),
  };
}

// The results of the last calls, so that no call can be left out as useless.
const kept: unknown[] = [];

function nanoseconds(run: () => unknown): number {
  const begin = performance.now();
  let calls = 0;
  let elapsed = 0;
  do {
    for (let call = 0; call < 64; call += 1) kept[call] = run();
    calls += 64;
    elapsed = performance.now() - begin;
  } while (elapsed < roundMs);
  return (elapsed * 1e6) / calls;
}

function spread(times: readonly number[]): string {
  return `${Math.round(quantile(times, 0.25))}-${Math.round(quantile(times, 0.75))}`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
}

if (import.meta.main) console.log(tableOf(await benchWire()));
