import type { ExtendedError, ReasonCode } from "./verdict.ts";

const names = new Map([
  [0, "Other Error"],
  [1, "Unsupported DNSKEY Algorithm"],
  [2, "Unsupported DS Digest Type"],
  [5, "DNSSEC Indeterminate"],
  [6, "DNSSEC Bogus"],
  [7, "Signature Expired"],
  [8, "Signature Not Yet Valid"],
  [9, "DNSKEY Missing"],
  [10, "RRSIGs Missing"],
  [11, "No Zone Key Bit Set"],
  [12, "NSEC Missing"],
  [22, "No Reachable Authority"],
  [24, "Invalid Data"],
  [27, "Unsupported NSEC3 Iterations Value"],
  [33, "Negative Trust Anchor"],
]);

/** INFO-CODEs of RFC 8914 §4 and its registry; null where the registry has nothing that would be an error. */
const codes: { readonly [Code in ReasonCode]: number | null } = {
  "anchor-trusted": null,
  "keys-secure": null,
  "ds-secure": null,
  "not-a-zone-cut": null,
  "answer-secure": null,
  "alias-secure": null,
  "wildcard-secure": null,
  "no-data-secure": null,
  "no-name-secure": null,
  "insecure-delegation": null,
  "opt-out": null,
  "unsupported-algorithm": 1,
  "unsupported-digest": 2,
  "too-many-iterations": 27,
  "negative-anchor": 33,
  "no-signature": 10,
  "signature-expired": 7,
  "signature-not-yet-valid": 8,
  "signature-invalid": 6,
  "signature-malformed": 6,
  "signer-outside-zone": 6,
  "labels-beyond-name": 6,
  "no-key-for-signature": 9,
  "key-not-a-zone-key": 11,
  "key-revoked": 6,
  "no-dnskey": 9,
  "anchor-matches-no-key": 9,
  "ds-matches-no-key": 9,
  "denial-missing": 12,
  "denial-incomplete": 12,
  "denial-from-ancestor": 6,
  "denial-from-elsewhere": 6,
  "answer-contradicts-itself": 6,
  "alias-loop": 24,
  "no-answer": 22,
  "unusable-answer": 24,
  "no-anchor": 5,
  "no-anchor-above": 5,
  "budget-spent": 0,
  "too-many-aliases": 0,
};

/** The Extended DNS Error (RFC 8914) that says the same as a reason; null where it is no error. */
export function extendedErrorOf(code: ReasonCode): ExtendedError | null {
  const info = codes[code];
  return info === null ? null : { code: info, name: names.get(info) ?? "Other Error" };
}
