import type { Validation, Verdict } from "../../../src/dns/dnssec/verdict.ts";
import { workMax } from "../../../src/dns/dnssec/limits.ts";
import { add, day, instant, minute, type Instant } from "../../../src/values/time.ts";
import { keyPair } from "../../../src/dns/dnssec/sign.fixture.ts";
import { nameFromText, rootName } from "../../../src/dns/wire/name.ts";
import { rrtype } from "../../../src/dns/wire/rrtype.ts";
import { Random } from "../../fuzz/random.ts";
import type { Corpus } from "../corpus/corpus.ts";
import type { CorpusQuestion } from "../corpus/questions.ts";
import { tops } from "../corpus/zones.ts";
import type { Judge, Judged } from "../judge.ts";
import type { Recorder } from "../recorder.ts";
import { harmless, operators } from "./operators.ts";
import type { Forgery, Library } from "./scene.ts";
import { Truth, wrongVerdict } from "./truth.ts";

export interface MutationReport {
  readonly seed: number;
  readonly cases: number;
  /** How many questions they were made of. */
  readonly questions: number;
  readonly slowestMs: number;
  readonly kinds: { readonly [kind: string]: { readonly [verdict in Verdict]?: number } };
}

export interface MutationCase {
  readonly kind: string;
  readonly original: Judged;
  readonly forgery: Forgery;
  readonly now: Instant;
}

/** One validation may take this long on a busy machine; one without bounds takes longer by far. */
const caseMsMax = 2000;
const wrongShownMax = 50;
const clockKinds = {
  "clock past every signature": "late",
  "clock before every signature": "early",
  "clock a little off": "near",
} as const;

/**
 * Alters what was recorded `cases` times, in every way in turn, and has each judged. @throws Error that names seed, case,
 * way and question when altered data are secure, secure data become insecure, harmless changes matter, a validation
 * throws, or one takes too long or too much work.
 */
export async function mutate(parts: MutationParts, seed: number, cases: number): Promise<MutationReport> {
  const kinds = new Map<string, { [verdict in Verdict]?: number }>();
  let slowestMs = 0;
  const { originals, truth } = parts;
  const wrong: string[] = [];
  let index = 0;
  for (const one of mutationCases(parts, seed, cases)) {
    index += 1;
    const what = () =>
      `seed ${seed}, case ${index}, ${one.kind}: ${one.original.question.name} ${one.original.question.type}`;
    const begin = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- one at a time, so that each has its own time
    const validation = await judgeCase(parts.judge, one, what);
    const tookMs = performance.now() - begin;
    slowestMs = Math.max(slowestMs, tookMs);
    const objection = objectionTo(one, validation, truth);
    if (objection !== undefined) wrong.push(`${what()}: ${objection}\n${JSON.stringify(validation.reasons.slice(-3))}`);
    if (tookMs > caseMsMax) wrong.push(`${what()}: took ${Math.round(tookMs)} ms`);
    const verdicts = kinds.get(one.kind) ?? {};
    verdicts[validation.verdict] = (verdicts[validation.verdict] ?? 0) + 1;
    kinds.set(one.kind, verdicts);
  }
  if (wrong.length > 0) {
    throw new Error(`${wrong.length} wrong verdicts\n${wrong.slice(0, wrongShownMax).join("\n")}`);
  }
  return {
    seed,
    cases,
    questions: originals.length,
    slowestMs: Math.round(slowestMs),
    kinds: Object.fromEntries(kinds),
  };
}

export interface MutationParts {
  readonly judge: Judge;
  readonly library: Library;
  readonly originals: readonly Judged[];
  readonly truth: Truth;
}

/** Judges `count` questions of the corpus as they are, chosen by the seed, and keeps all that they took. */
export async function prepareMutations(
  corpus: Corpus,
  recorder: Recorder,
  judge: Judge,
  seed: number,
  count: number,
): Promise<MutationParts> {
  const now = instant(Date.now());
  const random = new Random(seed);
  const truth = new Truth();
  const originals: Judged[] = [];
  const chosen = chooseFrom(corpus.questions, random, count);
  for (const question of chosen) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const judged = await judge.trace(question, now);
    truth.learn(judged.validation);
    originals.push(judged);
  }
  await recordDonors(recorder, chosen);
  const strangers = new Map<string, ReturnType<typeof keyPair>>();
  const library: Library = {
    messages: recorder.messages,
    now,
    hostile: corpus.hostile,
    stranger(zone) {
      const key = strangers.get(zone.toHex()) ?? keyPair(zone, 13);
      strangers.set(zone.toHex(), key);
      return key;
    },
  };
  return { judge, library, originals, truth };
}

