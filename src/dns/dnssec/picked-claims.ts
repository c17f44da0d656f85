import type { Name } from "../wire/name.ts";
import { claimOf, namesKey, type Claim, type ClaimContext } from "./claim.ts";
import { signaturesPerRRsetMax } from "./limits.ts";
import type { DnsKey, Signature, SignedRRset } from "./records.ts";

/**
 * The claims on an RRset that are tried: the first that could be valid, then the first that could not, and not more than
 * `signaturesPerRRsetMax` of both. However many there are beyond that, a look at two fields is all that they cost.
 */
export class PickedClaims {
  readonly #rrset: SignedRRset;
  readonly #zone: Name;
  readonly #keys: readonly DnsKey[];
  readonly #context: ClaimContext;
  readonly #candidates: Claim[] = [];
  readonly #refused: Claim[] = [];

  constructor(rrset: SignedRRset, zone: Name, keys: readonly DnsKey[], context: ClaimContext) {
    this.#rrset = rrset;
    this.#zone = zone;
    this.#keys = keys;
    this.#context = context;
  }

  /** Whether no further signature makes a difference. */
  get isFull(): boolean {
    return this.#candidates.length >= signaturesPerRRsetMax;
  }

  /** To be called for each signature, in their order. */
  look(signature: Signature): void {
    const isWanted = this.#refused.length < signaturesPerRRsetMax || namesKey(signature, this.#keys);
    if (!isWanted) return;
    const claim = claimOf(this.#rrset, signature, this.#zone, this.#keys, this.#context);
    if (claim.outcome === "candidate") this.#candidates.push(claim);
    else if (this.#refused.length < signaturesPerRRsetMax) this.#refused.push(claim);
  }

  get claims(): readonly Claim[] {
    return [...this.#candidates, ...this.#refused].slice(0, signaturesPerRRsetMax);
  }
}
