import { z } from "zod";
import { figures, hashText, idText, instantText, version } from "./common.ts";

const proposalView = z.object({
  policy: hashText,
  version: z.int(),
  class: z.enum(["neutral", "tightening", "values-only", "widening"]),
  /** The meaning of the difference, a sentence each. */
  says: z.array(z.string()),
  /** It is adopted no sooner. */
  notBefore: instantText,
  /** People to whom it gives more: their signatures do not count for it. */
  gainers: z.array(idText),
  signed: z.array(z.object({ person: idText, duty: z.string(), role: z.string(), at: instantText })),
  objections: z.array(idText),
  /** What it still needs, a sentence each. */
  lacking: z.array(z.string()),
});
export type ProposalView = z.infer<typeof proposalView>;

/** `GET /v1/policy`: the policy in force, and those that are proposed. */
export const policyResponse = z.object({
  v: z.literal(version),
  at: instantText,
  /** `unsigned`: a trial, where the file is adopted at a start. */
  mode: z.enum(["unsigned", "signed"]),
  version: z.int(),
  hash: hashText,
  /** `policy`: with its defaults, as differences are read from it. */
  document: figures,
  /** The file of the controller's machine where it is another policy; null: it is this one. */
  file: z.object({ version: z.int(), hash: hashText }).nullable(),
  proposals: z.array(proposalView),
});
export type PolicyResponse = z.infer<typeof policyResponse>;

/** `POST /v1/policy`: hands in a policy's document, in canonical JSON, so that people may sign it. */
export const handInRequest = z.strictObject({ v: z.literal(version), document: z.string().min(2) });
export const handInResponse = z.object({ v: z.literal(version), proposal: proposalView });
export type HandInResponse = z.infer<typeof handInResponse>;
