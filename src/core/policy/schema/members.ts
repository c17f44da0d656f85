import { z } from "zod";
import { identifierPattern } from "../../../values/ids.ts";
import { parseDuration, parseInstant } from "../../../values/time.ts";

// What a schema says of a wrong value is a noun phrase, "a duration such as 45s": structure.ts makes the sentence.

/**
 * An object with these members and no others. For an unknown key the message lists the known ones, parted by spaces:
 * structure.ts reads them for its suggestion.
 */
export function members<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? known.join(" ") : `a mapping with ${known.slice(0, 4).join(", ")}`,
  });
}

/** A mapping from ids to values. */
export function byId<Value extends z.core.$ZodType>(value: Value, what: string) {
  return z.record(identifier, value, { error: `a mapping from ids to ${what}` });
}

/** A mapping from domain names to values. */
export function byName<Value extends z.core.$ZodType>(value: Value, what: string) {
  return z.record(domainName, value, { error: `a mapping from domain names to ${what}` });
}

/** A list with at least one item. */
export function some<Item extends z.core.$ZodType>(item: Item, what: string) {
  return z.tuple([item], item, { error: `a list of at least one ${what}` });
}

export function list<Item extends z.core.$ZodType>(item: Item, what: string) {
  return z.array(item, { error: `a list of ${what}` });
}

export const identifier = pattern(identifierPattern, "an id of lower-case letters, digits and hyphens, 63 at most");

const durationWords = "a duration such as 45s, 5m, 24h or 7d, at most ten years";

export const duration = pattern(/^(?:0|[1-9][0-9]{0,11})(?:ms|s|m|h|d)$/, durationWords).refine(
  (written) => parseDuration(written) !== undefined,
  { error: durationWords },
);

const dateWords = "a date such as 2027-06-30, or an instant such as 2027-06-30T12:00:00Z";

export const date = pattern(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,3})?Z)?$/, dateWords).refine(
  (written) => parseInstant(written) !== undefined,
  { error: dateWords },
);

export const percent = pattern(/^(?:[1-9]?[0-9]|100)%$/, "a whole percentage such as 20%");

/** Its labels and its place in a zone are looked at in rules/names.ts. */
export const domainName = pattern(/^[A-Za-z0-9_.-]{1,254}$/, "a domain name such as login.example.com");

/** A domain name, or a wildcard (RFC 4592). */
export const ownerName = pattern(
  /^(?:\*\.)?[A-Za-z0-9_.-]{1,252}$/,
  "a domain name such as login.example.com, or a wildcard such as *.shop.example.com",
);

/** Its form is looked at in rules/places.ts, which also tells a name from a wrong address. */
export const endpoint = text("an IP address, with or without a port, such as 192.0.2.53, 127.0.0.1:5301 or [::1]:5301");

export const address = text("an IP address such as 192.0.2.10");

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

export function flag() {
  return z.boolean({ error: "true or false" });
}

export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, { error: `one of ${words.join(", ")}` });
}

/** Any text of 1 to 65 536 characters. */
export function text(what: string) {
  return z.string({ error: what }).min(1, { error: what }).max(65_536, { error: what });
}

/**
 * The error of a union by `type`. For a kind that it does not have, the message lists those that it has, parted by
 * spaces, as {@link members} does.
 */
export function kinds(what: string, ...words: readonly string[]) {
  return { error: (issue: { readonly code: string }) => (issue.code === "invalid_union" ? words.join(" ") : what) };
}

function pattern(form: RegExp, what: string) {
  return z.string({ error: what }).regex(form, { error: what, abort: true });
}
