import { add, instant, minute, type Instant } from "../../values/time.ts";
import type { KeyMemory } from "./key-memory.ts";
import type { Mark, ServerMarks, ZoneHistory } from "./memory.ts";

/** A signature that begins later than this after now was made, or seen, by a wrong clock: it is valid for nobody yet. */
export const inceptionAheadMsMax = 5 * minute;

/**
 * A memory without what lies in the future: a clock that was wrong wrote it, here or at the signer, and nothing that is seen
 * later may be held against it. A beginning of signatures that is still to come is forgotten, else every honest answer until
 * then would be a step back; a time when something was seen becomes `at`. A serial stays, which no clock gave.
 *
 * To be called while the clock here can be relied on: one that was set back would forget all marks.
 */
export function withoutFuture<Memory extends ZoneHistory>(memory: Memory, at: Instant): Memory {
  const { marks, keys, ds, cdsPending } = memory;
  return {
    ...memory,
    marks: new Map([...marks].map(([place, one]) => [place, pastMarks(one, at)])),
    keys: new Map([...keys].map(([fingerprint, key]) => [fingerprint, pastKey(key, at)])),
    ds: ds && new Map([...ds].map(([rdata, since]) => [rdata, notAfter(since, at)])),
    cdsPending: cdsPending && { ...cdsPending, since: notAfter(cdsPending.since, at) },
  };
}

function pastMarks({ serialMark, inceptionMark }: ServerMarks, at: Instant): ServerMarks {
  const begun = inceptionMark !== null && inceptionMark.value <= add(at, inceptionAheadMsMax) ? inceptionMark : null;
  return { serialMark: serialMark && pastMark(serialMark, at), inceptionMark: begun && pastMark(begun, at) };
}

function pastMark({ value, since }: Mark, at: Instant): Mark {
  return { value, since: notAfter(since, at) };
}

function pastKey(key: KeyMemory, at: Instant): KeyMemory {
  const past = (time: Instant | null): Instant | null => (time === null ? null : notAfter(time, at));
  return {
    ...key,
    firstSeen: notAfter(key.firstSeen, at),
    lastSeen: notAfter(key.lastSeen, at),
    publishedSince: past(key.publishedSince),
    signsKeysSince: past(key.signsKeysSince),
    signsZoneSince: past(key.signsZoneSince),
    signedLast: past(key.signedLast),
    dsSince: past(key.dsSince),
    dsLast: past(key.dsLast),
  };
}

function notAfter(time: Instant, at: Instant): Instant {
  return instant(Math.min(time, at));
}
