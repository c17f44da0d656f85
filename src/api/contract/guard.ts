import { z } from "zod";
import { idText, version } from "./common.ts";
import { header } from "./status.ts";

const guardNamesMax = 1000;

/** `POST /v1/guard`: services (`login`), records (`login/v4`), names (`login.example.com`) or `name/TYPE`. */
export const guardRequest = z.strictObject({
  v: z.literal(version),
  names: z.array(z.string().min(1).max(300)).min(1).max(guardNamesMax),
});

/** Whether a tool may write these records now. */
export const guardResponse = z.object({
  v: z.literal(version),
  header,
  /** Every record is at home and nothing is in flight. */
  clear: z.boolean(),
  records: z.array(
    z.object({
      /** As it was asked for. */
      asked: z.string(),
      service: idText,
      record: z.string(),
      name: z.string(),
      type: z.string(),
      state: z.enum(["home", "moved", "in-flight", "unknown"]),
      says: z.string(),
    }),
  ),
});
export type GuardResponse = z.infer<typeof guardResponse>;
