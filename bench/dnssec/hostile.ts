import { randomBytes } from "node:crypto";
import { collidingKey, keyPair, ksk, nameOf, zsk } from "../../src/dns/dnssec/sign.fixture.ts";
import type { Validation } from "../../src/dns/dnssec/verdict.ts";
import { delegation, ed25519, keysOf, resolve, rootAnchor, validatorOf } from "../../src/dns/dnssec/world.fixture.ts";
import { FixtureZone } from "../../src/dns/dnssec/zone.fixture.ts";
import { sameName } from "../../src/dns/wire/name.ts";
import type { Message, ResourceRecord } from "../../src/dns/wire/record.ts";
import { rrtype } from "../../src/dns/wire/rrtype.ts";
import { concat } from "../../src/values/octets.ts";
import { RecordedWorld } from "./recorded.ts";

/** Verdicts of good zones alone, and with a hostile zone asked for all the time beside them; milliseconds. */
export interface HostileRow {
  readonly trap: string;
  /** Of the good zones: cold, the chain is walked each time; warm, it is remembered. */
  readonly chain: string;
  readonly medianAlone: string;
  readonly medianBeside: string;
  readonly p99Alone: string;
  readonly p99Beside: string;
  /** The aim is at most 1.5. */
  readonly p99Ratio: string;
  /** Control: a good zone asked for in the trap's place, as fast as its verdicts come. Any neighbour costs this much. */
  readonly p99BesideGood: string;
  readonly p99RatioGood: string;
  /** What the hostile zone is found to be, how often, and the most that one such verdict cost. */
  readonly hostile: string;
  readonly hostileVerdicts: number;
  readonly signaturesAtMost: number;
  readonly queriesAtMost: number;
}

/** Each of as many verdicts alone, and as many with the trap beside. */
const rounds = 30;
const verdictsPerRound = 100;
/** Signatures that nobody made, for each that there is. */
const forgeries = 200;
const signatureOctets = 64;
const hosts = Array.from({ length: 16 }, (_, number) => `host${number}.example.com.`);
const bait = "www.trap.com.";
const goodNeighbour = "host15.example.com.";

/** What a server of the trap makes of an answer. */
type Trap = (answer: Message) => Message;

/**
 * Bench (h): KeyTrap (keys of one tag, and signatures that any of them might have made), asked for again as soon as its
 * verdict is there, through the same validator; a good zone's verdicts beside it, alone and beset in turn, in one run.
 */
export async function benchHostile(): Promise<readonly HostileRow[]> {
  const keys = [ksk, zsk].map((flags) => keyPair(nameOf("trap.com."), ed25519, flags));
  const [entry, signing] = keys;
  if (entry === undefined || signing === undefined) throw new Error("there are keys");
  const colliding = (key: typeof entry) => Array.from({ length: 6 }, () => collidingKey(key));
  const [likeEntry, likeSigning] = [colliding(entry), colliding(signing)];
  const inKeys = worldWith(
    new FixtureZone("trap.com.", [`${bait} 300 A 192.0.2.1`], { keys }),
    rrtype.DNSKEY,
    (answer) => ({ ...answer, answer: [...forged(answer.answer), ...likeEntry] }),
  );
  const inAnswers = worldWith(
    new FixtureZone("trap.com.", [`${bait} 300 A 192.0.2.1`], {
      keys: [entry, signing, ...likeSigning.map((record) => Object.assign({}, signing, { record }))],
      signers: (type) => [type === rrtype.DNSKEY ? entry : signing],
    }),
    rrtype.A,
    (answer) => ({ ...answer, answer: forged(answer.answer) }),
  );
  const rows: HostileRow[] = [];
  for (const [trap, port] of [["its keys", inKeys] as const, ["its answers", inAnswers] as const]) {
    for (const chain of ["cold", "warm"] as const) {
      // oxlint-disable-next-line no-await-in-loop -- what is compared must not run at the same time
      rows.push(await rowOf(trap, chain, port));
    }
  }
  return rows;
}

function worldWith(trapped: FixtureZone, type: number, trap: Trap): RecordedWorld {
  const [root, com, example] = [keysOf("."), keysOf("com."), keysOf("example.com.")];
  const addresses = hosts.map((host, number) => `${host} 300 A 192.0.2.${number}`);
  const children = [
    ...delegation("example.com.", example),
    ...delegation("trap.com.", (trapped.options.keys ?? []).slice(0, 1)),
  ];
  const port = new RecordedWorld([
    new FixtureZone(".", delegation("com.", com), { keys: root }),
    new FixtureZone("com.", children, { keys: com, denial: "nsec3" }),
    new FixtureZone("example.com.", addresses, { keys: example }),
    trapped,
  ]);
  port.world.intercept = (question, answer, zone) =>
    question.type === type && sameName(zone, trapped.apex) ? trap(answer) : undefined;
  return port;
}

