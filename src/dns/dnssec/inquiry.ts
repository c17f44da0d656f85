import type { DnsQueryPort, DnsQuestion } from "../../ports/dns-query.ts";
import type { Instant } from "../../values/time.ts";
import { isWithin, nameFromText, sameName, type Name } from "../wire/name.ts";
import type { Message } from "../wire/record.ts";
import type { AlgorithmOptions } from "./algorithms.ts";
import type { TrustAnchors } from "./anchors.ts";
import { Budget } from "./budget.ts";
import { queriesMax } from "./limits.ts";
import { nextTurn } from "./next-turn.ts";
import { fault, spent, type Fault } from "./reasons.ts";
import type { CheckContext } from "./signature.ts";
import type { GoneStep, StepCache, Walker } from "./step-cache.ts";
import { whyUnusable } from "./usable.ts";

/** Reading and grouping them takes a tenth of a millisecond. Ordinary chains never come to as many. */
const recordsPerTurnMax = 128;

/** What all questions of one validator share. */
export interface Foundation {
  readonly port: DnsQueryPort;
  readonly anchors: TrustAnchors;
  readonly options: AlgorithmOptions;
  readonly steps: StepCache;
}

export type Asked =
  { readonly message: Message; readonly fault: null } | { readonly message: null; readonly fault: Fault };

/** One question on its way: what it may still cost, and the steps of chains that it has gone. */
export class Inquiry implements CheckContext, Walker {
  readonly foundation: Foundation;
  readonly now: Instant;
  readonly signal: AbortSignal;
  readonly budget = new Budget();
  /** Steps that this question has gone, failed ones too: none is gone twice. */
  readonly gone = new Map<string, GoneStep>();
  /** Steps that were made before this question and are not believed any more, up to this number of the cache. */
  readonly distrusted = new Map<string, number>();
  #queries = 0;
  #recordsInTurn = 0;

  constructor(foundation: Foundation, now: Instant, signal: AbortSignal) {
    this.foundation = foundation;
    this.now = now;
    this.signal = signal;
  }

  get options(): AlgorithmOptions {
    return this.foundation.options;
  }

  get queries(): number {
    return this.#queries;
  }

  /**
   * Before a verdict of bogus: what this question believed of the zone at fault, and of what is below it, may have
   * changed since it was found (a rollover, another DNSKEY set at another server, a new delegation). Forgets it, once a
   * question; false when all of it was found by this question itself.
   */
  doubt({ reason }: Fault): boolean {
    if (this.distrusted.size > 0) return false;
    const zone = nameFromText(reason.zone);
    if (zone === undefined) return false;
    // Another server of the zone may have a DNSKEY set with that key in it.
    const maySayMore = reason.code === "no-key-for-signature";
    for (const [key, { name, from }] of this.gone) {
      const isDoubtful = from === "cache" ? isWithin(name, zone) : maySayMore && sameName(name, zone);
      if (isDoubtful) this.distrusted.set(key, this.foundation.steps.newest);
    }
    if (this.distrusted.size === 0) return false;
    this.gone.clear();
    return true;
  }

  /** Before work on the records of a message: where there were many since the last turn of the event loop, others go first. */
  async breathe({ answer, authority }: Message): Promise<void> {
    this.#recordsInTurn += answer.length + authority.length;
    if (this.#recordsInTurn < recordsPerTurnMax) return;
    this.#recordsInTurn = 0;
    await nextTurn();
  }

  /** Asks the port. What is no answer is a fault, `indeterminate`: it says nothing of the data. */
  async ask(zone: Name | "closest", question: DnsQuestion): Promise<Asked> {
    const about = { zone: zone === "closest" ? question.name : zone, name: question.name, type: question.type };
    if (this.#queries >= queriesMax) {
      return failed(spent(about, `The ${queriesMax} queries that one question may cost are spent.`));
    }
    this.#queries += 1;
    const answer = await this.foundation.port.query(zone, question, this.signal);
    if (answer.outcome === "no-response") {
      return failed(fault("indeterminate", "no-answer", about, `No response from ${answer.from} (${answer.code}).`));
    }
    const why = answer.outcome === "message" ? whyUnusable(question, answer.message) : answer.code;
    if (answer.outcome === "message" && why === undefined) {
      const { message } = answer;
      await this.breathe(message);
      return { message, fault: null };
    }
    const says = `What ${answer.from} answered is of no use (${why ?? ""}).`;
    return failed(fault("indeterminate", "unusable-answer", about, says));
  }
}

function failed(why: Fault): Asked {
  return { message: null, fault: why };
}
