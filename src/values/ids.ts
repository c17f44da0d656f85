import type { Brand } from "./brand.ts";

/** The place of an entry in the journal: 0 for the first, dense, equal to its leaf's index in the Merkle tree. */
export type Sequence = Brand<number, "Sequence">;
/** A claim of the journal's one writer; it grows at each start. */
export type Epoch = Brand<number, "Epoch">;
/** What its sender calls a command; the same id again returns the first result. At most 128 characters. */
export type CommandId = Brand<string, "CommandId">;

/** Ids in a policy: lower-case letters, digits and hyphens, 63 at most, as a DNS label would allow. */
export const identifierPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** 8 to 128 letters, digits and `._:-`: long enough that a client's random id is its own. */
export function isCommandId(text: string): text is CommandId {
  return /^[A-Za-z0-9._:-]{8,128}$/.test(text);
}
