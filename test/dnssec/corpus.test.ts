import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordOf } from "../../src/dns/dnssec/sign.fixture.ts";
import { instant } from "../../src/values/time.ts";
import { describeWithServers } from "../servers/available.ts";
import type { CorpusQuestion } from "./corpus/questions.ts";
import { differences } from "./differences.ts";
import { Trial } from "./trial.ts";

const seed = Number(process.env["POINTSMAN_SEED"] ?? randomInt(2 ** 31));
let trial: Trial;

describeWithServers("zones that three signers signed", () => {
  beforeAll(async () => {
    trial = await Trial.open();
    process.stderr.write(`corpus: ${trial.corpus.zones.length} zones in ${trial.corpus.madeInMs} ms, seed ${seed}\n`);
  }, 180_000);

  afterAll(() => trial.close());

  it("every question has the verdict that its zone was made for", async () => {
    const { questions } = trial.corpus;
    const wrong: string[] = [];
    for (const question of questions) {
      // oxlint-disable-next-line no-await-in-loop -- one validator, one question after the other
      const { verdict, outcome } = await trial.judge.judge(question, new Map(), instant(Date.now()));
      const fits = verdict === question.verdict && outcome === (question.outcome ?? outcome);
      if (!fits) wrong.push(`${question.name} ${question.type}: ${verdict} ${outcome}`);
    }
    expect(wrong).toEqual([]);
    expect(questions.length).toBeGreaterThan(2000);
  });

  it("a validator that knows nothing yet comes to the same verdicts", async () => {
    const questions = oneOfEachKind(trial.corpus.questions);
    for (const question of questions) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      const { validation } = await trial.judge.trace(question, instant(Date.now()));
      expect({ ...question, verdict: validation.verdict }).toEqual(question);
    }
  });

  it("Unbound agrees on every question, but for the differences that an RFC explains", async () => {
    const report = await trial.agreement("unbound", trial.corpus.questions);
    expect(report.unexplained).toEqual([]);
    expect(Object.keys(report.verdicts).filter((pair) => pair.endsWith("/failed"))).toEqual([]);
    expect(Object.keys(report.explained).toSorted()).toEqual(explanationsOf("unbound"));
  });

  it("delv agrees on a question of each kind, but for the differences that an RFC explains", async () => {
    const report = await trial.agreement("delv", oneOfEachKind(trial.corpus.questions, "two"));
    expect(report.unexplained).toEqual([]);
    expect(Object.keys(report.explained).toSorted()).toEqual(explanationsOf("delv"));
  });

  it("an unsigned alias in answer to a DS is refused, though nobody signs below the delegation", async () => {
    const now = instant(Date.now());
    const questions = trial.corpus.questions.filter(
      ({ name, type }) => /^unsigned\.\w+-13-nsec\./.test(name) && type === "DS",
    );
    expect(questions).toHaveLength(3);
    for (const question of questions) {
      const key = `${question.name} DS`;
      await trial.judge.trace(question, now); // oxlint-disable-line no-await-in-loop -- one after the other
      const message = present(trial.recorder.messages.get(key));
      const answer = [recordOf(`${question.name} 300 CNAME www.hostile.alpha.`)];
      const forgery = new Map([[key, { ...message, answer, authority: [] }]]);
      const { verdict } = await trial.judge.judge(question, forgery, now); // oxlint-disable-line no-await-in-loop -- as above
      expect(verdict).toBe("bogus");
    }
  });

  it("2 000 altered answers: altered data are never secure, secure data never insecure, and nothing throws", async () => {
    const report = await trial.mutations(seed, 2000, 300);
    expect(report.cases).toBe(2000);
  });

  it("Unbound, lied to in the same way, refuses nothing that we call secure, but what an RFC explains", async () => {
    const report = await trial.agreementOnMutations("unbound", seed, 360, 200);
    expect(report.tooTrusting).toEqual([]);
    expect(report.compared).toBeGreaterThan(250);
  });

  it("delv, lied to in the same way, refuses nothing that we call secure, but what an RFC explains", async () => {
    const report = await trial.agreementOnMutations("delv", seed, 36, 100);
    expect(report.tooTrusting).toEqual([]);
    expect(report.compared).toBeGreaterThan(20);
  });
});

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("it was not recorded");
  return value;
}

function explanationsOf(by: "unbound" | "delv"): readonly string[] {
  return differences
    .filter((one) => one.by.includes(by))
    .map(({ why }) => why)
    .toSorted();
}

/** Each question of the shape zones once, of another zone each time, and `ofOdd` of those of each odd zone. */
function oneOfEachKind(questions: readonly CorpusQuestion[], ofOdd: "all" | "two" = "all"): readonly CorpusQuestion[] {
  const kinds = Map.groupBy(questions.filter(isOfShape), ({ name, type }) => `${labelOf(name)} ${type}`);
  const chosen = [...kinds.values()].flatMap((list, index) => list[(index * 7) % list.length] ?? []);
  const spanned = questions.filter(({ name }) => /^nothing\.\w+-13-optout/.test(name));
  const odd = questions.filter((question) => !isOfShape(question));
  // Six questions each: of the two, one is positive and one is not.
  return [...chosen, ...spanned, ...odd.filter((_, index) => ofOdd === "all" || index % 3 === 0)];
}

function isOfShape({ name }: CorpusQuestion): boolean {
  return /(?:bind|knot|ldns)-\d+-(?:nsec|nsec3|optout)\./.test(name);
}

function labelOf(name: string): string {
  return name.split(".").slice(0, -3).join(".");
}
