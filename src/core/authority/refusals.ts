import type { Json } from "../../values/json.ts";
import type { Refusal } from "../../values/refusal.ts";
import { formatDuration, formatInstant, hour, type Instant } from "../../values/time.ts";
import type { World } from "../cycle/world.ts";
import { statementOctetsMax, type StatementFault } from "./read-statement.ts";
import type { EnrolledKey } from "./keys.ts";
import type { AnyStatement } from "./terms.ts";

/** A statement lives this long at most: a day, so that nothing that was signed and forgotten is found in a drawer. */
export const statementMsMax = 24 * hour;

const again = "Make it again with this version: pointsman statement make";
const signNow = "Make it again, and submit it before it expires.";

/** Why octets are no statement. `octets` is their number. */
export function unreadable(fault: StatementFault, octets: number): Refusal {
  switch (fault) {
    case "statement-too-large":
      return refusal(
        fault,
        `The statement has ${octets} octets; ${statementOctetsMax} is the most.`,
        { octets, mostOctets: statementOctetsMax },
        again,
      );
    case "statement-not-canonical":
      return refusal(
        fault,
        `The ${octets} octets are not canonical JSON (RFC 8785), so it is not certain what was signed.`,
        { octets },
        "Submit the very octets that were signed; an editor or a mail program may have changed them.",
      );
    case "statement-malformed":
      return refusal(
        fault,
        `The ${octets} octets have not the form of a statement: a member, the subject or the terms do not fit its kind.`,
        { octets },
        again,
      );
  }
}

export function otherInstallation({ installation }: AnyStatement, own: string): Refusal {
  return refusal(
    "other-installation",
    `The statement is for installation ${installation}, and this is ${own}.`,
    { installation, own },
    "Submit it to the controller that it was made for.",
  );
}

export function unknownPerson({ by }: AnyStatement, { policy }: World): Refusal {
  return refusal(
    "unknown-person",
    `The policy in force, version ${policy.version}, has no person ${by.person}.`,
    { person: by.person, version: policy.version },
    "Name a person of the policy, or adopt a policy that has them.",
  );
}

export function automationIsNobody({ by }: AnyStatement): Refusal {
  return refusal(
    "automation-is-no-person",
    `The statement is by ${by.person} with ${by.key}, and the automation speaks for nobody.`,
    { person: by.person, key: by.key },
    "Sign with a key of a person of the policy.",
  );
}

export function unknownKey({ by }: AnyStatement): Refusal {
  return refusal(
    "unknown-key",
    `The key ${by.key} is not enrolled.`,
    { key: by.key, person: by.person },
    `Enrol it first: pointsman enrol ${by.person}`,
  );
}

/** An enrolment signed with a key that the policy does not give to the person. */
export function keyNotInPolicy({ by }: AnyStatement, { policy }: World): Refusal {
  return refusal(
    "key-not-in-policy",
    `Version ${policy.version} of the policy does not list the key ${by.key} for ${by.person}, so nobody vouches for it.`,
    { key: by.key, person: by.person, version: policy.version },
    `Sign the enrolment with a key of ${by.person} that is enrolled, or adopt a policy that lists this one.`,
  );
}

export function keyOfAnother({ by }: AnyStatement, { person }: Pick<EnrolledKey, "person">): Refusal {
  return refusal(
    "key-of-another-person",
    `The key ${by.key} is a key of ${person}, and the statement says ${by.person}.`,
    { key: by.key, person: by.person, holder: person },
    `Sign with a key of ${by.person}.`,
  );
}

export function keyRevoked({ by }: AnyStatement, at: Instant): Refusal {
  return refusal(
    "key-revoked",
    `The key ${by.key} of ${by.person} was revoked on ${formatInstant(at)}.`,
    { key: by.key, person: by.person, revokedAt: at },
    `Sign with another key of ${by.person}.`,
  );
}

export function notYetValid({ notBefore }: AnyStatement, now: Instant): Refusal {
  return refusal(
    "not-yet-valid",
    `The statement counts from ${formatInstant(notBefore)} on, in ${formatDuration(notBefore - now)}.`,
    { notBefore, now },
    "Submit it then; if that is in the past by your clock, one of the two clocks is wrong.",
  );
}

