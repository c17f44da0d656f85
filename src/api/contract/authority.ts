import { z } from "zod";
import { hashText, instantText } from "./common.ts";

/** A part of a failover's authority that is not there yet, and who could fill it now. */
export const missingDutyView = z.object({
  duty: z.string(),
  role: z.string().nullable(),
  because: z.string().nullable(),
  people: z.array(z.string()),
  says: z.string(),
});

/** Who filled a duty, in which role; `under`: the delegation, the emergency grant or `solo` that gave it. */
export const wordView = z.object({
  duty: z.string(),
  person: z.string(),
  role: z.string(),
  under: z.string().nullable(),
  at: instantText,
});

/** What must be looked at afterwards, until somebody who took no part closes it. */
export const reviewView = z.object({
  id: z.string(),
  kind: z.string(),
  subject: z.string(),
  openedAt: instantText,
  dueAt: instantText,
  overdue: z.boolean(),
});
export type ReviewView = z.infer<typeof reviewView>;

/** Who holds what authority beside the policy's own, and what waits for people. */
export const authorityView = z.object({
  /** `unsigned`: a trial, where local users act. */
  mode: z.enum(["unsigned", "signed"]),
  /** People of the policy without an SSH key that is enrolled and stands. */
  notEnrolled: z.array(z.string()),
  delegations: z.array(
    z.object({
      id: z.string(),
      from: z.string(),
      to: z.string(),
      duties: z.array(z.string()),
      services: z.union([z.literal("all"), z.array(z.string())]),
      since: instantText,
      until: instantText,
    }),
  ),
  breakGlass: z.array(
    z.object({
      id: z.string(),
      /** To be compared over the telephone before it is signed. */
      words: z.array(z.string()),
      service: z.string(),
      plan: hashText.nullable(),
      targets: z.array(z.string()),
      moves: z.int(),
      used: z.array(z.string()),
      incident: z.string(),
      requester: z.string(),
      signers: z.array(z.string()),
      need: z.int(),
      /** Null: not enough have signed. */
      grantedAt: instantText.nullable(),
      until: instantText,
    }),
  ),
  reviews: z.array(reviewView),
  /** A statement names a head of the log that this journal does not contain: nothing is written. Null: none does. */
  dispute: z
    .object({ statement: hashText, by: z.string(), at: instantText, resumedBy: z.array(z.string()) })
    .nullable(),
  recoveries: z.array(
    z.object({
      id: z.string(),
      person: z.string(),
      signers: z.int(),
      objections: z.array(z.string()),
      askedAt: instantText,
    }),
  ),
  proposals: z.array(
    z.object({
      policy: hashText,
      version: z.int(),
      class: z.string(),
      notBefore: instantText,
      signers: z.array(z.string()),
      objections: z.array(z.string()),
    }),
  ),
});
export type AuthorityView = z.infer<typeof authorityView>;
