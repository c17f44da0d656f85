import { nameFromText, type Name } from "../dns/wire/name.ts";
import { invariant } from "../values/invariant.ts";

/** The octets of a name that the core gives as text. */
export function nameOf(text: string): Name {
  const name = nameFromText(text);
  invariant(name !== undefined, `${text} is a domain name`);
  return name;
}
