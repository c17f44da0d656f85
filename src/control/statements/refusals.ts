import type { StatementFault } from "../../core/authority/read-statement.ts";
import { statementOctetsMax } from "../../core/authority/read-statement.ts";
import type { AnyStatement } from "../../core/authority/terms.ts";
import type { SignatureFault } from "../../ports/statements.ts";
import type { JsonObject } from "../../values/json.ts";
import type { Refusal } from "../../values/refusal.ts";
import { formatInstant, type Instant } from "../../values/time.ts";

const makeAnew = "Make it anew with: pointsman statement make, and sign what that writes, octet for octet.";

const faults: { readonly [Code in StatementFault]: string } = {
  "statement-too-large": `The statement has more than ${statementOctetsMax} octets.`,
  "statement-not-canonical":
    "What was sent is not canonical JSON: its members are in another order, it is cut short, or it is in another encoding.",
  "statement-malformed": "What was sent is JSON, and is not of the form that a statement has.",
};

/** Octets that are no statement. */
export function notAStatement(code: StatementFault): Refusal {
  return { code, says: faults[code], figures: { octetsMax: statementOctetsMax }, mend: makeAnew };
}

export function ofAnotherInstallation(statement: AnyStatement, installation: string): Refusal {
  return {
    code: "statement-of-another-installation",
    says: `The statement was made for installation ${statement.installation.slice(0, 12)}; this is ${installation.slice(0, 12)}.`,
    figures: { statement: statement.installation, installation },
    mend: "Make it anew on the basis of this installation: pointsman statement basis.",
  };
}

export function outOfTime({ notBefore, expires }: AnyStatement, now: Instant): Refusal {
  const early = now < notBefore;
  return {
    code: early ? "statement-early" : "statement-expired",
    says: early
      ? `The statement holds from ${formatInstant(notBefore)} on; it is ${formatInstant(now)}.`
      : `The statement was over at ${formatInstant(expires)}; it is ${formatInstant(now)}.`,
    figures: { notBefore, expires, now },
    mend: early ? "Send it then, and look whether the clocks agree." : makeAnew,
  };
}

export type KeyFault = "key-unknown" | "key-revoked" | "key-of-another-person";

const keySays: { readonly [Code in KeyFault]: string } = {
  "key-unknown": "is not enrolled",
  "key-revoked": "is revoked",
  "key-of-another-person": "is enrolled for somebody else",
};

export function keyRefused(code: KeyFault, { by }: AnyStatement): Refusal {
  return {
    code,
    says: `The key ${by.key} that the statement of ${by.person} names ${keySays[code]}.`,
    figures: { person: by.person, key: by.key },
    mend: "Sign with a key that is enrolled and stands: pointsman allowed-signers lists them. A new one: pointsman enrol.",
  };
}

const signatureSays: { readonly [Code in SignatureFault]: string } = {
  "signature-malformed": "The signature cannot be read.",
  "signature-of-another-key": "The signature was made by another key than the statement names.",
  "signature-of-another-namespace": "The signature was made for another kind of statement, or for something else.",
  "signature-of-other-octets": "The signature is of other octets than these.",
  "signature-hash-unsupported": "The signature uses a hash that is not taken.",
  "signature-key-unsupported": "The key is of a kind that is not taken.",
  "user-not-present": "The hardware key was not touched for this signature.",
  "challenge-differs": "The passkey signed another challenge than this statement's hash.",
  "relying-party-differs": "The passkey signed for another relying party.",
  "origin-differs": "The passkey signed on a page of another origin.",
  "signature-wrong": "The signature does not hold: the octets, or the key, are others.",
};

export function signatureRefused(code: SignatureFault, { kind, by }: AnyStatement): Refusal {
  return {
    code,
    says: signatureSays[code],
    figures: { person: by.person, key: by.key },
    mend: `Sign the statement's very octets with that key: ssh-keygen -Y sign -n ${kind}@pointsman -f KEY FILE.`,
  };
}

export const reasonDiffers: Refusal = {
  code: "reason-differs",
  says: "The reason that came with the statement is not the one that was signed.",
  figures: {},
  mend: "Send the reason's file that was written with the statement, or none.",
};

export const laneFull: Refusal = {
  code: "too-many-statements",
  says: "More statements wait here than are taken, and your source has most of them.",
  figures: {},
  mend: "Send it again in a moment, or by another way: the socket, the drop folder, the listener.",
};

export const statementsNotTaken: Refusal = {
  code: "statements-not-taken",
  says: "This controller takes no statements.",
  figures: {} satisfies JsonObject,
  mend: "Start it with a verifier of signatures.",
};
