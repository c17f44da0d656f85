import { lowerCase, type Name } from "../../wire/name.ts";

/**
 * The canonical order of names (RFC 4034 §6.1): label by label from the right, ASCII letters in lower case, an absent
 * label first. Negative, zero or positive.
 */
export function compareNames(a: Name, b: Name): number {
  const startsA = labelStarts(a);
  const startsB = labelStarts(b);
  const shared = Math.min(startsA.length, startsB.length);
  for (let back = 1; back <= shared; back += 1) {
    const difference = compareLabels(a, startsA.at(-back) ?? 0, b, startsB.at(-back) ?? 0);
    if (difference !== 0) return difference;
  }
  return startsA.length - startsB.length;
}

/** Where each label's length octet stands, from left to right, without the root. */
function labelStarts(name: Name): readonly number[] {
  const starts: number[] = [];
  for (let at = 0; (name[at] ?? 0) !== 0; at += 1 + (name[at] ?? 0)) starts.push(at);
  return starts;
}

function compareLabels(a: Name, atA: number, b: Name, atB: number): number {
  const lengthA = a[atA] ?? 0;
  const lengthB = b[atB] ?? 0;
  const shared = Math.min(lengthA, lengthB);
  for (let index = 1; index <= shared; index += 1) {
    const difference = lowerCase(a[atA + index] ?? 0) - lowerCase(b[atB + index] ?? 0);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}
