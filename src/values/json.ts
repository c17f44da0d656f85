import { invariant } from "./invariant.ts";

/** JSON as we hash and sign it: integers only, within ±(2^53-1). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };
export type JsonObject = { readonly [member: string]: Json };

/** Holds where a value of this type is JSON: an interface has no index signature, so it is not assignable by itself. */
type Jsonable<Value> = Value extends Json
  ? Value
  : Value extends undefined | bigint | symbol | ((...given: never[]) => unknown)
    ? never
    : { readonly [Member in keyof Value]: Jsonable<Value[Member]> };

/** A value of JSON's shape, seen as JSON. It does not compile for a value that JSON cannot hold. */
export function asJson<Value extends object>(value: Value & Jsonable<Value>): JsonObject {
  return value as unknown as JsonObject;
}

/** JSON nested deeper than this is refused, so that nobody's input can exhaust the stack. */
export const jsonDepthMax = 64;

/**
 * Canonical JSON: RFC 8785 (JCS) for a subset without fractions. Members in the order of their UTF-16 code units,
 * no white space. Two values are equal when their canonical texts are.
 * @throws InvariantError for a fraction, an unsafe integer, a lone surrogate, `undefined`, or more than {@link jsonDepthMax} levels.
 */
export function canonicalJson(value: Json): string {
  return write(value, 0);
}

const depthPromise = `JSON is at most ${jsonDepthMax} levels deep`;

function write(value: Json, depth: number): string {
  invariant(depth <= jsonDepthMax, depthPromise);
  if (value === null || value === true || value === false) return String(value);
  if (typeof value === "number") {
    invariant(Number.isSafeInteger(value), "a number in canonical JSON is an integer within ±(2^53-1)");
    return Object.is(value, -0) ? "0" : String(value);
  }
  if (typeof value === "string") return writeText(value);
  if (isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  invariant(typeof value === "object", "canonical JSON holds JSON alone");
  // Grown by hand: entries are checked against their canonical text on the way to each durable intent.
  let text = "";
  for (const member of inOrder(Object.keys(value))) {
    const held = value[member];
    invariant(held !== undefined, "no member is undefined");
    text += `${text === "" ? "" : ","}${writeText(member)}:${write(held, depth + 1)}`;
  }
  return `{${text}}`;
}

function writeText(text: string): string {
  invariant(text.isWellFormed(), "a text in canonical JSON has no lone surrogate");
  return JSON.stringify(text);
}

/** Sorted by UTF-16 code units; what was read from canonical text is so already. */
function inOrder(members: readonly string[]): readonly string[] {
  for (let index = 1; index < members.length; index += 1) {
    if ((members[index - 1] ?? "") > (members[index] ?? "")) return members.toSorted();
  }
  return members;
}

// Array.isArray does not narrow readonly arrays.
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * Reads JSON that must already be canonical; `undefined` when it is not, octet for octet. So no two texts read alike:
 * no duplicate member, fraction, escape variant or trailing octet passes.
 */
export function parseCanonicalJson(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
