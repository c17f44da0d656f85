import type { DnsQueryPort, DnsQuestion } from "../../ports/dns-query.ts";
import type { Instant } from "../../values/time.ts";
import { canonicalText, type Name, sameName } from "../wire/name.ts";
import type { Message } from "../wire/record.ts";
import { rrtype } from "../wire/rrtype.ts";
import type { AlgorithmOptions } from "./algorithms.ts";
import type { TrustAnchors } from "./anchors.ts";
import { denies, judgeHop, speaksOf, type Hop } from "./answer.ts";
import { walk } from "./chain.ts";
import { extendedErrorOf } from "./extended-error.ts";
import { Inquiry, type Foundation } from "./inquiry.ts";
import { aliasesMax } from "./limits.ts";
import { nextTurn } from "./next-turn.ts";
import { bogus, fault, type Fault } from "./reasons.ts";
import type { DnsKey } from "./records.ts";
import { StepCache } from "./step-cache.ts";
import { whyUnusable } from "./usable.ts";
import { chainReport, validationOf } from "./validation.ts";
import type { ExtendedError, Reason, Validation, Verdict, ZoneLink } from "./verdict.ts";

export interface ValidatorParts {
  readonly port: DnsQueryPort;
  readonly anchors: TrustAnchors;
  readonly options?: {
    /** `for-test-corpora` accepts RSA with SHA-1, and DS of SHA-1: never for data that is used. */
    readonly legacy?: AlgorithmOptions["legacy"];
    /** Steps of chains that are remembered, one for each name on the way to a zone. */
    readonly stepsMax?: number;
  };
}

/** A zone as a chain reaches it. */
export interface ZoneStatus {
  /** `secure`: `keys` are validated. Of the deepest zone at or above the name that was reached. */
  readonly verdict: Verdict;
  /** Absolute, lower case. */
  readonly zone: string;
  /** Whether the name that was asked for is that zone's apex. */
  readonly isApex: boolean;
  readonly keys: readonly DnsKey[];
  readonly chain: readonly ZoneLink[];
  readonly reasons: readonly Reason[];
  readonly fault: Validation["fault"];
  readonly extendedError: ExtendedError | null;
  readonly holdsUntil: Instant | null;
}

/** Validates by RFC 4033 to 4035, 5155 and 6840. No method rejects; each ends when its queries do. */
export interface Validator {
  /** Asks, follows aliases across zones, and validates all of it. */
  resolve(question: DnsQuestion, now: Instant, signal: AbortSignal): Promise<Validation>;
  /** Validates an answer in hand, one server's; aliases as far as the message itself goes. The chain comes by the port. */
  judge(question: DnsQuestion, message: Message, now: Instant, signal: AbortSignal): Promise<Validation>;
  /** The chain down to a zone, and its keys. */
  zoneKeys(zone: Name, now: Instant, signal: AbortSignal): Promise<ZoneStatus>;
}

const stepsMaxByDefault = 4096;

/** A validator with a memory of its own for the chains that it has walked. */
export function createValidator({ port, anchors, options = {} }: ValidatorParts): Validator {
  const steps = new StepCache(options.stepsMax ?? stepsMaxByDefault);
  const foundation: Foundation = { port, anchors, steps, options: { legacy: options.legacy ?? "unsupported" } };
  return {
    resolve: (question, now, signal) => {
      const inquiry = new Inquiry(foundation, now, signal);
      return course(question, inquiry, () => follow(inquiry, question));
    },
    judge: (question, message, now, signal) => {
      const inquiry = new Inquiry(foundation, now, signal);
      return course(question, inquiry, () => read(inquiry, question, message));
    },
    zoneKeys: (zone, now, signal) => statusOf(new Inquiry(foundation, now, signal), zone),
  };
}

/** Before it calls anything bogus, it looks once more at what it remembered of the zone at fault. */
async function course(
  question: DnsQuestion,
  inquiry: Inquiry,
  run: () => Promise<readonly Hop[]>,
): Promise<Validation> {
  const hops = await run();
  const why = hops.find((hop) => hop.fault?.verdict === "bogus")?.fault;
  const isDoubtful = why !== undefined && why !== null && inquiry.doubt(why);
  // Asked again without a pause, a hostile zone would have no turn end between one verdict and the next.
  if (inquiry.budget.hasFailed) await nextTurn();
  return validationOf(question, isDoubtful ? await run() : hops, inquiry);
}

