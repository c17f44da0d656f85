import type { Brand } from "./brand.ts";
import { invariant } from "./invariant.ts";

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

export function sequenceOf(value: number): Sequence {
  invariant(Number.isSafeInteger(value) && value >= 0, "a sequence is a whole number, not negative");
  return value as Sequence;
}

export function epochOf(value: number): Epoch {
  invariant(Number.isSafeInteger(value) && value >= 0, "an epoch is a whole number, not negative");
  return value as Epoch;
}

/** @throws InvariantError for an empty id or one of more than 128 characters; input is checked before. */
export function commandId(text: string): CommandId {
  invariant(text.length > 0 && text.length <= 128, "a command's id has 1 to 128 characters");
  return text as CommandId;
}
