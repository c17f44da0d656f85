import { formatDuration, second, type DurationMs, type Instant } from "../../values/time.ts";

/** Whether the time here can be relied on. */
export interface ClockFacts {
  readonly trustworthy: boolean;
  readonly errorMs: number;
  readonly says: string;
}

/** What somebody else's time says of ours: a TSIG answer, a Date header, another vantage. */
export interface ClockWitness {
  readonly source: "tsig" | "date-header" | "vantage";
  /** Who: one voice each. */
  readonly from: string;
  /** Theirs less ours. */
  readonly offsetMs: number;
  /** How far off that may be: the way there and back, the resolution of what they send. */
  readonly errorMs: number;
}

/** A time in whole seconds that somebody sent in answer to a question. */
export interface TimeHeard {
  readonly source: ClockWitness["source"];
  readonly from: string;
  /** As they gave it: the beginning of their second. */
  readonly theirs: Instant;
  /** Our time when the answer came. */
  readonly heardAt: Instant;
  /** From the question to the answer. */
  readonly tripMs: DurationMs;
}

/**
 * The witness that a time in whole seconds makes: as though given in the middle of the second, half way through the
 * exchange. It may be off by a second and the whole way there and back.
 */
export function witnessOf({ source, from, theirs, heardAt, tripMs }: TimeHeard): ClockWitness {
  const offsetMs = Math.round(theirs + second / 2 + tripMs / 2 - heardAt);
  return { source, from, offsetMs, errorMs: second + tripMs };
}

/** Design §10. */
const clockErrorMaxMs = 2 * second;

/**
 * Our own clock, heard with the witnesses: it is in doubt when most of them, two at least, put it off by more than
 * {@link clockErrorMaxMs} beyond their own error. One alone may be the one that is wrong.
 */
export function weighClock(own: ClockFacts, witnesses: readonly ClockWitness[]): ClockFacts {
  const voices = new Map(witnesses.map((one) => [`${one.source} ${one.from}`, one]));
  const against = [...voices.values()].filter(
    ({ offsetMs, errorMs }) => Math.abs(offsetMs) - errorMs > clockErrorMaxMs,
  );
  if (against.length < 2 || 2 * against.length <= voices.size) return own;
  const offsets = against.map(({ offsetMs }) => offsetMs).toSorted((a, b) => a - b);
  const offMs = Math.abs(offsets[Math.floor(offsets.length / 2)] ?? 0);
  const sources = against.map(({ source, from }) => `${source} ${from}`).toSorted();
  return {
    trustworthy: false,
    errorMs: Math.max(own.errorMs, offMs),
    says: `${against.length} of ${voices.size} others put this clock off by about ${formatDuration(offMs)}: ${sources.join(", ")}.`,
  };
}
