import { verify } from "node:crypto";
import { algorithmOf } from "../../src/dns/dnssec/algorithms.ts";
import { Budget } from "../../src/dns/dnssec/budget.ts";
import { publicKeyOf } from "../../src/dns/dnssec/public-key.ts";
import { rrsetsOf } from "../../src/dns/dnssec/rrset.ts";
import { keyPair, nameOf, recordOf, signRRset, zsk, type SigningKey } from "../../src/dns/dnssec/sign.fixture.ts";
import { checkRRset } from "../../src/dns/dnssec/signature.ts";
import { signedData } from "../../src/dns/dnssec/signed-data.ts";
import { decodeMessage, encodeMessage } from "../../src/dns/wire/message.ts";
import type { Message, ResourceRecord } from "../../src/dns/wire/record.ts";
import { add, hour, instant } from "../../src/values/time.ts";
import { median, rateOf, ratio, roundsOf, spread, type Check } from "./rate.ts";

/** Validated RRsets beside bare signature checks of the same data by the same key; all rates are a second. */
export interface RRsetRow {
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
export async function benchRRsets(): Promise<readonly RRsetRow[]> {
  const rows: RRsetRow[] = [];
  for (const [algorithm, number] of [["P-256", 13] as const, ["Ed25519", 15] as const, ["RSA-2048", 8] as const]) {
    // oxlint-disable-next-line no-await-in-loop -- what is compared must not run at the same time
    rows.push(await rowOf(algorithm, keyPair(zone, number, zsk)));
  }
  return rows;
}

async function rowOf(algorithm: string, key: SigningKey): Promise<RRsetRow> {
  const answers = Array.from({ length: rrsetCount }, (_, number) => answerOf(number, key));
  const ours = answers.map((records) => () => validate(records, key));
  const theirs = answers.map((records) => bareCheck(records, key));
  const [validated = [], bare = []] = await roundsOf(
    [() => rateOf(ours, checksPerRound), () => rateOf(theirs, checksPerRound)],
    { warmUp: warmUpRounds, rounds },
  );
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

/** `crypto.verify` alone over the first RRset of these, with a callback, as the validator calls it. */
export function bareCheck(records: readonly ResourceRecord[], { dnskey }: SigningKey): Check {
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
