import { z } from "zod";
import { isCommandId } from "../../values/ids.ts";
import { durationMs, hashText, idText, instantText, version } from "./common.ts";
import { moveRequest } from "./plan.ts";
import { failoverView, header } from "./status.ts";
import { announcementKind } from "./zone.ts";

const reasonMax = 1000;
const reason = z.string().trim().min(1).max(reasonMax);
/** A year of milliseconds; the controller itself allows less, and says how much. */
const announcementMsMax = 366 * 24 * 3_600_000;
const optionalReason = reason.nullable();
/** Null: all services. */
const serviceOrAll = idText.nullable();

/** What people ask. The reason is sealed in the journal: it can be erased later, and no decision reads it. */
const act = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("move"), service: idText, move: moveRequest, reason }),
  /** Binds the plan that was shown: another plan is refused. */
  z.strictObject({ kind: z.literal("approve"), failover: idText, planHash: hashText, reason: optionalReason }),
  z.strictObject({ kind: z.literal("withdraw"), failover: idText, reason: optionalReason }),
  z.strictObject({ kind: z.literal("veto"), failover: idText, reason: optionalReason }),
  z.strictObject({ kind: z.literal("lift-veto"), service: idText, veto: idText, reason: optionalReason }),
  z.strictObject({ kind: z.literal("rollback"), service: idText, reason: optionalReason }),
  z.strictObject({ kind: z.literal("stop"), service: serviceOrAll, reason: optionalReason }),
  z.strictObject({ kind: z.literal("resume"), service: serviceOrAll, reason: optionalReason }),
  /** `login/v4`, or a name, or `name/TYPE`: exactly one record. */
  z.strictObject({ kind: z.literal("adopt"), record: z.string().min(1).max(300), reason }),
  /** A change that others will make to a zone. `from` null: from now on. Its id is the act's own. */
  z.strictObject({
    kind: z.literal("announce"),
    zone: z.string().min(1).max(300),
    view: idText,
    change: announcementKind,
    from: instantText.nullable(),
    forMs: durationMs.max(announcementMsMax),
    reason,
  }),
  z.strictObject({ kind: z.literal("withdraw-announcement"), announcement: idText, reason: optionalReason }),
]);
export type Act = z.infer<typeof act>;

/**
 * `POST /v1/acts`. `id` is the client's own: sent again, it gives the first result again. `uid` is the user id that the
 * client says it runs under; nothing proves it, the permissions of the socket are the guard, and the journal says
 * `local-user`, unsigned.
 */
export const actRequest = z.strictObject({
  v: z.literal(version),
  id: z.string().refine(isCommandId, "a command id is 8 to 128 letters, digits and ._:-"),
  uid: z.int().min(0),
  act,
});
export type ActRequest = z.infer<typeof actRequest>;

/** Durable when it is sent. */
export const actResponse = z.object({
  v: z.literal(version),
  id: z.string(),
  header,
  /** What the act wrote into the journal; at least one. */
  entries: z.array(z.object({ sequence: z.int().min(0), type: z.string() })).min(1),
  /** The service's open failover after it; null: none, or the act was on all services. */
  failover: failoverView.nullable(),
});
export type ActResponse = z.infer<typeof actResponse>;
