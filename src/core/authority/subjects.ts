import { identifierPattern } from "../../values/ids.ts";
import { isSha256 } from "../../values/sha256.ts";
import { isFingerprint } from "../policy/ssh-key.ts";
import type { Statement } from "./statement.ts";

/**
 * What statements are about: how each type is named, and whether the subject's hash binds it (then it is required, and
 * otherwise null). One table, for those who make statements and for those who read them.
 */
const table = new Map<string, { readonly named: (id: string) => boolean; readonly bound: boolean }>([
  ["service", { named: isIdentifier, bound: false }],
  /** The failover's id, and the plan's hash. */
  ["plan", { named: (id) => serviceOfFailover(id) !== undefined, bound: true }],
  /** The version in digits, and the policy's hash. */
  ["policy", { named: (id) => /^[1-9][0-9]{0,8}$/.test(id), bound: true }],
  ["person", { named: isIdentifier, bound: false }],
  /** The fingerprint. */
  ["key", { named: isFingerprint, bound: false }],
  ["veto", { named: isVisible, bound: false }],
  ["delegation", { named: isVisible, bound: false }],
  /** SHA-256 over the canonical JSON of the request's terms. */
  ["break-glass", { named: isSha256, bound: false }],
  ["announcement", { named: isVisible, bound: false }],
  /** The site whose verdict is forced, or that is barred; the terms name the service. */
  ["forced-verdict", { named: isIdentifier, bound: false }],
  ["bar", { named: isIdentifier, bound: false }],
  /** Hash of the installation's first entry. */
  ["installation", { named: isSha256, bound: false }],
  /** Hash of the statement that names a head which the journal does not contain. */
  ["dispute", { named: isSha256, bound: false }],
  /** `login/v4`: service and record. */
  ["record", { named: (id) => id.split("/").length === 2 && id.split("/").every(isIdentifier), bound: false }],
  /** Absolute name, lower case, with its final dot. */
  ["zone", { named: (id) => isVisible(id) && /^[^A-Z]+\.$/.test(id), bound: false }],
  ["recovery", { named: isVisible, bound: false }],
  /** `login-17/primary/example.com/2` */
  ["attempt", { named: (id) => serviceOfFailover(id.split("/")[0] ?? "") !== undefined, bound: false }],
  ["credential", { named: isVisible, bound: false }],
  ["review", { named: isVisible, bound: false }],
  /** The commitment. */
  ["attachment", { named: isSha256, bound: false }],
]);

/** Whether a subject is named as its type asks, and bound by a hash exactly where that type has one. */
export function subjectFits({ type, id, hash }: Statement["subject"]): boolean {
  const form = table.get(type);
  return form !== undefined && form.named(id) && form.bound === (hash !== null);
}

/** `login` of `login-17`; `undefined` when it is no failover's id. */
export function serviceOfFailover(failover: string): string | undefined {
  const [, service] = /^(.+)-[1-9][0-9]{0,8}$/.exec(failover) ?? [];
  return service !== undefined && isIdentifier(service) ? service : undefined;
}

function isIdentifier(text: string): boolean {
  return identifierPattern.test(text);
}

function isVisible(text: string): boolean {
  return /^[\x21-\x7e]{1,255}$/.test(text);
}