/** Asks for the name, and for each alias that the answers lead to. */
async function follow(inquiry: Inquiry, question: DnsQuestion): Promise<readonly Hop[]> {
  const hops: Hop[] = [];
  const seen = [question.name];
  for (let name: Name | null = question.name; name !== null;) {
    const one: DnsQuestion = { name, type: question.type };
    // oxlint-disable-next-line no-await-in-loop -- where an alias leads is known when its answer is
    const asked = await inquiry.ask("closest", one);
    if (asked.message === null) return [...hops, hopless(asked.fault)];
    // oxlint-disable-next-line no-await-in-loop -- as above
    name = await readOn(inquiry, one, { message: asked.message, hops, seen, beyond: "secure-alone" });
  }
  return hops;
}

/** Reads one message, as far as it goes. */
async function read(inquiry: Inquiry, question: DnsQuestion, message: Message): Promise<readonly Hop[]> {
  const why = whyUnusable(question, message);
  if (why !== undefined) {
    const about = { zone: question.name, name: question.name, type: question.type };
    return [hopless(fault("indeterminate", "unusable-answer", about, `The answer is of no use (${why}).`))];
  }
  const hops: Hop[] = [];
  await readOn(inquiry, question, { message, hops, seen: [question.name], beyond: "all" });
  return hops;
}

interface Reading {
  readonly message: Message;
  /** Grows. */
  readonly hops: Hop[];
  /** Names that aliases have led to; grows. */
  readonly seen: Name[];
  /**
   * What is believed of names that an alias leads to. When each can be asked for, only what is proven: a server may say
   * anything of zones that are not its own.
   */
  readonly beyond: "all" | "secure-alone";
}

/** Judges a message from one name on; gives the name to ask for next, null when there is none. */
async function readOn(inquiry: Inquiry, question: DnsQuestion, reading: Reading): Promise<Name | null> {
  const { message, hops, seen, beyond } = reading;
  let { name } = question;
  for (;;) {
    const one = { name, type: question.type };
    inquiry.budget.hop();
    // oxlint-disable-next-line no-await-in-loop -- each hop groups all records of the message
    await inquiry.breathe(message);
    // oxlint-disable-next-line no-await-in-loop -- one alias leads to the next
    const hop = await judgeHop(inquiry, one, message);
    const isFirst = sameName(name, question.name);
    if (!isFirst && beyond === "secure-alone" && hop.fault !== null) return name;
    hops.push(hop);
    if (hop.alias === null || (hop.fault !== null && hop.fault.verdict !== "insecure")) return null;
    const why = whyNotFollowed(hop, seen);
    if (why !== null) {
      hops.push(hopless(why));
      return null;
    }
    name = hop.alias;
    seen.push(name);
    const goesOn = speaksOf(message, { name, type: question.type }) || (beyond === "all" && denies(message, name));
    if (!goesOn) return name;
  }
}

function whyNotFollowed({ alias, fault: insecure }: Hop, seen: readonly Name[]): Fault | null {
  const [first] = seen;
  if (alias === null || first === undefined) return null;
  const about = { zone: alias, name: alias, type: rrtype.CNAME };
  if (seen.some((name) => sameName(name, alias))) {
    const says = `The aliases of ${canonicalText(first)} lead back to ${canonicalText(alias)}`;
    // Nobody signed for an insecure one, so it may be anybody's.
    return insecure === null ? bogus("alias-loop", about, says) : fault("indeterminate", "alias-loop", about, says);
  }
  if (seen.length <= aliasesMax) return null;
  const says = `More than ${aliasesMax} aliases follow each other from ${canonicalText(first)}`;
  return fault("unverifiable", "too-many-aliases", about, says);
}

function hopless(why: Fault): Hop {
  return { outcome: "none", judged: [], fault: why, alias: null };
}

async function statusOf(inquiry: Inquiry, name: Name): Promise<ZoneStatus> {
  const way = await walk(inquiry, name, name);
  const { chain, reasons } = chainReport([way]);
  if (way.end === "zone") {
    const { zone, keys, until } = way.zone;
    const base = {
      verdict: "secure",
      zone: canonicalText(zone),
      isApex: sameName(zone, name),
      keys,
      chain,
      reasons,
    } as const;
    return { ...base, fault: null, extendedError: null, holdsUntil: until };
  }
  const { verdict, reason } = way.fault;
  const isFault = verdict !== "insecure";
  return {
    verdict,
    zone: reason.zone,
    isApex: reason.zone === canonicalText(name),
    keys: [],
    chain,
    reasons: [...reasons, reason],
    fault: isFault ? { zone: reason.zone, record: reason.record } : null,
    extendedError: extendedErrorOf(reason.code),
    holdsUntil: null,
  };
}
