import { z } from "zod";
import { isFingerprint } from "../policy/ssh-key.ts";
import { identifierPattern } from "../../values/ids.ts";
import { asJson, canonicalJson } from "../../values/json.ts";
import { utf8 } from "../../values/octets.ts";
import { isSha256, sha256, type Sha256 } from "../../values/sha256.ts";
import { instant, type Instant } from "../../values/time.ts";

/** Every act that a person can sign (design §7). The names are in namespaces and journals: they never change meaning. */
export const statementKinds = [
  "declare",
  "validate",
  "approve",
  "execute",
  "reverse",
  "veto",
  "lift-veto",
  "withdraw",
  "delegate",
  "break-glass",
  "waive",
  "contain",
  "handover",
  "take-back",
  "stop",
  "resume",
  "force-verdict",
  "adopt",
  "announce",
  "adopt-policy",
  "object",
  "enrol",
  "revoke-key",
  "recover",
  "path-done",
  "credential-rotated",
  "close-review",
  "erase",
] as const;
export type StatementKind = (typeof statementKinds)[number];

/** The SSHSIG namespace of a kind: a signature for one act is none for another. */
export function namespaceOf(kind: StatementKind): string {
  return `${kind}@pointsman`;
}

const sha = z.string().refine(isSha256);
const time = z.int().transform((ms): Instant => instant(ms));
const identifier = z.string().regex(identifierPattern);
// Visible ASCII: two names that look alike are then the same name, and no name can look like the end of a line.
const visible = z.string().regex(/^[\x21-\x7e]{1,255}$/);

/** The form of every statement; the terms are read by their kind. */
export const statementFrame = z.strictObject({
  v: z.literal(1),
  kind: z.enum(statementKinds),
  /** Hash of the installation's first entry. */
  installation: sha,
  /** 128 bits, lower-case hexadecimal; never used twice. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  by: z.strictObject({
    person: identifier,
    /** Fingerprint, as `ssh-keygen -l` prints it: `SHA256:` and 43 characters of base64. */
    key: z.string().refine(isFingerprint),
  }),
  /** In what capacity: null where the act is no duty. */
  as: z.strictObject({
    duty: identifier.nullable(),
    role: identifier.nullable(),
    /** Id of the delegation or the break-glass grant that gives the duty. */
    delegation: visible.nullable(),
  }),
  /** What it is about. `hash` binds an object that lies outside of the statement: a plan, a policy, a change. */
  subject: z.strictObject({ type: identifier, id: visible, hash: sha.nullable() }),
  /** What the kind needs beside the subject; terms.ts has each kind's form. */
  terms: z.record(z.string(), z.json()),
  /** The effect in plain English, a line each, as the core renders it from what is signed. */
  says: z.array(z.string().max(4096)).min(1).max(256),
  /** Hash of what the signer was shown beside the plan, such as the gates' reports; null: nothing. */
  basis: sha.nullable(),
  policy: z.strictObject({ version: z.int().min(1), hash: sha }),
  /** The journal's head as the signer saw it. */
  log: z.strictObject({ size: z.int().min(1), root: sha }),
  /** A reference of the signer's own; it authorises nothing. */
  incident: z
    .string()
    .regex(/^[\x20-\x7e]{1,128}$/)
    .nullable(),
  /** Commitment to the reason's text, which is kept beside the log. */
  reason: sha.nullable(),
  notBefore: time,
  expires: time,
});

/** A sentence of a person, before it is signed. */
export type Statement = z.infer<typeof statementFrame>;

/** A statement with its signature, as it is carried, submitted and kept. JSON. */
export interface SignedStatement {
  /** Canonical JSON (RFC 8785): these very octets are signed. */
  readonly statement: string;
  readonly proof: Proof;
}

export type Proof =
  /** Base64 of the SSHSIG blob (OpenSSH PROTOCOL.sshsig), without its armour. */
  | { readonly method: "sshsig"; readonly signature: string }
  /** All base64. The challenge in `clientData` is SHA-256 of the statement's octets. */
  | {
      readonly method: "webauthn";
      readonly authenticatorData: string;
      readonly clientData: string;
      readonly signature: string;
    };

/** The octets that are signed, as text. */
export function statementText(statement: Statement): string {
  return canonicalJson(asJson(statement));
}

/** What entries, reviews and other statements name it by. */
export function statementHash(signed: Pick<SignedStatement, "statement">): Sha256 {
  return sha256(utf8(signed.statement));
}
