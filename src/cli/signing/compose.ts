import type { BasisResponse } from "../../api/contract/basis.ts";
import { saysOf, type Shown } from "../../core/authority/says.ts";
import type { AnyStatement } from "../../core/authority/terms.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { asJson, canonicalJson } from "../../values/json.ts";
import { asSha256, sha256OfJson } from "../../values/sha256.ts";
import { PointsmanError } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import type { Sentence } from "./act.ts";
import type { Capacity } from "./who.ts";

/** All of a statement beside its words. */
export interface Composition {
  readonly sentence: Sentence;
  readonly basis: BasisResponse;
  readonly nonce: string;
  readonly by: { readonly person: string; readonly key: string };
  readonly as: Capacity;
  readonly incident: string | null;
  /** The commitment to the reason. */
  readonly reason: string | null;
  readonly notBefore: Instant;
  readonly expires: Instant;
}

/**
 * The statement, with its words rendered on this machine from what is signed.
 * @throws PointsmanError `plan-differs`, `not-in-basis`.
 */
export function compose({ sentence, basis, reason, ...rest }: Composition): {
  readonly statement: AnyStatement;
  readonly text: string;
} {
  const { duty: _, ...said } = sentence;
  const bare: AnyStatement = {
    ...rest,
    ...said,
    v: 1,
    installation: asSha256(basis.installation),
    says: [""],
    basis: null,
    policy: { version: basis.policy.version, hash: asSha256(basis.policy.hash) },
    log: { size: basis.log.size, root: asSha256(basis.log.root) },
    reason: reason === null ? null : asSha256(reason),
  };
  const says = saysOf(bare, shownOf(bare, basis));
  if (says === undefined) throw notInBasis(sentence, basis);
  const statement: AnyStatement = { ...bare, says: [...says] };
  return { statement, text: canonicalJson(asJson(statement)) };
}

/** What the statement is about, as the basis has it. A plan whose octets have another hash than it claims is not shown. */
export function shownOf({ subject }: Pick<AnyStatement, "subject">, basis: BasisResponse): Shown {
  const { type, id, hash } = subject;
  if (type === "plan") {
    const open = basis.failovers.find(({ failover }) => failover === id);
    if (open === undefined || open.planHash !== hash) return {};
    if (sha256OfJson(open.plan) !== hash) throw planDiffers(id, hash, sha256OfJson(open.plan));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its hash is the one that is signed: whatever it holds, that is rendered
    return { plan: open.plan as unknown as Plan };
  }
  if (type === "policy") {
    const proposal = basis.proposals.find(({ policy }) => policy === hash);
    return proposal === undefined ? {} : { proposal };
  }
  const holder = basis.people.find(({ keys }) => keys.some(({ fingerprint }) => fingerprint === id));
  return holder === undefined ? {} : { key: { fingerprint: id, person: holder.person } };
}

function planDiffers(failover: string, claimed: string, found: string): PointsmanError {
  return new PointsmanError({
    code: "plan-differs",
    says: `The plan of ${failover} that was sent has the hash ${found.slice(0, 12)}, not ${claimed.slice(0, 12)}. It is not signed.`,
    figures: { failover, claimed, found },
    mend: "Fetch it anew, and look at who sent it: what was shown would not have been what is signed.",
  });
}

function notInBasis({ kind, subject }: Sentence, { at }: BasisResponse): PointsmanError {
  return new PointsmanError({
    code: "not-in-basis",
    says: `The basis of ${at} does not have ${subject.type} ${subject.id}, so what ${kind} would do cannot be shown.`,
    figures: { type: subject.type, id: subject.id },
    mend: "See the id with: pointsman status. Without a controller, fetch a new basis: pointsman statement basis",
  });
}
