import { z } from "zod";
import { hashText, version } from "./common.ts";

/** Characters of base64 in a proof at most, each member. */
const base64Max = 16_384;
const base64 = z.string().max(base64Max);
/** UTF-16 units of a statement at most: four times what is taken, so that the controller itself says what is too large. */
const statementMax = 131_072;

const proof = z.discriminatedUnion("method", [
  /** The SSHSIG blob: what stands between the two lines of ssh-keygen's file. */
  z.strictObject({ method: z.literal("sshsig"), signature: base64 }),
  z.strictObject({
    method: z.literal("webauthn"),
    authenticatorData: base64,
    clientData: base64,
    signature: base64,
  }),
]);

/** What opens the commitment to the reason, as `pointsman statement make` writes it: 32 octets of salt, and the text, in base64. */
export const reasonFile = z.strictObject({ salt: base64, value: base64 });
export type ReasonFile = z.infer<typeof reasonFile>;

/** A statement with its signature, in one file: `*.statement` of the drop folder. */
export const statementFile = z.strictObject({
  /** Canonical JSON: these very octets are signed. */
  statement: z.string().max(statementMax),
  proof,
  reason: reasonFile.nullable().default(null),
});
export type StatementFile = z.infer<typeof statementFile>;

/** `POST /v1/statements`, on the socket and on the listener. It needs no session: the signature is what is trusted. */
export const statementRequest = z.strictObject({ v: z.literal(version), ...statementFile.shape });

/** Durable when it is sent. The same statement again is given the same. */
export const statementResponse = z.object({
  v: z.literal(version),
  /** SHA-256 of its octets: what the journal and other statements name it by. */
  statement: hashText,
  /** What it wrote into the journal; at least one. */
  entries: z.array(z.object({ sequence: z.int().min(0), type: z.string() })).min(1),
});
export type StatementResponse = z.infer<typeof statementResponse>;