export function expired({ expires }: AnyStatement, now: Instant): Refusal {
  return refusal(
    "expired",
    `The statement expired on ${formatInstant(expires)}, ${formatDuration(now - expires)} ago.`,
    { expires, now },
    signNow,
  );
}

export function livesTooLong({ notBefore, expires }: AnyStatement): Refusal {
  const livesMs = expires - notBefore;
  return refusal(
    "lives-too-long",
    livesMs <= 0
      ? `The statement expires on ${formatInstant(expires)}, no later than it begins.`
      : `The statement would count for ${formatDuration(livesMs)}; ${formatDuration(statementMsMax)} is the most.`,
    { livesMs, mostMs: statementMsMax },
    "Make it again with a shorter life.",
  );
}

export function nonceUsed({ nonce }: AnyStatement): Refusal {
  return refusal(
    "nonce-used",
    `Another statement with the nonce ${nonce} was accepted before.`,
    { nonce },
    "Make a new statement: each has a nonce of its own.",
  );
}

export function policyChanged({ policy }: AnyStatement, inForce: World["policy"]): Refusal {
  return refusal(
    "policy-changed",
    `It was signed under version ${policy.version} of the policy (${policy.hash}); version ${inForce.version} (${inForce.hash}) is in force.`,
    { version: policy.version, hash: policy.hash, inForce: { version: inForce.version, hash: inForce.hash } },
    "Look at what the policy in force asks, and sign again.",
  );
}

/** What was signed for is not what is here. */
export function subjectUnknown({ subject }: AnyStatement, open: string | null): Refusal {
  const figures = { subject: { ...subject }, open };
  switch (subject.type) {
    case "plan":
      return open === null
        ? refusal("not-open", `${subject.id} is not open any more.`, figures, "See pointsman status.")
        : refusal(
            "plan-differs",
            `The plan of ${subject.id} is ${open}, and the statement is about ${subject.hash}.`,
            figures,
            "Read the plan again, then sign that one.",
          );
    case "policy":
      return refusal(
        "no-such-policy",
        `No policy of version ${subject.id} with the hash ${subject.hash} was submitted.`,
        figures,
        "Propose it: pointsman policy propose FILE",
      );
    default:
      return refusal("no-such-key", `No key ${subject.id} was enrolled.`, figures, "See pointsman status.");
  }
}

export function saysDiffers(statement: AnyStatement, rendered: readonly string[]): Refusal {
  const index = rendered.findIndex((line, at) => line !== statement.says[at]);
  const line = index === -1 ? rendered.length : index;
  const figures = { line: line + 1, signed: statement.says[line] ?? null, rendered: rendered[line] ?? null };
  return refusal(
    "says-differs",
    `Line ${figures.line} of what the signer read is not what the statement does.`,
    figures,
    again,
  );
}

export function dutyOfAnotherAct({ kind, as }: AnyStatement, duties: readonly (string | null)[]): Refusal {
  return refusal(
    "duty-of-another-act",
    `A statement of kind ${kind} is signed ${duties.map((duty) => (duty === null ? "in no duty" : `in the duty ${duty}`)).join(" or ")}, and this one names ${as.duty ?? "none"}.`,
    { kind, duty: as.duty, duties: [...duties] },
    again,
  );
}

export function roleNotHeld({ as, by }: AnyStatement, roles: readonly string[]): Refusal {
  return refusal(
    "role-not-held",
    `${by.person} has not the role ${as.role}.`,
    { person: by.person, role: as.role, roles: [...roles] },
    roles.length === 0 ? "Ask somebody who has it." : `Sign as one of: ${roles.join(", ")}.`,
  );
}

export function logNotContained({ log }: AnyStatement): Refusal {
  return refusal(
    "log-not-contained",
    `The signer saw a log of ${log.size} entries with the root ${log.root}, which this log does not contain: one of the two is not the log.`,
    { size: log.size, root: log.root },
    "Nothing is written until two other people looked into it and signed: pointsman resume --dispute",
  );
}

export function refusal(code: string, says: string, figures: { readonly [name: string]: Json }, mend: string): Refusal {
  return { code, says, figures, mend };
}
