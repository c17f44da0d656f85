import type { EnrolledKey } from "../core/authority/keys.ts";
import { namespaceOf, statementKinds } from "../core/authority/statement.ts";
import { identifierPattern } from "../values/ids.ts";
import { formatInstant, instant, second, type Instant } from "../values/time.ts";

/**
 * The keys as an OpenSSH `allowed_signers` file (ssh-keygen(1), "ALLOWED SIGNERS"), a line each in the order given, for
 * `ssh-keygen -Y verify -f FILE -I PERSON -n KIND@pointsman -s x.sig -O verify-time=YYYYMMDDHHMMSSZ < x.json`.
 *
 * Its times are whole seconds, both ends included: valid from the second of the enrolment, so that the enrolment itself
 * verifies, to the last whole second before the revocation. What the file cannot say, such as a passkey, is a comment.
 */
export function exportAllowedSigners(keys: readonly EnrolledKey[]): string {
  return [
    "# Keys of people, as the journal of Pointsman has them. ssh-keygen does not see whether a hardware key was touched.",
    ...keys.map(lineOf),
    "",
  ].join("\n");
}

const namespaces = statementKinds.map(namespaceOf).join(",");

function lineOf({ person, fingerprint, key, at, revokedAt }: EnrolledKey): string {
  const from = Math.floor(at / second);
  const to = revokedAt === null ? null : Math.ceil(revokedAt / second) - 1;
  const comment = (why: string) => `# ${JSON.stringify(person)} ${fingerprint}: ${why}`;
  if (key.method === "webauthn") return comment("a passkey, which ssh-keygen cannot check");
  // A name with a comma, a blank or a wildcard would stand for other people: the field is a list of patterns.
  if (!identifierPattern.test(person)) return comment("a name that this file cannot hold");
  // ssh-keygen refuses a span that does not end after its start.
  if (to !== null && to <= from) return comment("revoked within a second of its enrolment");
  const options = [
    `namespaces="${namespaces}"`,
    `valid-after="${timestamp(instant(from * second))}"`,
    ...(to === null ? [] : [`valid-before="${timestamp(instant(to * second))}"`]),
  ];
  return `${person} ${options.join(",")} ${key.line}`;
}

/** `20260701120000Z`: UTC, as OpenSSH 9.0 and later read it. */
function timestamp(at: Instant): string {
  return `${formatInstant(at).slice(0, 19).replace(/[-T:]/g, "")}Z`;
}
