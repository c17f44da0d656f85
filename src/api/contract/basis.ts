import { z } from "zod";
import { figures, hashText, idText, instantText, version } from "./common.ts";

const keyView = z.object({
  /** As `ssh-keygen -l` prints it. */
  fingerprint: z.string(),
  method: z.enum(["sshsig", "webauthn"]),
  /** The OpenSSH public key; null for a passkey. */
  line: z.string().nullable(),
  enrolledAt: instantText,
  /** From then on nothing that it signs is accepted; null: it stands. */
  revokedAt: instantText.nullable(),
});

const personView = z.object({
  person: idText,
  roles: z.array(z.string()),
  group: z.string(),
  /** OpenSSH public keys of the policy, enrolled or not yet. */
  listed: z.array(z.string()),
  keys: z.array(keyView),
});

const openFailover = z.object({
  failover: idText,
  service: idText,
  planHash: hashText,
  /** The exact plan: its canonical JSON has that hash. */
  plan: figures,
  /** What the gates say of it now; a waiver names those that hold it, with the hash of their figures. */
  gates: z.array(
    z.object({
      gate: z.string(),
      kind: z.string(),
      result: z.string(),
      code: z.string().nullable(),
      says: z.string().nullable(),
      figures,
    }),
  ),
});
export type OpenFailover = z.infer<typeof openFailover>;

/**
 * `GET /v1/basis`: all that a statement that is made now has to name, so that it can be made and shown on a machine that
 * cannot reach the controller.
 */
export const basisResponse = z.object({
  v: z.literal(version),
  at: instantText,
  installation: hashText,
  /** `unsigned`: a trial, where local users act. */
  mode: z.enum(["unsigned", "signed"]),
  policy: z.object({ version: z.int(), hash: hashText }),
  /** The head of the journal. */
  log: z.object({ size: z.int().min(0), root: hashText }),
  people: z.array(personView),
  services: z.array(
    z.object({
      service: idText,
      sites: z.array(z.string()),
      vetoes: z.array(z.string()),
      records: z.array(z.string()),
    }),
  ),
  zones: z.array(z.string()),
  /** Who fills each duty; no roles: a number of people of whatever role. */
  duties: z.array(z.object({ duty: z.string(), roles: z.array(z.string()) })),
  /** Policies that are proposed. */
  proposals: z.array(
    z.object({
      policy: hashText,
      version: z.int(),
      class: z.enum(["neutral", "tightening", "values-only", "widening"]),
      says: z.array(z.string()),
    }),
  ),
  failovers: z.array(openFailover),
  /** Emergency requests that are open, with the terms that everybody who signs one signs. */
  breakGlass: z.array(
    z.object({
      id: z.string(),
      service: idText,
      plan: hashText.nullable(),
      targets: z.array(z.string()),
      moves: z.int(),
      incident: z.string(),
      until: instantText,
    }),
  ),
  /** The statement that disputes the log; null: none does. */
  dispute: hashText.nullable(),
});
export type BasisResponse = z.infer<typeof basisResponse>;

/** `GET /v1/plan?failover=login-17`: the exact plan of an open failover. */
export const failoverPlanQuery = z.strictObject({ failover: idText });
const failoverPlanResponse = z.object({ v: z.literal(version), ...openFailover.shape });
export type FailoverPlanResponse = z.infer<typeof failoverPlanResponse>;
