import { denialOperators } from "./denials.ts";
import { keyOperators } from "./keys.ts";
import { octetOperators } from "./octets.ts";
import { harmlessOperators, recordOperators } from "./records.ts";
import type { Operator } from "./scene.ts";
import { signatureOperators } from "./signatures.ts";

/** Every way to alter an answer on its way, by what it is called in the figures. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...octetOperators,
    ...signatureOperators,
    ...recordOperators,
    ...denialOperators,
    ...keyOperators,
    ...harmlessOperators,
  }),
);

/** Those after which everything must still be judged as before. */
export const harmless: ReadonlySet<string> = new Set(Object.keys(harmlessOperators));
