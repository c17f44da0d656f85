import { invariant } from "../../../values/invariant.ts";
import { concat } from "../../../values/octets.ts";
import { isWithin, nameFromOctets, parentOf, rootName, type Name } from "../../wire/name.ts";
import { rrtype } from "../../wire/rrtype.ts";

/** Whether a name with these types is a zone cut, as the zone above sees it (RFC 6840 §4.1). */
export function isCut(types: ReadonlySet<number>): boolean {
  return types.has(rrtype.NS) && !types.has(rrtype.SOA);
}

/** Whether what is below a name with these types is for others to say: a cut, or a DNAME (RFC 6840 §4.1). */
export function endsZoneBelow(types: ReadonlySet<number>): boolean {
  return isCut(types) || types.has(rrtype.DNAME);
}

/** Whether `name` is below `ancestor` and not `ancestor` itself. */
export function isBelow(name: Name, ancestor: Name): boolean {
  return name.length > ancestor.length && isWithin(name, ancestor);
}

/** The longest name that both are or are below. */
export function commonAncestor(a: Name, b: Name): Name {
  let ancestor: Name | undefined = a;
  while (ancestor !== undefined && !isWithin(b, ancestor)) ancestor = parentOf(ancestor);
  return ancestor ?? rootName;
}

/** The name of one label more than `encloser` on the way down to `name` (RFC 5155 §1.3); `name` MUST be below it. */
export function nextCloser(name: Name, encloser: Name): Name {
  invariant(isBelow(name, encloser), "a next closer name is below its encloser");
  let closer = name;
  for (let above = parentOf(name); above !== undefined && above.length > encloser.length; above = parentOf(above)) {
    closer = above;
  }
  return closer;
}

/** `*.encloser`: the source of synthesis for names below (RFC 4592 §3.3.1). Some name MUST be below `encloser`. */
export function wildcardAt(encloser: Name): Name {
  const wildcard = nameFromOctets(concat(Uint8Array.of(1, 0x2a), encloser));
  invariant(wildcard !== undefined, "where a name of one label more fits, the wildcard fits");
  return wildcard;
}
