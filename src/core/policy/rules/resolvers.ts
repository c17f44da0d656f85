import { fromBase64 } from "../../../values/octets.ts";
import type { SoundPolicy } from "../document.ts";
import { error, type DocumentPath, type Finding } from "../finding.ts";
import { canonicalNameText } from "../names.ts";
import { entriesOf, itemsOf, malformed, repeated } from "./walk.ts";

type SoundResolver = NonNullable<NonNullable<SoundPolicy["resolvers"]>[string]>;

/** Resolvers over TLS say by what they are known, others have nothing to be known by; the broken name is a name. */
export function* resolverRules({ resolvers, brokenName }: SoundPolicy): Iterable<Finding> {
  if (brokenName !== undefined && canonicalNameText(brokenName) === undefined)
    yield malformed(["brokenName"], brokenName, "a domain name, each label of 1 to 63 octets");
  for (const [id, resolver] of entriesOf(resolvers)) {
    const path = ["resolvers", id];
    yield* identity(resolver, path);
    if (resolver.name !== undefined && canonicalNameText(resolver.name) === undefined)
      yield malformed([...path, "name"], resolver.name, "a domain name, each label of 1 to 63 octets");
    for (const [index, pin] of itemsOf(resolver.pins))
      if (fromBase64(pin)?.length !== 32) yield malformed([...path, "pins", index], pin, "the base64 of 32 octets");
    yield* repeated(resolver.pins, [...path, "pins"]);
    if (resolver.path !== undefined && !/^\/[!-~]*$/.test(resolver.path))
      yield malformed([...path, "path"], resolver.path, "a path that begins with /, such as /dns-query");
  }
}

function* identity(resolver: SoundResolver, path: DocumentPath): Iterable<Finding> {
  // A `via` that could not be read is told of already.
  const via = "via" in resolver ? resolver.via : "udp";
  if (via === undefined) return;
  const overTls = via === "dot" || via === "doh";
  const needless = overTls ? (via === "dot" ? ["path"] : []) : ["name", "pins", "path"];
  for (const member of needless) {
    if (!Object.hasOwn(resolver, member)) continue;
    yield error({
      code: "not-over-this",
      path: [...path, member],
      at: "key",
      says: `A resolver over ${via} has no ${member}.`,
      mend: `Leave ${member} out, or write via: ${member === "path" ? "doh" : "dot or via: doh"}.`,
    });
  }
  if (overTls && !Object.hasOwn(resolver, "name") && (resolver.pins ?? []).length === 0)
    yield error({
      code: "missing",
      path: [...path, "name"],
      at: "key",
      says: `Nothing says by what the resolver is known over ${via}.`,
      mend: "Add name: whom its certificate is made out to, or pins: of its key.",
    });
}
