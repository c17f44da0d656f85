import { isNonEmpty } from "../../values/non-empty.ts";
import { day, minute, type Instant } from "../../values/time.ts";
import type { OnCall, Person } from "./policy.ts";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const minutesOfDay = day / minute;
/** The first of January 1970 was a Thursday: ISO 8601 day 4. */
const dayOfEpoch = 4;

/**
 * Hours of a week from `mon-fri 06:00-18:00`, in UTC: a day or a span of days, and times from 00:00 to 24:00. Hours over
 * midnight are two of them. `undefined`: it has not this form.
 */
export function hoursOf(text: string): OnCall | undefined {
  const found = /^([a-z]{3})(?:-([a-z]{3}))? ([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)$/.exec(text);
  if (found === null) return undefined;
  const [, first = "", last = first, ...clock] = found;
  const [fromHour = 0, fromMinute = 0, untilHour = 0, untilMinute = 0] = clock.map(Number);
  const [a, b] = [indexOf(first), indexOf(last)];
  const [from, until] = [fromHour * 60 + fromMinute, untilHour * 60 + untilMinute];
  if (a === -1 || b === -1 || from >= until || until > minutesOfDay) return undefined;
  // `sat-mon` is Saturday, Sunday and Monday.
  const count = ((b - a + days.length) % days.length) + 1;
  const named = Array.from({ length: count }, (_, index) => ((a + index) % days.length) + 1);
  return isNonEmpty(named) ? { days: named, from, until } : undefined;
}

function indexOf(text: string): number {
  return days.findIndex((name) => name === text);
}

/** A minute of the week in UTC, from Monday 00:00 on. */
export function minuteOfWeek(at: Instant): number {
  const weekday = (Math.floor(at / day) + dayOfEpoch - 1) % days.length;
  return weekday * minutesOfDay + Math.floor((at % day) / minute);
}

/** `sun 03:00` */
export function minuteText(minuteAt: number): string {
  const [hours, minutes] = [Math.floor((minuteAt % minutesOfDay) / 60), minuteAt % 60];
  const clock = [hours, minutes].map((part) => String(part).padStart(2, "0")).join(":");
  return `${days[Math.floor(minuteAt / minutesOfDay)] ?? ""} ${clock}`;
}

/** Whether a person can be reached in that minute of the week. */
export function isOnCall({ onCall }: Pick<Person, "onCall">, minuteAt: number): boolean {
  const [weekday, time] = [Math.floor(minuteAt / minutesOfDay) + 1, minuteAt % minutesOfDay];
  return onCall === null || onCall.some((one) => one.days.includes(weekday) && one.from <= time && time < one.until);
}

/** Minutes of the week at which somebody comes or goes; the first minute of the week among them. */
export function turnsOf(people: Iterable<Pick<Person, "onCall">>): readonly number[] {
  const turns = [...people].flatMap(({ onCall }) =>
    (onCall ?? []).flatMap((one) =>
      one.days.flatMap((weekday) =>
        [one.from, one.until].map((time) => ((weekday - 1) * minutesOfDay + time) % (days.length * minutesOfDay)),
      ),
    ),
  );
  return [...new Set([0, ...turns])].toSorted((a, b) => a - b);
}
