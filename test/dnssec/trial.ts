import { rmSync, writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startUnbound, type Unbound } from "../servers/unbound.ts";
import { compare, compareAltered, type AgreementReport } from "./agreement.ts";
import { makeCorpus, type Corpus } from "./corpus/corpus.ts";
import type { CorpusQuestion } from "./corpus/questions.ts";
import type { Other } from "./differences.ts";
import { Judge } from "./judge.ts";
import { startLyingServer, type LyingServer } from "./lying-server.ts";
import { mutate, mutationCases, prepareMutations, type MutationReport } from "./mutations/run.ts";
import { recordFrom, type Recorder } from "./recorder.ts";
import { askDelv, askUnbound, delvAnchors } from "./resolvers.ts";

/** A corpus with all that judges it: ours on recorded answers, the others on the server, or on one that lies. */
export class Trial {
  readonly corpus: Corpus;
  readonly recorder: Recorder;
  readonly judge: Judge;
  readonly #unbound: Unbound;
  readonly #deceived: Unbound;
  readonly #liar: LyingServer;
  readonly #folder: string;

  private constructor(parts: {
    corpus: Corpus;
    recorder: Recorder;
    unbound: Unbound;
    deceived: Unbound;
    liar: LyingServer;
  }) {
    this.corpus = parts.corpus;
    this.recorder = parts.recorder;
    this.judge = new Judge(parts.recorder, parts.corpus.anchor);
    this.#unbound = parts.unbound;
    this.#deceived = parts.deceived;
    this.#liar = parts.liar;
    this.#folder = mkdtempSync(path.join(tmpdir(), "pointsman-trial-"));
    writeFileSync(this.#anchors, delvAnchors(parts.corpus.anchor));
  }

  static async open(): Promise<Trial> {
    const corpus = await makeCorpus();
    const recorder = recordFrom(corpus.server);
    const liar = await startLyingServer(recorder);
    const options = { zones: corpus.zones.map(({ name }) => name), anchor: corpus.anchor };
    const unbound = await startUnbound({ ...options, authority: corpus.server });
    const deceived = await startUnbound({ ...options, authority: liar });
    return new Trial({ corpus, recorder, unbound, deceived, liar });
  }

  /** What another validator says of the corpus as it is. */
  agreement(by: Other, questions: readonly CorpusQuestion[]): Promise<AgreementReport> {
    return compare(by, questions, ({ name, type }) =>
      by === "unbound" ? askUnbound(this.#unbound, name, type) : askDelv(this.corpus.server, this.#anchors, name, type),
    );
  }

  /** Alters what was recorded for `questions` of the corpus, `cases` times. */
  async mutations(seed: number, cases: number, questions: number): Promise<MutationReport> {
    return mutate(await prepareMutations(this.corpus, this.recorder, this.judge, seed, questions), seed, cases);
  }

  /** What another validator says of such altered answers, served to it. The clock stands, as theirs cannot be moved. */
  async agreementOnMutations(by: Other, seed: number, cases: number, questions: number): Promise<AgreementReport> {
    const parts = await prepareMutations(this.corpus, this.recorder, this.judge, seed, questions);
    const all = [...mutationCases(parts, seed, cases)].filter(({ now }) => now === parts.library.now);
    const bench = { server: this.#liar, judge: this.judge, unbound: this.#deceived, anchors: this.#anchors };
    return compareAltered(by, bench, all);
  }

  async close(): Promise<void> {
    await Promise.all([this.#unbound.stop(), this.#deceived.stop(), this.#liar.stop()]);
    await this.corpus.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #anchors(): string {
    return path.join(this.#folder, "anchors");
  }
}
