import { canonicalText, nameFromOctets } from "../../dns/wire/name.ts";

/** The absolute lower-case text of RDATA that is a name, as in NS; none where it is not. */
export function nameText(rdata: Uint8Array): readonly string[] {
  const name = nameFromOctets(rdata);
  return name === undefined ? [] : [canonicalText(name)];
}
