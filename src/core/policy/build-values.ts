import { invariant } from "../../values/invariant.ts";
import { isNonEmpty, type NonEmpty } from "../../values/non-empty.ts";
import { parseDuration, parseInstant, type DurationMs, type Instant } from "../../values/time.ts";
import { parseEndpoint } from "./endpoint.ts";
import { canonicalAddress, canonicalNameText } from "./names.ts";
import type { Endpoint } from "./policy.ts";

// Readers of values that the schema and the rules have accepted: what they cannot read is a bug of ours.

export function ms(text: string): DurationMs {
  return sure(parseDuration(text), "a duration was accepted by the schema");
}

export function instantOf(text: string): Instant {
  return sure(parseInstant(text), "a date was accepted by the schema");
}

export function nameOf(text: string): string {
  return sure(canonicalNameText(text), "a name was accepted by the rules");
}

export function addressOf(text: string): string {
  return sure(canonicalAddress(text), "an address was accepted by the rules");
}

export function endpointOf(text: string): Endpoint {
  return sure(parseEndpoint(text), "an endpoint was accepted by the rules");
}

/** The one member of a mapping that the rules hold to one pair. */
export function pairOf(members: { readonly [key: string]: string }): readonly [string, string] {
  return sure(Object.entries(members)[0], "a pair was accepted by the rules");
}

export function mapOf<Written, Built>(
  written: { readonly [id: string]: Written },
  build: (id: string, written: Written) => Built,
): ReadonlyMap<string, Built> {
  return new Map(Object.entries(written).map(([id, value]) => [id, build(id, value)]));
}

/** As `map`, of a list that the schema or the rules hold to one item at least. */
export function each<Item, Built>(list: readonly Item[], build: (item: Item) => Built): NonEmpty<Built> {
  const built = list.map((item) => build(item));
  invariant(isNonEmpty(built), "a list was accepted with one item at least");
  return built;
}

export function sure<Value>(value: Value | undefined, promise: string): Value {
  invariant(value !== undefined, promise);
  return value;
}
