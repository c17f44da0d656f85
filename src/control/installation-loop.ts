import { dueInstallation } from "../core/authority/due.ts";
import { nothingDue } from "../core/cycle/cycle.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { invariant } from "../values/invariant.ts";
import { day, duration, type Instant } from "../values/time.ts";
import type { Issuer } from "./issuer.ts";
import type { Sequencer } from "./sequencer.ts";

interface InstallationLoopParts {
  readonly sequencer: Pick<Sequencer, "decide" | "head" | "now">;
  readonly issuer: Issuer;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each decision. */
  readonly onDecided: () => void;
}

/** Steps that one look may lead to; more is a chain without end. */
const stepsMax = 64;
/** A timer waits this long at most; then the time is looked at anew. */
const wakeMsMax = day;

/** Looks at what is due by itself in people and policy: when something of the installation changed, and when its time has come. */
export class InstallationLoop {
  readonly #parts: InstallationLoopParts;
  #cancel: () => void = () => undefined;
  #scheduled = false;
  #ended = false;

  constructor(parts: InstallationLoopParts) {
    this.#parts = parts;
  }

  /** Something may be due. What touches it in one turn is one look. */
  touch(): void {
    if (this.#ended || this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.#ended) this.#look();
    });
  }

  end(): void {
    this.#ended = true;
    this.#cancel();
  }

  #look(): void {
    const { sequencer } = this.#parts;
    for (let step = 0; this.#step(); step += 1)
      invariant(step < stepsMax, `one look at the installation leads to at most ${stepsMax} steps`);
    if (!this.#ended) this.#wake(dueInstallation(sequencer.head, sequencer.now()).wakeAt);
  }

  /** Whether something was decided. */
  #step(): boolean {
    const { sequencer, issuer, log } = this.#parts;
    const { requests } = dueInstallation(sequencer.head, sequencer.now());
    const rulings = requests.map((request) => sequencer.decide(issuer.installation(request)));
    for (const { refusal } of rulings) {
      if (refusal !== null && refusal.code !== nothingDue)
        log.write("warn", "advance-refused", { code: refusal.code, says: refusal.says });
    }
    const decided = rulings.some(({ accepted }) => accepted);
    if (decided) this.#parts.onDecided();
    return decided && !this.#ended;
  }

  #wake(at: Instant | undefined): void {
    const { clock } = this.#parts;
    this.#cancel();
    if (at === undefined) return;
    const delay = Math.min(Math.max(1, at - clock.now()), wakeMsMax);
    this.#cancel = clock.schedule(duration(delay), () => this.touch());
  }
}
