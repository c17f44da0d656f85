import { verify } from "node:crypto";
import { algorithmOf } from "../src/dns/dnssec/algorithms.ts";
import { Budget } from "../src/dns/dnssec/budget.ts";
import { publicKeyOf } from "../src/dns/dnssec/public-key.ts";
import { rrsetsOf } from "../src/dns/dnssec/rrset.ts";
import { keyPair, nameOf, recordOf, signRRset, zsk, type SigningKey } from "../src/dns/dnssec/sign.fixture.ts";
import { checkRRset } from "../src/dns/dnssec/signature.ts";
import { signedData } from "../src/dns/dnssec/signed-data.ts";
import { decodeMessage, encodeMessage } from "../src/dns/wire/message.ts";
import type { Message, ResourceRecord } from "../src/dns/wire/record.ts";
import { add, hour, instant } from "../src/values/time.ts";
import { spreadOf, tableOf } from "./table.ts";

/** Validated RRsets beside bare signature checks of the same data by the same key; all rates are a second. */
export interface DnssecRow {
  readonly algorithm: string;
  /** RRsets validated a second of processor time, which is one core busy with nothing else: median. */
  readonly validatedPerCore: number;
  readonly validatedSpread: string;
  /** Bare `crypto.verify` with a callback, as the validator calls it. */
  readonly barePerCore: number;
  readonly bareSpread: string;
  /** Ours over bare in the same round: median (least-most). */
  readonly ratio: string;
  /** The same by the clock on the wall, with all cores that there are. */
  readonly validatedByClock: number;
  readonly bareByClock: number;
  readonly ratioByClock: string;
}

const rounds = 101;
const warmUpRounds = 20;
/** Different RRsets, each with a signature of its own. */
const rrsetCount = 64;
const checksPerRound = 128;
/** As many at once, so that libuv's threads never wait for work. */
const inFlight = 8;

const emptyAnswer: Message = {
  id: 1,
  flags: { qr: true, opcode: 0, aa: true, tc: false, rd: false, ra: false, ad: false, cd: false, rcode: 0 },
  question: [],
  answer: [],
  authority: [],
  additional: [],
  edns: undefined,
};

const now = instant(1_790_000_000_000);
const zone = nameOf("example.com.");

/**
 * Bench (e): decoded records to validated RRsets (grouped, put into canonical form and order, signature parsed, period
 * and key checked, signed octets put together, signature checked), keys cached, beside `crypto.verify` alone.
 */
export async function benchDnssec(): Promise<readonly DnssecRow[]> {
  const rows: DnssecRow[] = [];
  for (const [algorithm, number] of [["P-256", 13] as const, ["Ed25519", 15] as const, ["RSA-2048", 8] as const]) {
    // oxlint-disable-next-line no-await-in-loop -- what is compared must not run at the same time
    rows.push(await rowOf(algorithm, keyPair(zone, number, zsk)));
  }
  return rows;
}

async function rowOf(algorithm: string, key: SigningKey): Promise<DnssecRow> {
  const answers = Array.from({ length: rrsetCount }, (_, number) => answerOf(number, key));
  const validated: Rates[] = [];
  const bare: Rates[] = [];
  const ours = answers.map((records) => () => validate(records, key));
  const theirs = answers.map((records) => bareCheck(records, key));
  /* oxlint-disable no-await-in-loop -- what is compared must not run at the same time */
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    // Who goes first changes, so that neither always runs on what the other left in the caches.
    const our = round % 2 === 0 ? await measure(ours) : undefined;
    const their = await measure(theirs);
    const measured = our ?? (await measure(ours));
    if (round < 0) continue;
    validated.push(measured);
    bare.push(their);
  }
  /* oxlint-enable no-await-in-loop */
  return {
    algorithm,
    validatedPerCore: median(validated, "perCore"),
    validatedSpread: spread(validated, "perCore"),
    barePerCore: median(bare, "perCore"),
    bareSpread: spread(bare, "perCore"),
    ratio: ratio(validated, bare, "perCore"),
    validatedByClock: median(validated, "byClock"),
    bareByClock: median(bare, "byClock"),
    ratioByClock: ratio(validated, bare, "byClock"),
  };
}

/** Two addresses and their signature, as they come out of a message. */
function answerOf(number: number, key: SigningKey): readonly ResourceRecord[] {
  const name = `host${number}.example.com.`;
  const records = [recordOf(`${name} 300 A 192.0.2.${number}`), recordOf(`${name} 300 A 198.51.100.${number}`)];
  const rrsig = signRRset(records, key, { inception: add(now, -hour), expiration: add(now, hour) });
  return decodeMessage(encodeMessage({ ...emptyAnswer, answer: [...records, rrsig] })).answer;
}

async function validate(records: readonly ResourceRecord[], { dnskey }: SigningKey): Promise<boolean> {
  const [rrset] = rrsetsOf(records);
  if (rrset === undefined) return false;
  const context = { now, budget: new Budget(), options: { legacy: "unsupported" } } as const;
  return (await checkRRset(rrset, zone, [dnskey], context)).outcome === "valid";
}

function bareCheck(records: readonly ResourceRecord[], { dnskey }: SigningKey): () => Promise<boolean> {
  const [rrset] = rrsetsOf(records);
  const signature = rrset?.signatures[0];
  const publicKey = publicKeyOf(dnskey);
  if (rrset === undefined || signature === undefined || publicKey.outcome !== "usable") throw new Error("no signature");
  const data = signedData(rrset, signature, rrset.name);
  const hash = algorithmOf(dnskey.algorithm)?.hash ?? null;
  const { key } = publicKey;
  return () =>
    new Promise((resolve) => {
      verify(hash, data, { key, dsaEncoding: "ieee-p1363" }, signature.signature, (error, valid) => {
        resolve(error === null && valid);
      });
    });
}

interface Rates {
  readonly perCore: number;
  readonly byClock: number;
}

async function measure(checks: readonly (() => Promise<boolean>)[]): Promise<Rates> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < checksPerRound) {
      const check = checks[next % checks.length];
      next += 1;
      // oxlint-disable-next-line no-await-in-loop -- as many at once as there are workers
      if (check === undefined || !(await check())) throw new Error("A signature of the bench is not valid.");
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const { user, system } = process.cpuUsage(cpu);
  const elapsedMs = performance.now() - begin;
  return { perCore: (checksPerRound * 1e6) / (user + system), byClock: (checksPerRound * 1e3) / elapsedMs };
}

function median(rates: readonly Rates[], of: keyof Rates): number {
  return Math.round(spreadOf(rates.map((rate) => rate[of])).median);
}

function spread(rates: readonly Rates[], of: keyof Rates): string {
  const { minimum, maximum } = spreadOf(rates.map((rate) => rate[of]));
  return `${Math.round(minimum)}-${Math.round(maximum)}`;
}

function ratio(ours: readonly Rates[], theirs: readonly Rates[], of: keyof Rates): string {
  const ratios = ours.map((rate, round) => rate[of] / (theirs[round]?.[of] ?? Number.NaN));
  const { minimum, median: middle, maximum } = spreadOf(ratios);
  return `${middle.toFixed(2)} (${minimum.toFixed(2)}-${maximum.toFixed(2)})`;
}

if (import.meta.main) console.log(tableOf(await benchDnssec()));
