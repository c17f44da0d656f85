import { byId, domainName, endpoint, identifier, list, members, oneOf, text } from "./members.ts";

/** Resolvers that are asked what they answer, and by what they are known where they are spoken to over TLS. */
export const resolvers = byId(
  members({
    address: endpoint.meta({ description: "Left out, the port is 53, over dot 853, over doh 443." }),
    via: oneOf("udp", "tcp", "dot", "doh").default("udp").meta({
      description: "How it is spoken to: DNS over TLS (RFC 7858), over HTTPS (RFC 8484), or in the clear.",
    }),
    name: domainName
      .optional()
      .meta({ description: "Over dot and doh: whom its certificate must be made out to. Left out: a pin says it." }),
    pins: list(text("the base64 of a SHA-256"), "pins").default([]).meta({
      description:
        "Over dot and doh: SHA-256 over the key of its certificate, in base64 (RFC 7858). It must have one of them.",
    }),
    view: identifier.default("public").meta({ description: "The view of its users. Left out: public." }),
    path: text("a path such as /dns-query")
      .optional()
      .meta({ description: "Over doh: the resource that answers. Left out: /dns-query." }),
  }),
  "resolvers",
);

export const brokenName = domainName.meta({
  description:
    "A name with an A record whose zone is signed and deliberately bogus. Each resolver is asked for it: one that answers does not validate. Left out: whether resolvers validate is not checked.",
});
