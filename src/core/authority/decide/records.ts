import { accept, refuse, type FleetDecision } from "../../cycle/fleet-decision.ts";
import type { Duty, Policy } from "../../policy/policy.ts";
import { peopleFor } from "../people.ts";
import type { PeopleRequest } from "../request.ts";
import type { About } from "./about.ts";

/** Somebody who has a part in the policy says that a credential was changed. */
export function credentialRotated(
  { world, speaker }: About,
  { credential }: Extract<PeopleRequest, { kind: "credential-rotated" }>,
): FleetDecision {
  const { signer } = speaker;
  const holds = [...world.policy.authority.duties.keys()].some((duty) => isOf(world.policy, duty, signer.person));
  return holds
    ? accept({ type: "credential-rotated", credential, by: signer })
    : refuse("no-duty", `${signer.person} holds no duty.`, "Ask somebody who holds one.", { person: signer.person });
}

/** A value beside the log is taken away for good; who may change the policy may do this. Whether it may go, control knows. */
export function erase(
  { world, speaker }: About,
  { commitment }: Extract<PeopleRequest, { kind: "erase" }>,
): FleetDecision {
  const { signer } = speaker;
  return isOf(world.policy, "adopt", signer.person)
    ? accept({ type: "attachment-erased", commitment, by: signer })
    : refuse(
        "duty-not-yours",
        `Erasing is for those who hold the duty adopt, and ${signer.person} does not.`,
        `Ask ${peopleFor(world.policy, "adopt").join(" or ") || "for a policy that gives somebody the duty adopt"}.`,
        { person: signer.person, duty: "adopt" },
      );
}

function isOf(policy: Policy, duty: Duty, person: string): boolean {
  return peopleFor(policy, duty).includes(person);
}
