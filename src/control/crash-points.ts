import type { EffectAction } from "../core/cycle/service-command.ts";

/**
 * The places where a crash hurts most. A test stops the controller at each of them, and starts another on the same
 * journal: nothing is applied twice, and it ends verified.
 */
export type CrashPoint =
  "before-append" | "after-append" | `before-effect:${EffectAction["kind"]}` | `after-effect:${EffectAction["kind"]}`;

export const effectKinds = [
  "read-records",
  "write",
  "read-back",
  "verify",
  "check-service",
  "notify",
] as const satisfies readonly EffectAction["kind"][];

export const crashPoints: readonly CrashPoint[] = [
  "before-append",
  "after-append",
  ...effectKinds.map((kind): CrashPoint => `before-effect:${kind}`),
  ...effectKinds.map((kind): CrashPoint => `after-effect:${kind}`),
];

/** Called at each point. When it throws, the controller stops there, as a process that is killed: `halted` says `crashed`. */
export type CrashHook = (point: CrashPoint) => void;
