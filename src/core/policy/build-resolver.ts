import { nameOf, sure } from "./build-values.ts";
import type { PolicyDocument } from "./document.ts";
import { parseEndpoint } from "./endpoint.ts";
import type { Resolver, ResolverChannel } from "./policy.ts";

type Written = NonNullable<PolicyDocument["resolvers"]>[string];

const portOf = { udp: 53, tcp: 53, dot: 853, doh: 443 } as const;

/** A resolver that the schema and the rules have accepted. */
export function resolverOf(id: string, written: Written): Resolver {
  const endpoint = sure(parseEndpoint(written.address, portOf[written.via]), "an endpoint was accepted by the rules");
  return { id, view: written.view, endpoint, channel: channelOf(written) };
}

function channelOf({ via, name, pins, path }: Written): ResolverChannel {
  if (via === "udp" || via === "tcp") return { via };
  const known = name === undefined ? null : nameOf(name).replace(/(?<=.)\.$/, "");
  return { via, name: known, pins, path: path ?? "/dns-query" };
}