/** Denials of every zone on the ways, and a wildcard's answer, that lies can be made of. */
async function recordDonors(recorder: Recorder, questions: readonly CorpusQuestion[]): Promise<void> {
  const below = questions.map(({ name }) => name.split(".").slice(-3).join("."));
  const labels = ["", "nothing.", "a.", "zz."];
  const zones = [...new Set([...Object.keys(tops), ...below])];
  const asked = [
    ...labels.map((label) => [label === "" ? "." : label, rrtype.AAAA] as const),
    ...zones.flatMap((zone) => labels.map((label) => [label + zone, rrtype.AAAA] as const)),
    ...zones.map((zone) => [`x.wild.${zone}`, rrtype.A] as const),
  ];
  for (const [text, type] of asked) {
    const name = nameFromText(text) ?? rootName;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await recorder.query("closest", { name, type }, new AbortController().signal);
  }
}

function chooseFrom(questions: readonly CorpusQuestion[], random: Random, count: number): readonly CorpusQuestion[] {
  // Above our limit of iterations whoever is on the way may make any name of the zone insecure (RFC 9276 §3.2).
  const list = questions.filter(({ name }) => !name.endsWith("nsec3-many-iterations.alpha."));
  if (count >= list.length) return list;
  // Some lies are only told of these.
  const beside = list.filter(({ name, type }) => name.startsWith("real.wild.") && type === "A");
  return [
    ...Array.from({ length: count }, () => random.pick(list)),
    ...Array.from({ length: Math.ceil(count / 30) }, () => random.pick(beside)),
  ];
}

/** The cases that `seed` makes, each way in turn. */
export function* mutationCases(parts: MutationParts, seed: number, cases: number): Generator<MutationCase> {
  const random = new Random(seed);
  const { library, originals } = parts;
  const secure = originals.filter(({ validation }) => validation.verdict === "secure");
  const kinds = [...operators.keys(), ...Object.keys(clockKinds)];
  for (let index = 0; index < cases; index += 1) {
    const kind = kinds[index % kinds.length] ?? "";
    const operator = operators.get(kind);
    if (operator === undefined)
      yield { kind, original: random.pick(secure), forgery: new Map(), now: clockOf(kind, library.now, random) };
    else yield applied(kind, random, library, originals);
  }
}

function applied(kind: string, random: Random, library: Library, originals: readonly Judged[]): MutationCase {
  const operator = operators.get(kind);
  for (let attempt = 0; attempt < 5000; attempt += 1) {
    const original = random.pick(originals);
    const answers = original.way.filter((one, index) => index === 0 || !/ (?:DS|DNSKEY)$/.test(one));
    const key = random.pick(random.below(3) === 0 ? original.way : answers);
    const message = library.messages.get(key);
    const made = message && operator?.({ random, key, message, way: original.way, library });
    const forgery: Forgery | undefined = made instanceof Map ? made : made && new Map([[key, made]]);
    if (forgery !== undefined) return { kind, original, forgery, now: library.now };
  }
  throw new Error(`nothing to do "${kind}" to`);
}

function clockOf(kind: string, now: Instant, random: Random): Instant {
  if (kind === "clock past every signature") return add(now, random.pick([40, 400, 9000, 25_000]) * day);
  if (kind === "clock before every signature") return add(now, -random.pick([1, 40, 9000]) * day);
  return add(now, random.pick([-30 * minute, 5 * minute, day]));
}

async function judgeCase(
  judge: Judge,
  { original, forgery, now }: MutationCase,
  what: () => string,
): Promise<Validation> {
  try {
    return await judge.judge(original.question, forgery, now);
  } catch (error) {
    throw new Error(`${what()}: an exception`, { cause: error });
  }
}

function objectionTo({ kind, original, now }: MutationCase, validation: Validation, truth: Truth): string | undefined {
  const { work, verdict } = validation;
  if (work.signatures + work.hashes > workMax) return `too much work: ${JSON.stringify(work)}`;
  const isHarmless = harmless.has(kind) || kind === "clock a little off";
  if (isHarmless && verdict !== original.validation.verdict) return `${original.validation.verdict} is made ${verdict}`;
  if (kind in clockKinds && !isHarmless && verdict === "secure") return `secure at ${now}`;
  return wrongVerdict(original.validation, validation, truth);
}
