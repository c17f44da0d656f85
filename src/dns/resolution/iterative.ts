import type { DnsAnswer, DnsQueryPort, DnsQuestion } from "../../ports/dns-query.ts";
import { invariant } from "../../values/invariant.ts";
import { duration } from "../../values/time.ts";
import { canonicalAddress } from "../wire/address.ts";
import { nameOf, parentOf, rootName, sameName, type Name } from "../wire/name.ts";
import type { Message } from "../wire/record.ts";
import { rrtype } from "../wire/rrtype.ts";
import type { ResolutionMeans } from "./ask.ts";
import { Delegations, type Delegation } from "./delegations.ts";
import { rootHints, type NameserverHint } from "./root-hints.ts";
import { ZoneAsker, type Search, type ZoneAnswer } from "./zone-asker.ts";

/** Nameservers of a zone, known beforehand. */
interface ZoneServers {
  /** Absolute name. */
  readonly zone: string;
  /** IPv4 and IPv6 addresses in text. */
  readonly addresses: readonly string[];
}

export interface IterativeOptions {
  readonly means: ResolutionMeans;
  /** Nameservers of the root: those of IANA, unless given here, or unless `servers` are where everything begins. */
  readonly hints?: readonly NameserverHint[];
  /** Nameservers of zones, whatever a parent says of them: of an internal zone, or of one that is looked at before it is delegated. */
  readonly servers?: readonly ZoneServers[];
  /** 53 for every address unless given. */
  readonly portOf?: (address: string) => number;
}

/** Referrals followed for one question. */
const referralsMax = 24;
/** Time-outs of one exchange that one question may take in all. */
const timeoutsMax = 8;
/** Questions sent for one question, those for the addresses of nameservers included. */
const exchangesMax = 64;

/**
 * Asks authoritative nameservers, without recursion, with DO set: from the root, or from the servers given, down through
 * referrals, the deepest delegation known remembered (RFC 1034 §5.3.3). A DS is asked of the parent (RFC 4035 §4.2). No
 * question takes more than 64 exchanges or eight time-outs.
 */
export function iterativePort(options: IterativeOptions): DnsQueryPort {
  const { clock, timeoutMs } = options.means;
  const known = new Delegations(clock, givenBy(options));
  const asker = new ZoneAsker(options.means, options.portOf ?? (() => 53), (question, search) =>
    new Descent(known, asker, search).closest(question),
  );
  return {
    async query(zone, question, signal) {
      const deadline = new AbortController();
      const cancel = clock.schedule(duration(timeoutMs * timeoutsMax), () => deadline.abort());
      const both = AbortSignal.any([signal, deadline.signal]);
      const search: Search = { signal: both, budget: { exchanges: exchangesMax }, sought: [] };
      const descent = new Descent(known, asker, search);
      const answer = await (zone === "closest" ? descent.closest(question) : descent.at(zone, question));
      cancel();
      const isLate = deadline.signal.aborted && !signal.aborted && answer.outcome === "no-response";
      return isLate ? { ...answer, code: "timeout" } : answer;
    },
  };
}

function givenBy({ hints, servers = [] }: IterativeOptions): readonly Delegation[] {
  const zones = servers.map(({ zone, addresses }) => ({
    zone: nameOf(zone),
    nameservers: [{ name: null, addresses: addresses.map(addressOf) }],
  }));
  const root = hints ?? (servers.length === 0 ? rootHints : []);
  if (root.length === 0) return zones;
  const nameservers = root.map(({ name, addresses }) => ({ name: nameOf(name), addresses: addresses.map(addressOf) }));
  return [{ zone: rootName, nameservers }, ...zones];
}

function addressOf(text: string): string {
  const address = canonicalAddress(text);
  invariant(address !== undefined, `${text} is an address`);
  return address;
}

/** One question's way down. */
class Descent {
  readonly #known: Delegations;
  readonly #asker: ZoneAsker;
  readonly #search: Search;
  /** Learnt on this way: when its servers fail, there is nothing newer to learn above. */
  readonly #fresh = new Set<Delegation>();

  constructor(known: Delegations, asker: ZoneAsker, search: Search) {
    this.#known = known;
    this.#asker = asker;
    this.#search = search;
  }

