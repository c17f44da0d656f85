import { z } from "zod";
import { idText, rrsetView, version } from "./common.ts";
import { header } from "./status.ts";

/** `GET /v1/export`: the values that now stand, by the journal. */
export const exportResponse = z.object({
  v: z.literal(version),
  header,
  records: z.array(
    z.object({
      service: idText,
      record: z.string(),
      view: idText,
      zone: z.string(),
      name: z.string(),
      type: z.enum(["A", "AAAA", "CNAME"]),
      /** Null until the baseline is established. */
      rrset: rrsetView.nullable(),
      /** A failover is changing it: what stands may be another value by now. */
      inFlight: z.boolean(),
      /** What nameservers answer differs from the value here. */
      drifted: z.boolean(),
    }),
  ),
});
export type ExportResponse = z.infer<typeof exportResponse>;
