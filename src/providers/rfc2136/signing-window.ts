import { instant, second, type Instant } from "../../values/time.ts";

/** How long a held-back message stays valid: as short as clocks in good order allow (design §8). */
const fudgeUsual = 30;
/** What most servers grant a message at most, and what RFC 8945 §10 recommends. */
const fudgeMax = 300;
/** How far our clock may be off before automation stops trusting it (design §10). */
const skewMs = 2 * second;

/** How long a signature of ours is good for at one server, in seconds, as far as BADTIME has taught us of its clock. */
export class SigningWindow {
  #fudge = fudgeUsual;
  #serverBehind = 0;

  get fudge(): number {
    return this.#fudge;
  }

  /** After a BADTIME whose MAC verified: the next messages allow for the difference (RFC 8945 §5.2.3). */
  learn(timeSigned: number, serverTime: number): void {
    this.#serverBehind = Math.max(0, timeSigned - serverTime);
    this.#fudge = Math.min(fudgeMax, Math.abs(timeSigned - serverTime) + fudgeUsual);
  }

  /**
   * When the server refuses the message for its age at last. It compares whole seconds, so the last of them counts in
   * full; and where its clock is behind ours, it accepts for so much longer.
   */
  lateUntil(timeSigned: number, fudge: number): Instant {
    return instant((timeSigned + fudge + this.#serverBehind + 1) * second + skewMs);
  }
}
