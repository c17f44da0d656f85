import type { BasisResponse, OpenFailover } from "../../api/contract/basis.ts";
import type { Statement } from "../../core/authority/statement.ts";
import { asSha256, isSha256, type Sha256 } from "../../values/sha256.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { add, parseDuration, parseInstant, type DurationMs, type Instant } from "../../values/time.ts";
import type { Given } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";

type Subject = Statement["subject"];

/** The first word, or a sentence that says which is missing. @throws PointsmanError `bad-usage`. */
export function word(given: Given, index: number, what: string): string {
  const found = given.positionals[index];
  if (found === undefined) throw badUsage(`Say which ${what}.`, "See: pointsman status");
  return found;
}

/** @throws PointsmanError `bad-usage` when the option is missing. */
export function needed(given: Given, option: string, example: string): string {
  const found = given.value(option);
  if (found === undefined || found === "")
    throw badUsage(`--${option} is missing.`, `For example: --${option} ${example}`);
  return found;
}

/** An open failover of the basis. @throws PointsmanError `no-such-failover`. */
export function failoverOf({ failovers, at }: BasisResponse, id: string): OpenFailover {
  const found = failovers.find(({ failover }) => failover === id);
  if (found !== undefined) return found;
  throw new PointsmanError({
    code: "no-such-failover",
    says: `The basis of ${at} has no open failover ${id}.`,
    figures: { failover: id, open: failovers.map(({ failover }) => failover) },
    mend: "See the open ones with: pointsman status. Without a controller, fetch a new basis: pointsman statement basis",
  });
}

/** The plan of an open failover, bound by its hash. */
export function planSubject(basis: BasisResponse, id: string): Subject & { readonly hash: Sha256 } {
  return { type: "plan", id, hash: asSha256(failoverOf(basis, id).planHash) };
}

/** A subject that no hash binds. */
export function plainSubject(type: string, id: string): Subject {
  return { type, id, hash: null };
}

/** Until when, by an option that takes a duration. @throws PointsmanError `bad-usage`. */
export function untilOf(given: Given, now: Instant, option = "for"): Instant {
  const text = needed(given, option, "60m");
  return add(now, durationOf(text, option));
}

/** @throws PointsmanError `bad-usage`. */
export function durationOf(text: string, option: string): DurationMs {
  const found = parseDuration(text);
  if (found === undefined || found === 0)
    throw badUsage(`${text} is no length of time.`, `Give --${option} a number and its unit: 90m, 12h or 1d.`);
  return found;
}

/** From when on; now where the option is left out. @throws PointsmanError `bad-usage`. */
export function fromOf(given: Given, now: Instant): Instant {
  const text = given.value("from");
  const found = text === undefined ? now : parseInstant(text);
  if (found === undefined) throw badUsage(`${text} is no time.`, "Give --from in UTC: 2026-11-22T03:00:00Z.");
  return found;
}

/** @throws PointsmanError `bad-usage`. */
export function hashOf(text: string): Sha256 {
  if (!isSha256(text)) throw badUsage(`${text} is no SHA-256 in lower-case hexadecimal.`, "See: pointsman status");
  return text;
}
