/** A question to a value of unknown origin. */
export type Is<Value> = (value: unknown) => value is Value;

/** A small strict checker, for what is hashed: nothing is converted, and a member that is not named is refused. */
export function isRecord<Shape>(members: { readonly [Member in keyof Shape]-?: Is<Shape[Member]> }): Is<Shape> {
  const checks = Object.entries<Is<unknown>>(members);
  return (value): value is Shape =>
    isObject(value) &&
    Object.keys(value).length === checks.length &&
    checks.every(([member, check]) => Object.hasOwn(value, member) && check(value[member]));
}

/** Members of any name that `name` accepts, each with a value that `check` accepts. */
export function isMap<Value>(
  name: (text: string) => boolean,
  check: Is<Value>,
): Is<{ readonly [member: string]: Value }> {
  return (value): value is { readonly [member: string]: Value } =>
    isObject(value) && Object.entries(value).every(([member, held]) => name(member) && check(held));
}

export function isList<Value>(check: Is<Value>): Is<readonly Value[]> {
  return (value): value is readonly Value[] => Array.isArray(value) && value.every(check);
}

export function isNullOr<Value>(check: Is<Value>): Is<Value | null> {
  return (value): value is Value | null => value === null || check(value);
}

export function isExactly<const Value extends string | number>(expected: Value): Is<Value> {
  return (value): value is Value => value === expected;
}

export function isText<Text extends string>(holds: (text: string) => boolean): Is<Text> {
  return (value): value is Text => typeof value === "string" && holds(value);
}

/** A whole number of `least` or more, within ±(2^53-1). */
export function isWhole<Count extends number>(least: number): Is<Count> {
  return (value): value is Count => Number.isSafeInteger(value) && Number(value) >= least;
}

export function isObject(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
