import { failuresPerStepMax, hashesPerHopMax, signaturesPerHopMax, signaturesPerStepMax, workMax } from "./limits.ts";

/**
 * The work that one question may cost (KeyTrap, CVE-2023-50387 and CVE-2023-50868). Begin a hop for the name asked and
 * for each alias, a step for each DNSKEY or DS set, and end the step before the hop's own answer is checked: what is
 * checked in a step counts for the step and in all, what is checked outside of one counts for the hop and in all. A unit
 * that was not left spends the budget for good.
 */
export class Budget {
  #signatures = 0;
  #hashes = 0;
  #hopSignatures = 0;
  #hopHashes = 0;
  #step: { signatures: number; failures: number } | undefined;
  #spent = false;
  #hasFailed = false;

  /** Begins a CNAME or DNAME hop, and ends the step. */
  hop(): void {
    this.#hopSignatures = 0;
    this.#hopHashes = 0;
    this.#step = undefined;
  }

  /** Begins a step of the chain: a DNSKEY set or a DS set. */
  step(): void {
    this.#step = { signatures: 0, failures: 0 };
  }

  /** Back to the hop's own answer. */
  endStep(): void {
    this.#step = undefined;
  }

  /** Takes one signature check; false when none was left, and then it MUST NOT be done. */
  signature(): boolean {
    const step = this.#step;
    const used = step === undefined ? this.#hopSignatures : step.signatures;
    if (!this.#take(used, step === undefined ? signaturesPerHopMax : signaturesPerStepMax)) return false;
    if (step === undefined) this.#hopSignatures += 1;
    else step.signatures += 1;
    this.#signatures += 1;
    return true;
  }

  /** Takes one failed signature check; false when none was left. Outside of a step every failure is left. */
  failure(): boolean {
    this.#hasFailed = true;
    const step = this.#step;
    if (step === undefined) return !this.#spent;
    if (step.failures >= failuresPerStepMax) this.#spent = true;
    step.failures += 1;
    return !this.#spent;
  }

  /** Takes one NSEC3 hash; false when none was left, and then it MUST NOT be computed. */
  hash(): boolean {
    if (!this.#take(this.#hopHashes, hashesPerHopMax)) return false;
    this.#hopHashes += 1;
    this.#hashes += 1;
    return true;
  }

  /** Whether a unit was wanted that was not left. */
  get spent(): boolean {
    return this.#spent;
  }

  /** Whether a signature failed: the question may be of a hostile zone, and lets the others go first. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** What was taken in all. */
  get figures(): { readonly signatures: number; readonly hashes: number } {
    return { signatures: this.#signatures, hashes: this.#hashes };
  }

  #take(used: number, max: number): boolean {
    if (used >= max || this.#signatures + this.#hashes >= workMax) this.#spent = true;
    return !this.#spent;
  }
}
