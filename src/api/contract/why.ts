import { z } from "zod";
import { missingDutyView, reviewView } from "./authority.ts";
import { gateView, idText, version } from "./common.ts";
import { header } from "./status.ts";

/** `GET /v1/why?service=ID` */
export const whyQuery = z.strictObject({ service: idText });

export const whyResponse = z.object({
  v: z.literal(version),
  header,
  service: idText,
  says: z.string(),
  initiatives: z.array(
    z.object({
      initiative: z.string(),
      authority: z.enum(["pre-authorised", "approve", "reverse", "rollback-criteria"]),
      signal: z.enum(["holds", "pending", "clear", "unknown"]),
      signalSays: z.string(),
      move: z.string(),
      gates: z.array(gateView),
      says: z.string(),
    }),
  ),
  failover: z
    .object({
      id: idText,
      status: z.string(),
      says: z.string(),
      gates: z.array(gateView),
      commands: z.array(z.string()),
      /** What its authority still lacks, and who could fill it; empty in an unsigned trial. */
      missing: z.array(missingDutyView),
      /** Gates that people took upon themselves. */
      waivers: z.array(z.object({ person: z.string(), gate: z.string(), code: z.string() })),
    })
    .nullable(),
  holds: z.array(z.object({ code: z.string(), says: z.string(), command: z.string().nullable() })),
  /** What must be looked at afterwards, until somebody who took no part closes it. */
  reviews: z.array(reviewView),
  commands: z.array(z.string()),
});
export type WhyResponse = z.infer<typeof whyResponse>;
