declare const brand: unique symbol;

/** A value that only its own maker may make: a plain `Value` is not assignable to it. */
export type Brand<Value, Label extends string> = Value & { readonly [brand]: Label };
