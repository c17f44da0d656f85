import { z } from "zod";
import type { Json } from "../../values/json.ts";

/** What reads one kind of message, and the messages that it lets through. */
export type { output as Output, ZodType as Schema } from "zod";

/**
 * The contract of the local API, version 1. Instants are RFC 3339 in UTC with milliseconds; members that end in `Ms` are
 * whole milliseconds, `ttl` is seconds; names are absolute, with their final dot; RDATA is master-file text (RFC 1035 §5).
 * Requests with unknown members are refused. Responses may grow: clients leave out what they do not know.
 */
export const version = 1;

/** RFC 3339 in UTC with milliseconds: `2026-11-22T03:00:00.000Z`. */
export const instantText = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
export const durationMs = z.int().min(0);
/** Ids in a policy, and `login-17`. */
export const idText = z.string().min(1).max(128);
export const hashText = z.string().regex(/^[0-9a-f]{64}$/);

/** Codes, numbers with their unit in the name, and ids. */
export const figures = z.record(
  z.string(),
  z.custom<Json>((value) => z.json().safeParse(value).success),
);

/** What was refused, with its figures and how to mend it. Never a stack trace or a secret. */
export const refusal = z.object({
  code: z.string(),
  says: z.string(),
  figures,
  mend: z.string(),
});
export const refusalResponse = z.object({ v: z.literal(version), refusal });
export type RefusalView = z.infer<typeof refusal>;

/** Who did it. `id` is opaque: `uid:1000` for a local user, as the client claimed it. */
export const sender = z.object({ kind: z.string(), id: z.string(), method: z.string() });
export type SenderView = z.infer<typeof sender>;

export const rrsetView = z.union([
  z.literal("absent"),
  z.object({ ttl: z.int().min(0), data: z.array(z.string()).min(1) }),
]);
export type RRsetView = z.infer<typeof rrsetView>;

/** Active sites of each segment. `share` is percent, null where providers cannot weigh; `without`: records withdrawn there. */
export const placement = z.array(
  z.object({
    segment: z.string(),
    sites: z.array(z.object({ site: z.string(), share: z.number().nullable(), without: z.array(z.string()) })).min(1),
  }),
);
export type PlacementView = z.infer<typeof placement>;

/** What one gate said. `warn`: an automatic gate that refuses, on a person's move. */
export const gateView = z.object({
  gate: z.string(),
  kind: z.enum(["absolute", "automatic", "judgement"]),
  result: z.enum(["pass", "warn", "refuse", "wait"]),
  code: z.string().nullable(),
  says: z.string().nullable(),
  mend: z.string().nullable(),
  until: instantText.nullable(),
  figures,
});
export type GateView = z.infer<typeof gateView>;

/** Something that people should know of, and the command that deals with it; null: none does. */
export const attention = z.object({
  /** An `alarm` makes the status not healthy; a `notice` does not. */
  level: z.enum(["alarm", "notice"]),
  service: z.string().nullable(),
  code: z.string(),
  says: z.string(),
  command: z.string().nullable(),
});
export type Attention = z.infer<typeof attention>;

/** Where each request goes. */
export const paths = {
  status: "/v1/status",
  why: "/v1/why",
  plan: "/v1/plan",
  acts: "/v1/acts",
  statements: "/v1/statements",
  basis: "/v1/basis",
  policy: "/v1/policy",
  /** On the listener, which has nothing else: what is read is no statement. */
  listener: "/statements",
  guard: "/v1/guard",
  export: "/v1/export",
  events: "/v1/events",
} as const;