/** Before each signature, others like it of which none is valid. */
function forged(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  return records.flatMap((record) => {
    if (record.type !== rrtype.RRSIG) return [record];
    const head = record.rdata.subarray(0, record.rdata.length - signatureOctets);
    const forgery = () => ({ ...record, rdata: concat(head, randomBytes(signatureOctets)) });
    return [...Array.from({ length: forgeries }, forgery), record];
  });
}

async function rowOf(trap: string, chain: "cold" | "warm", port: RecordedWorld): Promise<HostileRow> {
  const newValidator = () => validatorOf(port, { anchors: rootAnchor(keysOf(".")) });
  const shared = newValidator();
  const ask = (name: string) => resolve(chain === "cold" ? newValidator() : shared, name);
  const besieger = new Besieger(() => resolve(shared, bait), "hostile");
  const neighbour = new Besieger(() => resolve(shared, goodNeighbour), "good");
  const figures = { alone: [] as number[], beside: [] as number[], besideGood: [] as number[] };
  await timesOf(ask); // the first answers are made and signed
  /* oxlint-disable no-await-in-loop -- what is compared must not run at the same time */
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) figures.alone.push(...(await timesOf(ask)));
    figures.beside.push(...(await besieger.during(() => timesOf(ask))));
    figures.besideGood.push(...(await neighbour.during(() => timesOf(ask))));
    if (round % 2 === 1) figures.alone.push(...(await timesOf(ask)));
  }
  /* oxlint-enable no-await-in-loop */
  const { alone, beside, besideGood } = figures;
  return {
    trap,
    chain,
    medianAlone: quantile(alone, 0.5).toFixed(2),
    medianBeside: quantile(beside, 0.5).toFixed(2),
    p99Alone: quantile(alone, 0.99).toFixed(2),
    p99Beside: quantile(beside, 0.99).toFixed(2),
    p99Ratio: (quantile(beside, 0.99) / quantile(alone, 0.99)).toFixed(2),
    p99BesideGood: quantile(besideGood, 0.99).toFixed(2),
    p99RatioGood: (quantile(besideGood, 0.99) / quantile(alone, 0.99)).toFixed(2),
    ...besieger.report(),
  };
}

/** How long each verdict took, one after the other. */
async function timesOf(ask: (name: string) => Promise<Validation>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let count = 0; count < verdictsPerRound; count += 1) {
    const begin = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one after the other, so that they do not wait for each other
    const { verdict } = await ask(hosts[count % hosts.length] ?? "");
    times.push(performance.now() - begin);
    if (verdict !== "secure") throw new Error(`A good zone is ${verdict}.`);
  }
  return times;
}

/** Asks for one zone all the time, and keeps what its verdicts cost. */
class Besieger {
  readonly #ask: () => Promise<Validation>;
  readonly #zone: "hostile" | "good";
  readonly #verdicts: Pick<Validation, "verdict" | "work">[] = [];

  constructor(ask: () => Promise<Validation>, zone: "hostile" | "good") {
    this.#ask = ask;
    this.#zone = zone;
  }

  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    const ended = new AbortController();
    const siege = this.#besiege(ended.signal);
    const result = await work();
    ended.abort();
    await siege;
    return result;
  }

  async #besiege(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- again as soon as it is there
      const { verdict, work } = await this.#ask();
      if ((verdict === "secure") !== (this.#zone === "good")) throw new Error(`The ${this.#zone} zone is ${verdict}.`);
      this.#verdicts.push({ verdict, work });
    }
  }

  report(): Pick<HostileRow, "hostile" | "hostileVerdicts" | "signaturesAtMost" | "queriesAtMost"> {
    return {
      hostile: [...new Set(this.#verdicts.map(({ verdict }) => verdict))].join(", "),
      hostileVerdicts: this.#verdicts.length,
      signaturesAtMost: Math.max(...this.#verdicts.map(({ work }) => work.signatures)),
      queriesAtMost: Math.max(...this.#verdicts.map(({ work }) => work.queries)),
    };
  }
}

function quantile(values: readonly number[], part: number): number {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * part))] ?? Number.NaN;
}
