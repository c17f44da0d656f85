import type { Instant } from "../../../values/time.ts";
import { statementHash } from "../statement.ts";
import type { FleetCommand } from "../../cycle/service-command.ts";
import { accept, refuse, type FleetDecision } from "../../cycle/fleet-decision.ts";
import type { World } from "../../cycle/world.ts";
import { admit } from "../admit.ts";
import { readStatement } from "../read-statement.ts";
import { stillStands, type About } from "./about.ts";

/** People beside the one whose statement disputes the log, who must sign before anything is written again. */
const settledBy = 2;

/**
 * Opens a dispute: a statement that is valid in all else was made on a head of the log that this journal does not have. It
 * asks nothing but that: what the statement wants is not done.
 */
export function disputeLog(world: World, { spoken }: FleetCommand, now: Instant): FleetDecision {
  const admission = spoken === undefined ? undefined : admit(world, spoken, now);
  const statement = spoken === undefined ? undefined : readStatement(spoken.statement);
  if (spoken === undefined || statement === undefined || typeof statement === "string" || admission?.ok !== false)
    return nothingDisputed();
  if (!admission.disputes) return { accepted: false, refusal: admission.refusal };
  const open = world.authority.dispute;
  if (open !== null)
    return refuse(
      "log-disputed-already",
      `The log is disputed already, by a statement of ${open.by}.`,
      "Two other people settle it: pointsman resume --dispute",
      { by: open.by, statement: open.statement },
    );
  const dispute = {
    statement: statementHash(spoken),
    by: statement.by.person,
    at: now,
    claimed: statement.log,
    resumedBy: [],
  };
  return accept({ type: "log-disputed", dispute });
}

function nothingDisputed(): FleetDecision {
  return refuse("nothing-disputed", "The statement does not dispute the log.", "Submit it as it is.");
}

/** Two people other than the one who signed the disputing statement let writes go on. */
export function settleDispute({ world, speaker }: About): FleetDecision {
  const { dispute } = world.authority;
  const { signer } = speaker;
  if (dispute === null) return refuse("no-dispute", "Nobody disputes the log.", "Nothing needs to be done.");
  if (signer.person === dispute.by)
    return refuse(
      "own-dispute",
      `The statement of ${dispute.by} disputes the log: others must settle it.`,
      "Ask two other people to sign.",
      { by: dispute.by },
    );
  const before = dispute.resumedBy.filter((each) => stillStands(world, each));
  if (before.some(({ person }) => person === signer.person))
    return refuse("already-signed", `${signer.person} has signed this already.`, "Ask another person to sign.", {
      signed: before.map(({ person }) => person),
      need: settledBy,
    });
  const all = [...before, signer];
  return all.length < settledBy
    ? accept({ type: "log-dispute-signed", by: signer })
    : accept({ type: "log-dispute-settled", by: all });
}
