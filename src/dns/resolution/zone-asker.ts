import type { DnsAnswer, DnsQuestion } from "../../ports/dns-query.ts";
import { hour, second, duration } from "../../values/time.ts";
import { canonicalText, type Name } from "../wire/name.ts";
import type { Message } from "../wire/record.ts";
import { rrtype } from "../wire/rrtype.ts";
import { answerOf, ask, type ResolutionMeans } from "./ask.ts";
import { type Delegation } from "./delegations.ts";
import { addressesOf, readAnswer, type Reading } from "./referral.ts";
import { ServerOrder } from "./servers.ts";

/** What one question may still cost, shared by all that is asked on its behalf. */
export interface Search {
  readonly signal: AbortSignal;
  readonly budget: { exchanges: number };
  /** Nameservers whose addresses are being looked for, outermost first: so that none is looked for on its own behalf. */
  readonly sought: readonly string[];
}

export type ZoneAnswer =
  | {
      readonly outcome: "message";
      readonly message: Message;
      readonly reading: Exclude<Reading, { readonly kind: "lame" }>;
      readonly from: string;
    }
  /** No server of the zone gave anything that can be used. */
  | { readonly outcome: "failed"; readonly answer: DnsAnswer };

/** Addresses of one zone that are asked one question. */
const addressesMax = 16;
/** Nameservers of one zone whose addresses are looked for: a delegation to a hundred names costs no more (NXNSAttack). */
const namesSoughtMax = 3;
/** A nameserver's address may rest on another's; so deep, and no deeper. */
const soughtMax = 4;
/** Nameservers whose addresses are kept. */
const addressesKeptMax = 4096;
/** The first round is short, so that a silent server costs little; the second gives each silent one its full time. */
const firstRoundShare = 0.25;

const header = { recursion: "none", dnssec: "send", checking: "enabled" } as const;

/** One question to one zone. */
interface Inquiry {
  readonly zone: Name;
  readonly question: DnsQuestion;
  readonly search: Search;
  /** The one to show when nobody does better: something unusable says more than silence. */
  failure: DnsAnswer;
  readonly silent: string[];
}

/** Asks the nameservers of one zone, one after the other, until one of them has the zone and answers. */
export class ZoneAsker {
  readonly #means: ResolutionMeans;
  readonly #portOf: (address: string) => number;
  readonly #order: ServerOrder;
  readonly #resolve: (question: DnsQuestion, search: Search) => Promise<DnsAnswer>;
  readonly #addresses = new Map<string, { readonly addresses: readonly string[]; readonly until: number }>();

  /** @param resolve finds the answer to a question from the top: for the addresses of nameservers without glue. */
  constructor(
    means: ResolutionMeans,
    portOf: (address: string) => number,
    resolve: (question: DnsQuestion, search: Search) => Promise<DnsAnswer>,
  ) {
    this.#means = means;
    this.#portOf = portOf;
    this.#order = new ServerOrder(means.clock, means.entropy);
    this.#resolve = resolve;
  }

  async ask({ zone, nameservers }: Delegation, question: DnsQuestion, search: Search): Promise<ZoneAnswer> {
    const failure: DnsAnswer = { outcome: "no-response", code: "no-addresses-known", from: "nobody" };
    const inquiry: Inquiry = { zone, question, search, failure, silent: [] };
    const known = nameservers.flatMap(({ addresses }) => addresses);
    const first = await this.#round(inquiry, known, firstRoundShare);
    if (first !== undefined) return first;
    const unknown = nameservers.flatMap(({ name, addresses }) => (addresses.length > 0 || name === null ? [] : [name]));
    for (const name of unknown.slice(0, namesSoughtMax)) {
      // oxlint-disable-next-line no-await-in-loop -- the next one only if this one leads nowhere
      const answer = await this.#round(inquiry, await this.#addressesOf(name, search), firstRoundShare);
      if (answer !== undefined) return answer;
    }
    const last = await this.#round(inquiry, inquiry.silent.splice(0), 1);
    return last ?? { outcome: "failed", answer: inquiry.failure };
  }

  async #round(inquiry: Inquiry, addresses: readonly string[], share: number): Promise<ZoneAnswer | undefined> {
    const { search } = inquiry;
    for (const address of this.#order.of(addresses).slice(0, addressesMax)) {
      if (search.signal.aborted) return undefined;
      if (search.budget.exchanges <= 0) {
        inquiry.failure = { outcome: "unusable", code: "too-many-exchanges", from: address };
        return undefined;
      }
      search.budget.exchanges -= 1;
      // oxlint-disable-next-line no-await-in-loop -- the next server only if this one fails
      const answer = await this.#askServer(inquiry, address, share);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  async #askServer(inquiry: Inquiry, address: string, share: number): Promise<ZoneAnswer | undefined> {
    const { zone, question, search } = inquiry;
    const means = { ...this.#means, timeoutMs: duration(Math.ceil(this.#means.timeoutMs * share)) };
    const server = { address, port: this.#portOf(address), transport: "udp" } as const;
    const asked = await ask(means, server, question, header, search.signal);
    if (asked.outcome === "message") {
      this.#order.answered(address);
      const { message } = asked;
      const reading = readAnswer(message, zone, question);
      if (reading.kind !== "lame") return { outcome: "message", message, reading, from: address };
      inquiry.failure = { outcome: "unusable", code: reading.code, from: address };
      return undefined;
    }
    const failure = answerOf(asked, address);
    if (failure.outcome === "unusable" || inquiry.failure.outcome === "no-response") inquiry.failure = failure;
    if (asked.outcome === "aborted") return undefined;
    this.#order.failed(address);
    if (asked.outcome === "timeout") inquiry.silent.push(address);
    return undefined;
  }

  async #addressesOf(name: Name, search: Search): Promise<readonly string[]> {
    const key = canonicalText(name);
    const now = this.#means.clock.monotonic();
    const kept = this.#addresses.get(key);
    if (kept !== undefined && kept.until > now) return kept.addresses;
    if (search.sought.length >= soughtMax || search.sought.includes(key)) return [];
    const inner: Search = { ...search, sought: [...search.sought, key] };
    const answers = await Promise.all([rrtype.A, rrtype.AAAA].map((type) => this.#resolve({ name, type }, inner)));
    const records = answers.flatMap((answer) => (answer.outcome === "message" ? answer.message.answer : []));
    const addresses = addressesOf(records, name);
    if (addresses.length > 0) {
      if (this.#addresses.size >= addressesKeptMax) this.#addresses.clear();
      const ttl = Math.min(...records.map((record) => record.ttl));
      this.#addresses.set(key, { addresses, until: now + Math.min(ttl * second, hour) });
    }
    return addresses;
  }
}
