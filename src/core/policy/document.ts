import { z } from "zod";
import { isSha256 } from "../../values/sha256.ts";
import { duration, endpoint, flag, list, members, text, whole } from "./schema/members.ts";
import { authority, people } from "./schema/people.ts";
import { dependencies, providers, sites, vantages, zones } from "./schema/places.ts";
import { brokenName, resolvers } from "./schema/resolvers.ts";
import { services } from "./schema/service.ts";

/** The policy as it is written (design §6). Its format is apart from its version. */
export const policyDocument = members({
  format: z.literal(1, { error: "1, the only format so far" }).default(1),
  version: whole(1, 2 ** 31 - 1).meta({ description: "Grows with every change of the policy, and never goes back." }),
  follows: text("the SHA-256 of the policy before it, 64 hexadecimal digits")
    .refine(isSha256, "the SHA-256 of the policy before it, 64 hexadecimal digits")
    .optional()
    .meta({ description: "The policy that it follows, as pointsman policy status prints it. The first has none." }),
  lab: flag().default(false).meta({
    description: "All on one machine: its vantages count as independent. Refused with a globally routable address.",
  }),
  people,
  authority,
  dependencies: dependencies.default({}),
  sites,
  vantages,
  controls: list(endpoint, "addresses")
    .optional()
    .meta({ description: "Places that should always answer. Left out: the nameservers of the providers." }),
  providers,
  zones,
  resolvers: resolvers.optional().meta({
    description: "Resolvers that are asked once a minute whether they validate, and what they answer.",
  }),
  brokenName: brokenName.optional(),
  services,
  blastRadius: members({ services: whole(1, 1_000_000), per: duration })
    .default({ services: 10, per: "10m" })
    .meta({ description: "No more services than this move by themselves in this time." }),
});

export type PolicyDocument = z.output<typeof policyDocument>;

/**
 * What is left of a document without the parts that have the wrong form: all that stands is well formed, and anything
 * may be missing. Rules read this, so that one finding never hides another.
 */
export type SoundPolicy = Sound<z.input<typeof policyDocument>>;

export type Sound<Value> = Value extends readonly (infer Item)[]
  ? readonly (Sound<Item> | undefined)[]
  : Value extends object
    ? { readonly [Member in keyof Value]?: Sound<Value[Member]> | undefined }
    : Value;

export type SoundService = NonNullable<NonNullable<SoundPolicy["services"]>[string]>;
export type SoundBand = NonNullable<NonNullable<SoundService["bands"]>[number]>;
