import type { ReasonCode } from "../../../dns/dnssec/verdict.ts";

/** What whoever runs the zone, or the one who asked, does about it; null for what holds and needs nothing. */
export const mends: { readonly [Code in ReasonCode]: string | null } = {
  "anchor-trusted": null,
  "keys-secure": null,
  "ds-secure": null,
  "not-a-zone-cut": null,
  "answer-secure": null,
  "alias-secure": null,
  "wildcard-secure": null,
  "no-data-secure": null,
  "no-name-secure": null,
  "no-anchor-above": "Give --anchor FILE with a DS or DNSKEY of this zone, if it has one of its own.",
  "insecure-delegation":
    "To secure it, sign the zone and have the registrar put its DS into the parent. If it is meant to be unsigned: --expect insecure.",
  "opt-out": "To secure it, sign the zone and have the registrar put its DS into the parent.",
  "unsupported-algorithm":
    "Roll to ECDSA P-256 (13) or Ed25519 (15): resolvers treat this algorithm as no signature at all (RFC 9905).",
  "unsupported-digest": "Publish a DS with SHA-256 (digest type 2) at the parent, and take the old one out.",
  "too-many-iterations": "Sign with NSEC, or with NSEC3 of 0 iterations and no salt (RFC 9276).",
  "negative-anchor": "It is excepted here by your own negative anchor: take that out as soon as the zone is mended.",
  "no-signature":
    "Sign the zone again and let every nameserver have it. If signing was given up: take the DS out of the parent first.",
  "signature-expired":
    "Sign the zone again now, and find out why it was not done: a signer that stopped, or a secondary that no longer transfers.",
  "signature-not-yet-valid":
    "Set the clock of the signer right, and sign again. Look at the clock of this machine, too.",
  "signature-invalid":
    "Sign the zone again: the data was changed after it was signed, or signed with another key. If one nameserver alone has it, transfer the zone to it afresh.",
  "signature-malformed": "Sign the zone again with a signer that is up to date, and transfer it whole.",
  "signer-outside-zone": "Sign with the keys of the zone that holds the record; check where the zone is cut.",
  "labels-beyond-name":
    "Sign the zone again with a signer that is up to date: the signature claims more labels than its name has.",
  "no-key-for-signature":
    "Publish the key that signed in the DNSKEY set, or sign with one that is published: a key was taken out before its signatures had gone.",
  "key-not-a-zone-key": "Sign with a key that has the zone key flag (256 or 257).",
  "key-revoked": "Sign with a key that is not revoked, and put its DS into the parent.",
  "no-dnskey": "Publish the DNSKEY set again, or take the DS out of the parent if signing was given up.",
  "anchor-matches-no-key":
    "Get the zone's current anchor from a source that you trust; the one given may be of an old key.",
  "ds-matches-no-key":
    "Have the registrar put the DS of a key that signs the DNSKEY set into the parent, or publish and use the key that the DS names again.",
  "denial-missing": "Sign the zone again, and transfer it whole: the proof that nothing stands there is missing.",
  "denial-incomplete":
    "Sign the zone again: the NSEC or NSEC3 records do not cover the name. Often a nameserver has records of two versions of the zone.",
  "denial-from-ancestor":
    "Ask who answers for the child: a proof of the parent says nothing about names below the cut.",
  "denial-from-elsewhere": "Take the nameserver that gives proofs of another zone out of the delegation, or mend it.",
  "answer-contradicts-itself": "Transfer the zone to the nameserver afresh: its answer denies what it gives.",
  "alias-loop": "Point one CNAME or DNAME of the loop at a name that has addresses.",
  "no-answer": "See whether the nameservers run and can be reached from here over UDP and TCP, port 53.",
  "unusable-answer":
    "Look into the log of the nameserver: it answered with an error, or with octets that are no answer.",
  "no-anchor": "Give --anchor FILE, or leave it out to begin at the root's own.",
  "budget-spent":
    "Have fewer keys and signatures in the zone, and no keys that share a tag: it asks for more work than any resolver should do.",
  "too-many-aliases": "Shorten the chain of CNAME and DNAME records.",
};
