import type { AnyStatement } from "../../core/authority/terms.ts";
import type { SignatureFault } from "../../ports/statements.ts";
import type { Refusal } from "../../values/refusal.ts";

const signatureSays: { readonly [Code in SignatureFault]: string } = {
  "signature-malformed": "The signature cannot be read.",
  "signature-of-another-key": "The signature was made by another key than the statement names.",
  "signature-of-another-namespace": "The signature was made for another kind of statement, or for something else.",
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
  figures: {},
  mend: "Start it with a verifier of signatures.",
};
