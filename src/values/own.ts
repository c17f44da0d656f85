/** A member of an object whose keys are data: never one that it inherits, such as `constructor`. */
export function own<Value>(object: { readonly [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