  /** The answer of the deepest zone at or above the name; above it, for a DS. */
  async closest(question: DnsQuestion): Promise<DnsAnswer> {
    const target = question.type === rrtype.DS ? (parentOf(question.name) ?? rootName) : question.name;
    const { answer } = await this.#descend(target, question);
    // The server has the child and a zone further up, and not the parent: so the parent is looked for first.
    return answer.outcome === "child-side" || answer.outcome === "arrived" ? this.at(target, question) : answer;
  }

  /** The answer of the nameservers of `zone`; where that is no zone, of the one that it lies in. */
  async at(zone: Name, question: DnsQuestion): Promise<DnsAnswer> {
    const towards = await this.#towards(zone);
    if ("outcome" in towards) return towards;
    const answer = await this.#asker.ask(towards, question, this.#search);
    if (answer.outcome === "message") return { outcome: "message", message: answer.message, from: answer.from };
    return this.#mayHaveMoved(towards) ? this.at(zone, question) : answer.answer;
  }

  /** Who serves `zone`, or the zone that it lies in; the failure where nobody says so. */
  async #towards(zone: Name): Promise<Delegation | DnsAnswer> {
    const known = this.#known.deepest(zone);
    if (known !== undefined && sameName(known.zone, zone)) return known;
    const { answer, delegation } = await this.#descend(zone, { name: zone, type: rrtype.NS }, zone);
    if (answer.outcome === "arrived") return delegation;
    if (answer.outcome === "child-side") return { outcome: "unusable", code: "child-side", from: answer.from };
    return answer.outcome === "message" ? this.#served(zone, answer.message, delegation) : answer;
  }

  /** The servers of a zone further up serve this one as well, when they themselves answer for its NS. */
  #served(zone: Name, message: Message, above: Delegation): Delegation {
    const own = message.answer.filter((record) => record.type === rrtype.NS && sameName(record.name, zone));
    if (own.length === 0 || sameName(above.zone, zone)) return above;
    return this.#learn({ zone, nameservers: above.nameservers }, Math.min(...own.map((record) => record.ttl)));
  }

  /** Follows referrals towards `target` until somebody answers the question, or the zone `until` is reached. */
  async #descend(target: Name, question: DnsQuestion, until?: Name): Promise<Landing> {
    let delegation = this.#known.deepest(target);
    if (delegation === undefined) return { answer: nobody, delegation: nowhere };
    for (let followed = 0; followed < referralsMax; followed += 1) {
      // oxlint-disable-next-line no-await-in-loop -- each referral says whom to ask next
      const answer: ZoneAnswer = await this.#asker.ask(delegation, question, this.#search);
      if (answer.outcome === "failed") {
        if (!this.#mayHaveMoved(delegation)) return { answer: answer.answer, delegation };
        delegation = this.#known.deepest(target) ?? nowhere;
      } else {
        const { reading, message, from } = answer;
        if (reading.kind === "child-side") return { answer: { outcome: "child-side", from }, delegation };
        if (reading.kind === "answer") return { answer: { outcome: "message", message, from }, delegation };
        delegation = this.#learn(reading.delegation, reading.ttl);
        if (until !== undefined && sameName(delegation.zone, until))
          return { answer: { outcome: "arrived" }, delegation };
      }
    }
    return { answer: { outcome: "unusable", code: "too-many-referrals", from: "nobody" }, delegation };
  }

  #learn(delegation: Delegation, ttl: number): Delegation {
    this.#known.learn(delegation, ttl);
    this.#fresh.add(delegation);
    return delegation;
  }

  /** Whether servers that all failed were remembered from earlier: then the zone may have moved since, and its parent knows. */
  #mayHaveMoved(delegation: Delegation): boolean {
    return !this.#fresh.has(delegation) && this.#known.forget(delegation.zone);
  }
}

/** Where a way down ended. */
interface Landing {
  readonly answer:
    DnsAnswer | { readonly outcome: "child-side"; readonly from: string } | { readonly outcome: "arrived" };
  /** Whose servers said so. */
  readonly delegation: Delegation;
}

const nowhere: Delegation = { zone: rootName, nameservers: [] };
const nobody: DnsAnswer = { outcome: "no-response", code: "no-servers-known", from: "nobody" };
