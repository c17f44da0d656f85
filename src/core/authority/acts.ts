import type { Duty } from "../policy/policy.ts";
import type { StatementKind } from "./statement.ts";

/** In which duty an act may be signed; null: in none, by whoever the act asks for. The first is what a form offers. */
export const dutiesOfAct: { readonly [Kind in StatementKind]: readonly [Duty | null, ...(Duty | null)[]] } = {
  // The way home, and the undoing of a move, may be asked for by those who may reverse.
  declare: ["declare", "reverse"],
  validate: ["validate"],
  approve: ["approve"],
  execute: ["execute"],
  reverse: ["reverse"],
  veto: ["veto"],
  "lift-veto": ["veto"],
  // A barred site is cleared by those who may bar it.
  withdraw: [null, "contain"],
  delegate: [null],
  "break-glass": [null],
  waive: ["waive"],
  contain: ["contain"],
  handover: [null],
  "take-back": [null],
  stop: [null],
  resume: [null],
  "force-verdict": [null],
  adopt: [null],
  announce: [null],
  "adopt-policy": ["adopt"],
  object: [null],
  enrol: [null],
  "revoke-key": [null],
  recover: [null],
  "path-done": [null],
  "credential-rotated": [null],
  "close-review": [null],
  erase: [null],
};
