import { keyPair, ksk, nameOf, recordOf, signRRset, zsk, type SigningKey } from "../../src/dns/dnssec/sign.fixture.ts";
import type { Validator } from "../../src/dns/dnssec/validator.ts";
import { delegation, ecdsa, resolve, rootAnchor, validatorOf } from "../../src/dns/dnssec/world.fixture.ts";
import { FixtureZone, testNow } from "../../src/dns/dnssec/zone.fixture.ts";
import { add, hour } from "../../src/values/time.ts";
import { spreadOf } from "../table.ts";
import { median, rateOf, ratio, roundsOf, spread, type Check, type Rates } from "./rate.ts";
import { RecordedWorld } from "./recorded.ts";
import { bareCheck } from "./rrsets.ts";

/** Whole validations, from octets to a verdict, a second. */
export interface ChainRow {
  readonly chain: string;
  /** Validations a second of processor time, which is one core busy with nothing else: median. */
  readonly perCore: number;
  readonly spread: string;
  /** Of one validation. */
  readonly signatures: number;
  readonly queries: number;
  /** Signatures that it checks over those that bare `crypto.verify` checks in the same time: median (least-most). */
  readonly overBare: string;
  /** Validations over those of the first row in the same round. */
  readonly overCold: string;
  readonly byClock: number;
}

const rounds = 31;
const warmUpRounds = 5;
/** More zones' keys than the validator keeps, so that in turn each is one that it does not know. */
const worldCount = 180;
const hostCount = 16;
const checksPerRound = worldCount;

interface Realm {
  readonly port: RecordedWorld;
  readonly anchor: string;
  readonly signing: SigningKey;
}

/**
 * Bench (f): a question for an address three zones down (root, com, example.com: P-256, a KSK and a ZSK each, NSEC, NSEC3
 * and NSEC), answered from memory, to its verdict. Cold: nothing is known, neither chain nor keys. Keys cached: the keys
 * were seen before, the chain was not. Warm: the chain is remembered, and the answer is all there is to validate.
 */
export async function benchChains(): Promise<readonly ChainRow[]> {
  const realms = Array.from({ length: worldCount }, realmOf);
  const [first] = realms;
  if (first === undefined) throw new Error("there are worlds");
  const warm = newValidator(first);
  const hosts = Array.from({ length: hostCount }, (_, number) => `host${number}.example.com.`);
  const cold = realms.map((realm) => () => secure(newValidator(realm), "host0.example.com."));
  const cached = hosts.map((host) => () => secure(newValidator(first), host));
  const remembered = hosts.map((host) => () => secure(warm, host));
  const bare = bareChecks(first.signing);
  const measures = [cold, cached, remembered, bare].map((checks) => () => rateOf(checks, checksPerRound));
  const [colds = [], cacheds = [], warms = [], bares = []] = await roundsOf(measures, { warmUp: warmUpRounds, rounds });
  const whole = await resolve(newValidator(first), "host0.example.com.");
  const last = await resolve(warm, "host0.example.com.");
  const beside = { colds, bares };
  return [
    rowOf("cold", whole.work, colds, beside),
    rowOf("cold, keys cached", whole.work, cacheds, beside),
    rowOf("warm", last.work, warms, beside),
  ];
}

function rowOf(
  chain: string,
  { signatures, queries }: { readonly signatures: number; readonly queries: number },
  rates: readonly Rates[],
  { colds, bares }: { readonly colds: readonly Rates[]; readonly bares: readonly Rates[] },
): ChainRow {
  const checked = rates.map(({ perCore, byClock }) => ({
    perCore: perCore * signatures,
    byClock: byClock * signatures,
  }));
  return {
    chain,
    perCore: median(rates, "perCore"),
    spread: spread(rates, "perCore"),
    signatures,
    queries,
    overBare: ratio(checked, bares, "perCore"),
    overCold: spreadOf(rates.map((rate, round) => rate.perCore / (colds[round]?.perCore ?? Number.NaN))).median.toFixed(
      2,
    ),
    byClock: median(rates, "byClock"),
  };
}

function realmOf(): Realm {
  const [root, com, example] = [".", "com.", "example.com."].map((apex) =>
    [ksk, zsk].map((flags) => keyPair(nameOf(apex), ecdsa, flags)),
  );
  const signing = example?.[1];
  if (root === undefined || com === undefined || example === undefined || signing === undefined)
    throw new Error("there are keys");
  const hosts = Array.from({ length: hostCount }, (_, number) => `host${number}.example.com. 300 A 192.0.2.${number}`);
  const port = new RecordedWorld([
    new FixtureZone(".", delegation("com.", com), { keys: root }),
    new FixtureZone("com.", delegation("example.com.", example), { keys: com, denial: "nsec3" }),
    new FixtureZone("example.com.", hosts, { keys: example }),
  ]);
  return { port, anchor: rootAnchor(root), signing };
}

function newValidator({ port, anchor }: Realm): Validator {
  return validatorOf(port, { anchors: anchor });
}

async function secure(validator: Validator, name: string): Promise<boolean> {
  return (await resolve(validator, name)).verdict === "secure";
}

/** Bare checks by one key, of as many signatures as there are hosts. */
function bareChecks(key: SigningKey): readonly Check[] {
  return Array.from({ length: hostCount }, (_, number) => {
    const records = [recordOf(`bare${number}.example.com. 300 A 192.0.2.${number}`)];
    const period = { inception: add(testNow, -hour), expiration: add(testNow, hour) };
    return bareCheck([...records, signRRset(records, key, period)], key);
  });
}
