import { z } from "zod";
import { instantText } from "./common.ts";
import { findingView } from "./zone.ts";

/** A resolver that the policy lists, as it answered when it was last asked. No decision rests on it. */
export const resolverView = z.object({
  resolver: z.string(),
  /** Null: it was not asked since the start, and nothing is known of it. */
  asked: z.object({ vantage: z.string(), at: instantText, fresh: z.boolean() }).nullable(),
  /** `unclear`, `no-response` and `not-checked` are neither: only one that refused the broken name is `validating`. */
  validation: z.enum(["validating", "not-validating", "no-response", "unclear", "not-checked"]),
  /** Of the transport or the response to the broken name; null: nothing to tell. */
  code: z.string().nullable(),
  watched: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      view: z.enum(["as-expected", "behind", "other", "no-answer", "not-known"]),
      /** It says that it validated it (AD). */
      authenticated: z.boolean(),
      /** Until it asks again, in seconds. */
      ttlLeft: z.int().nullable(),
    }),
  ),
  findings: z.array(findingView),
});
export type ResolverView = z.infer<typeof resolverView>;
