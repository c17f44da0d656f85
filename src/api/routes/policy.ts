import { lacking } from "../../core/authority/policy-thresholds.ts";
import type { PolicyProposal } from "../../core/authority/state.ts";
import type { Operations } from "../../ports/operations.ts";
import { utf8 } from "../../values/octets.ts";
import type { Refusal } from "../../values/refusal.ts";
import { formatInstant } from "../../values/time.ts";
import { version } from "../contract/common.ts";
import type { HandInResponse, PolicyResponse, ProposalView } from "../contract/policy.ts";

/** The policy in force, and what is proposed. */
export function policyOf(operations: Operations): PolicyResponse {
  const { policy, authority } = operations.world();
  const { now, policyFile } = operations.about();
  const { document } = policy;
  const world = operations.world();
  return {
    v: version,
    at: formatInstant(now),
    mode: authority.mode,
    version: policy.version,
    hash: policy.hash,
    document: { policy: document },
    file: policyFile === null ? null : { ...policyFile },
    proposals: [...authority.proposals.values()].map((proposal) => proposalView(proposal, lacking(world, proposal))),
  };
}

/** Takes in a policy that somebody is about to sign. */
export function handIn(
  operations: Operations,
  document: string,
): { readonly response: HandInResponse } | { readonly refusal: Refusal } {
  const taken = operations.handInPolicy(utf8(document));
  if (!taken.ok) return { refusal: taken.refusal };
  return { response: { v: version, proposal: proposalView(taken.proposal, taken.lacking) } };
}

function proposalView(proposal: PolicyProposal, missing: readonly string[]): ProposalView {
  const { policy, words, objections, gainers, says, notBefore } = proposal;
  return {
    policy,
    version: proposal.version,
    class: proposal.class,
    says: [...says],
    notBefore: formatInstant(notBefore),
    gainers: [...gainers],
    signed: words.map(({ person, duty, role, at }) => ({ person, duty, role, at: formatInstant(at) })),
    objections: objections.map(({ person }) => person),
    lacking: [...missing],
  };
}
