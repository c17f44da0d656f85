import { z } from "zod";
import { gateView, hashText, idText, instantText, placement, rrsetView, version } from "./common.ts";
import { header } from "./status.ts";

/** What a person may declare. */
export const moveRequest = z.strictObject({ kind: z.enum(["to", "drain", "add"]), site: idText });
export type MoveRequest = z.infer<typeof moveRequest>;

/** `POST /v1/plan`: what would change; changes nothing. */
export const planRequest = z.strictObject({ v: z.literal(version), service: idText, move: moveRequest });
export type PlanRequest = z.infer<typeof planRequest>;

export const planResponse = z.object({
  v: z.literal(version),
  header,
  service: idText,
  /** The id that the failover would have. */
  failover: idText,
  purpose: z.string(),
  scope: z.enum(["partial", "regional", "full"]),
  planHash: hashText,
  expiresAt: instantText,
  /** The effect in plain English, rendered from the plan alone. */
  says: z.array(z.string()),
  placementBefore: placement,
  placementAfter: placement,
  changes: z.array(
    z.object({
      step: z.int().min(1),
      provider: z.string(),
      view: z.string(),
      zone: z.string(),
      record: z.string(),
      name: z.string(),
      type: z.string(),
      before: rrsetView,
      after: rrsetView,
    }),
  ),
  needs: z.enum(["nothing", "approve", "reverse"]),
  /** The same change by hand, as input for nsupdate. */
  manual: z.array(z.string()),
  /** Ids of the people of the policy who hold the duty that it needs. */
  whoCanAct: z.array(z.string()),
  gates: z.array(gateView),
  /** No gate refuses or waits. */
  passes: z.boolean(),
});
export type PlanResponse = z.infer<typeof planResponse>;
