import { trustAnchors } from "../../src/dns/dnssec/anchors.ts";
import { createValidator, type Validator } from "../../src/dns/dnssec/validator.ts";
import type { Validation } from "../../src/dns/dnssec/verdict.ts";
import { nameFromText, rootName } from "../../src/dns/wire/name.ts";
import type { Message } from "../../src/dns/wire/record.ts";
import { typeFromText } from "../../src/dns/wire/rrtype.ts";
import type { DnsQueryPort, DnsQuestion } from "../../src/ports/dns-query.ts";
import type { Instant } from "../../src/values/time.ts";
import type { CorpusQuestion } from "./corpus/questions.ts";
import { answerOf, recordKey, type Recorder } from "./recorder.ts";

/** A question judged, and the recorded messages that it took, the answer to the question itself first. */
export interface Judged {
  readonly question: CorpusQuestion;
  readonly validation: Validation;
  readonly way: readonly string[];
}

const unaltered: ReadonlyMap<string, Message> = new Map();
const never = new AbortController().signal;

/** Our validator over recorded answers. */
export class Judge {
  readonly #recorder: Recorder;
  readonly #anchor: string;
  readonly #knowing: Validator;
  #forgery = unaltered;

  constructor(recorder: Recorder, anchor: string) {
    this.#recorder = recorder;
    this.#anchor = anchor;
    this.#knowing = this.#validator(this.#port(() => this.#forgery));
  }

  /** By a validator that knows nothing yet, so that the whole way is asked for. */
  async trace(question: CorpusQuestion, now: Instant): Promise<Judged> {
    const way = new Set<string>();
    const port = this.#port(() => unaltered);
    const traced: DnsQueryPort = {
      query: (zone, one, signal) => {
        way.add(recordKey(one));
        return port.query(zone, one, signal);
      },
    };
    const validation = await this.#validator(traced).resolve(asked(question), now, never);
    return { question, validation, way: [...way] };
  }

  /**
   * With some messages replaced. One that knows the chains already judges forged data; a forged step of a chain is put to
   * one that has still to walk it.
   */
  async judge(question: CorpusQuestion, forgery: ReadonlyMap<string, Message>, now: Instant): Promise<Validation> {
    const isOfChain = [...forgery.keys()].some((key) => key.endsWith(" DS") || key.endsWith(" DNSKEY"));
    if (isOfChain) return this.#validator(this.#port(() => forgery)).resolve(asked(question), now, never);
    this.#forgery = forgery;
    const validation = await this.#knowing.resolve(asked(question), now, never);
    this.#forgery = unaltered;
    return validation;
  }

  #validator(port: DnsQueryPort): Validator {
    return createValidator({ port, anchors: trustAnchors({ anchors: this.#anchor }) });
  }

  #port(forgery: () => ReadonlyMap<string, Message>): DnsQueryPort {
    return {
      query: (zone, question, signal) => {
        const forged = forgery().get(recordKey(question));
        return forged === undefined
          ? this.#recorder.query(zone, question, signal)
          : Promise.resolve(answerOf(forged, "forged"));
      },
    };
  }
}

function asked({ name, type }: CorpusQuestion): DnsQuestion {
  return { name: nameFromText(name) ?? rootName, type: typeFromText(type) ?? 0 };
}
