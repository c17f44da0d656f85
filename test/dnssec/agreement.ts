import type { Verdict } from "../../src/dns/dnssec/verdict.ts";
import type { Unbound } from "../servers/unbound.ts";
import type { CorpusQuestion } from "./corpus/questions.ts";
import { mapWide } from "./corpus/tool.ts";
import { explained, type Other } from "./differences.ts";
import type { Judge } from "./judge.ts";
import { canBeSent, type LyingServer } from "./lying-server.ts";
import type { MutationCase } from "./mutations/run.ts";
import { explainedAlteration } from "./mutations/differences.ts";
import { askDelv, askUnbound, type OtherAnswer, type OtherVerdict } from "./resolvers.ts";

export interface AgreementReport {
  readonly compared: number;
  readonly agreed: number;
  /** How often each explanation was needed. */
  readonly explained: { readonly [why: string]: number };
  /** Everything else. */
  readonly unexplained: readonly string[];
  /** Of that, what we accept and they do not, or what is secure for us alone. */
  readonly tooTrusting: readonly string[];
  /** `secure/bogus`: ours and theirs. */
  readonly verdicts: { readonly [pair: string]: number };
}

interface Opinion {
  readonly what: string;
  readonly ours: Verdict;
  readonly theirs: OtherAnswer;
  /** Of the difference, if there is one. */
  readonly why: string | undefined;
}

/** Puts every question to another validator and compares its verdict with that which is expected of ours. */
export async function compare(
  by: Other,
  questions: readonly CorpusQuestion[],
  ask: (question: CorpusQuestion) => Promise<OtherAnswer>,
): Promise<AgreementReport> {
  const opinions = await mapWide(questions, 4, async (question): Promise<Opinion> => {
    const theirs = await ask(question);
    const ours = question.verdict;
    const why = explained(by, question, ours, theirs.verdict)?.why;
    return { what: `${question.name} ${question.type}`, ours, theirs, why };
  });
  return reportOf(opinions);
}

export interface LyingParts {
  readonly server: LyingServer;
  readonly judge: Judge;
  readonly unbound: Unbound;
  /** The file of anchors for delv. */
  readonly anchors: string;
}

/** Serves each altered answer to another validator, which has forgotten all before, and compares its verdict with ours. */
export async function compareAltered(
  by: Other,
  parts: LyingParts,
  cases: Iterable<MutationCase>,
): Promise<AgreementReport> {
  const opinions: Opinion[] = [];
  const { server, judge } = parts;
  for (const one of cases) {
    const { question } = one.original;
    if (!canBeSent(one.forgery)) continue;
    // oxlint-disable-next-line no-await-in-loop -- one lie at a time
    const validation = await judge.judge(question, one.forgery, one.now);
    server.forgery = one.forgery;
    const theirs = await askOther(by, parts, question); // oxlint-disable-line no-await-in-loop -- as above
    const why =
      explained(by, question, validation.verdict, theirs.verdict) ??
      explainedAlteration(by, one, validation, theirs.verdict);
    opinions.push({
      what: `${one.kind} at ${[...one.forgery.keys()].join(", ")}: ${question.name} ${question.type}`,
      ours: validation.verdict,
      theirs,
      why: why?.why,
    });
  }
  return reportOf(opinions);
}

async function askOther(
  by: Other,
  { server, unbound, anchors }: LyingParts,
  { name, type }: CorpusQuestion,
): Promise<OtherAnswer> {
  if (by === "delv") return askDelv(server, anchors, name, type);
  await unbound.forget();
  return askUnbound(unbound, name, type);
}

function reportOf(opinions: readonly Opinion[]): AgreementReport {
  const different = opinions.filter(({ ours, theirs }) => !agree(ours, theirs.verdict));
  const unexplained = different.filter(({ why }) => why === undefined);
  return {
    compared: opinions.length,
    agreed: opinions.length - different.length,
    explained: counted(different.flatMap(({ why }) => why ?? [])),
    unexplained: unexplained.map(described),
    tooTrusting: unexplained.filter(({ ours }) => ours === "secure" || ours === "insecure").map(described),
    verdicts: counted(opinions.map(({ ours, theirs }) => `${ours}/${theirs.verdict}`)),
  };
}

function described({ what, ours, theirs }: Opinion): string {
  return `${what}: ${ours} here, ${theirs.verdict} there (${theirs.says})`;
}

/** Neither of the others tells apart what is bogus from what it could not make sense of: both are refused. */
function agree(ours: Verdict, theirs: OtherVerdict): boolean {
  const isRefused = ours !== "secure" && ours !== "insecure";
  return isRefused ? theirs === "failed" || theirs === "bogus" : ours === theirs;
}

function counted(list: readonly string[]): { readonly [what: string]: number } {
  return Object.fromEntries([...Map.groupBy(list, (one) => one)].map(([one, all]) => [one, all.length]));
}
