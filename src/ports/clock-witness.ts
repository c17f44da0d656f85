import type { ClockWitness } from "../core/integrity/clock.ts";

/** Takes what others' time says of ours. Whoever can be impersonated is no witness: only what is authenticated is heard. */
export interface ClockWitnessSink {
  /** Never throws. The later word of the same voice stands. */
  heard(witness: ClockWitness): void;
}
