import { z } from "zod";
import {
  byId,
  byName,
  date,
  endpoint,
  flag,
  identifier,
  kinds,
  list,
  members,
  oneOf,
  some,
  text,
  whole,
} from "./members.ts";
import { signing } from "./signing.ts";

const dependsOn = list(identifier, "dependencies")
  .default([])
  .meta({ description: "Ids of the dependencies without which it does not work." });

export const dependencies = byId(
  members({
    kind: oneOf("facility", "account", "network", "registrar", "identity-provider", "third-party"),
    owner: identifier.meta({ description: "The person who answers for it." }),
  }),
  "dependencies",
);

export const sites = byId(
  members({
    region: identifier,
    jurisdiction: text("the code of a jurisdiction, such as DE"),
    capacity: whole(1, 1_000_000_000)
      .optional()
      .meta({ description: "What it can carry, in the unit of the services' demand. Left out: not declared." }),
    dependsOn,
  }),
  "sites",
);

export const vantages = byId(
  members({
    domain: identifier.meta({ description: "Vantages that can fail together are of one domain, and have one voice." }),
    key: text("the vantage's public key, such as ed25519: and 44 characters of base64").optional(),
    views: some(identifier, "view")
      .default(["public"])
      .meta({ description: "The views whose nameservers it looks at, as one of their audience. Left out: public." }),
  }),
  "vantages",
);

const path = z.discriminatedUnion(
  "type",
  [
    members({
      name: identifier,
      type: z.literal("rfc2136"),
      server: endpoint.meta({ description: "Address and port of the primary that takes UPDATE messages." }),
      credential: identifier.meta({ description: "The name of a credential in the settings; never the key itself." }),
      dependsOn,
    }),
    members({
      name: identifier,
      type: z.literal("manual"),
      instructions: text("what a person does to change the record by hand"),
      dependsOn,
    }),
  ],
  kinds("a change path with name and type", "rfc2136", "manual"),
);

export const providers = byId(
  members({
    nameservers: byName(some(endpoint, "address"), "addresses").meta({
      description: "Every nameserver that publishes the zones, with all of its addresses.",
    }),
    paths: some(path, "change path").meta({ description: "In the order in which they are tried." }),
    notify: flag()
      .default(true)
      .meta({ description: "Pointsman itself sends NOTIFY to the nameservers after a change (RFC 1996)." }),
    fence: flag().default(true).meta({
      description: "Each write carries a fence, so that the nameserver itself refuses one that comes late.",
    }),
  }),
  "providers",
);

const publication = {
  dnssec: oneOf("required", "unsigned")
    .default("unsigned")
    .meta({ description: "required: nothing counts as recovered until it validates." }),
  signing: signing.optional().meta({
    description:
      "How it is signed and its keys are rolled. Left out: each change of a key is an alarm unless announced.",
  }),
};

export const zones = byName(
  members({
    providers: some(identifier, "provider")
      .optional()
      .meta({ description: "Who publishes it to all, in the view public. Left out: other views alone have it." }),
    ...publication,
    views: byId(members({ providers: some(identifier, "provider"), ...publication }), "views")
      .optional()
      .meta({ description: "The same zone for other audiences, each by providers of its own (split horizon)." }),
    expires: date.optional().meta({
      description:
        "When its registration ends, as the registrar says: it is told in the last 30 days. Left out: not known.",
    }),
  }),
  "zones",
);
