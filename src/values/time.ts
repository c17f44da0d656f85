import type { Brand } from "./brand.ts";
import { invariant } from "./invariant.ts";

/** Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. An integer. */
export type Instant = Brand<number, "Instant">;
/** Milliseconds, an integer of zero or more. */
export type DurationMs = Brand<number, "DurationMs">;

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export function instant(ms: number): Instant {
  invariant(Number.isSafeInteger(ms), "an instant is a whole number of milliseconds");
  return ms as Instant;
}

export function duration(ms: number): DurationMs {
  invariant(Number.isSafeInteger(ms) && ms >= 0, "a duration is a whole number of milliseconds, not negative");
  return ms as DurationMs;
}

export function add(at: Instant, ms: number): Instant {
  return instant(at + ms);
}

/** Time from `earlier` to `later`, zero when they are the other way round. */
export function since(earlier: Instant, later: Instant): DurationMs {
  return duration(Math.max(0, later - earlier));
}

const units = new Map([
  ["ms", 1],
  ["s", second],
  ["m", minute],
  ["h", hour],
  ["d", day],
]);

/** Reads `500ms`, `45s`, `5m`, `24h`, `7d`: a whole number and one unit, at most 10 years; `undefined` otherwise. */
export function parseDuration(text: string): DurationMs | undefined {
  const [, count, unit] = /^(0|[1-9][0-9]{0,11})(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = units.get(unit ?? "");
  if (count === undefined || factor === undefined) return undefined;
  const ms = Number(count) * factor;
  return ms <= 3660 * day ? duration(ms) : undefined;
}

/** `1.2 s`, `45 s`, `5 min`, `2 h 30 min`, `3 d 4 h`: at most two units, never more precise than three digits. */
export function formatDuration(ms: number): string {
  const whole = Math.round(ms);
  if (whole < second) return `${whole} ms`;
  if (whole < 10 * second) return `${trim(whole / second, 2)} s`;
  if (whole < minute) return `${trim(whole / second, 1)} s`;
  if (whole < hour) return pair(whole, minute, "min", second, "s");
  if (whole < day) return pair(whole, hour, "h", minute, "min");
  return pair(whole, day, "d", hour, "h");
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

function pair(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const many = Math.floor(ms / big);
  const rest = Math.floor((ms - many * big) / small);
  return rest === 0 ? `${many} ${bigUnit}` : `${many} ${bigUnit} ${rest} ${smallUnit}`;
}

/** RFC 3339 in UTC with milliseconds: `2026-11-22T03:00:00.000Z`. Years 0 to 9999. */
export function formatInstant(at: Instant): string {
  const days = Math.floor(at / day);
  const { year, month, dayOfMonth } = civilFromDays(days);
  const rest = at - days * day;
  const clock = [rest / hour, (rest % hour) / minute, (rest % minute) / second].map((part) => pad(Math.floor(part), 2));
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}T${clock.join(":")}.${pad(rest % second, 3)}Z`;
}

/** Reads `2027-06-30` (midnight UTC) or RFC 3339 with `Z`; `undefined` for anything else, such as 30 February. */
export function parseInstant(text: string): Instant | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?Z)?$/.exec(text);
  if (match === null) return undefined;
  const [, year = "", month = "", date = "", hours = "0", minutes = "0", seconds = "0", fraction = "0"] = match;
  const days = daysFromCivil(Number(year), Number(month), Number(date));
  const back = civilFromDays(days);
  if (back.month !== Number(month) || back.dayOfMonth !== Number(date)) return undefined;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const ofDay = Number(hours) * hour + Number(minutes) * minute + Number(seconds) * second;
  return instant(days * day + ofDay + Number(fraction.padEnd(3, "0")));
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

// Howard Hinnant's civil calendar arithmetic: the year begins in March, so that the leap day is its last.
function daysFromCivil(year: number, month: number, dayOfMonth: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): { year: number; month: number; dayOfMonth: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}
