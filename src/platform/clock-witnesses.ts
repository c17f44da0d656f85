import { weighClock, type ClockFacts, type ClockWitness } from "../core/integrity/clock.ts";
import type { ClockWitnessSink } from "../ports/clock-witness.ts";
import type { Clock } from "../ports/clock.ts";
import { minute, type DurationMs } from "../values/time.ts";

export interface ClockWitnesses extends ClockWitnessSink {
  /** What is known of our clock by itself, weighed with what was heard of late. */
  weigh(own: ClockFacts): ClockFacts;
}

/** What was heard longer ago says nothing of the time now. */
export const witnessKeptMs = 5 * minute;
/** The voice that was heard longest ago makes room. */
export const voicesMax = 256;

/**
 * Remembers the last word of each voice. Kept is how far theirs is from the monotonic clock, not from the wall clock:
 * so a clock that is set right is believed by what was heard before, and one that is set wrong is found out at once.
 */
export function clockWitnesses(clock: Clock): ClockWitnesses {
  const voices = new Map<string, Voice>();
  const ours = (): number => clock.now() - clock.monotonic();

  return {
    heard(witness) {
      const voice = `${witness.source} ${witness.from}`;
      voices.delete(voice);
      voices.set(voice, { witness, theirs: witness.offsetMs + ours(), at: clock.monotonic() });
      const [oldest] = voices.keys();
      if (voices.size > voicesMax && oldest !== undefined) voices.delete(oldest);
    },
    weigh(own) {
      const now = clock.monotonic();
      for (const [voice, { at }] of voices) if (now - at > witnessKeptMs) voices.delete(voice);
      const heard = [...voices.values()].map(({ witness: { source, from, errorMs }, theirs }) => {
        return { source, from, offsetMs: theirs - ours(), errorMs };
      });
      return weighClock(own, heard);
    },
  };
}

interface Voice {
  readonly witness: ClockWitness;
  /** Their wall clock less our monotonic one. */
  readonly theirs: number;
  readonly at: DurationMs;
}
