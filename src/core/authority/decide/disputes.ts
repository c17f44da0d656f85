import { accept, refuse, type FleetDecision } from "../../cycle/fleet-decision.ts";
import { signerStands } from "../live.ts";
import type { About } from "./about.ts";

/** People beside the one whose statement disputes the log, who must sign before anything is written again. */
const settledBy = 2;

/**
 * Opens a dispute: the speaker's statement is valid in all else, and was made on a head of the log that this journal does
 * not have. What the statement wants is not done.
 */
export function disputeLog({ world, speaker, now }: About): FleetDecision {
  const open = world.authority.dispute;
  if (open !== null)
    return refuse(
      "log-disputed-already",
      `The log is disputed already, by a statement of ${open.by}.`,
      "Two other people settle it: pointsman resume --dispute",
      { by: open.by, statement: open.statement },
    );
  const { person, statement } = speaker.signer;
  const { size, root } = speaker.statement.log;
  return accept({
    type: "log-disputed",
    dispute: { statement, by: person, at: now, claimed: { size, root }, resumedBy: [] },
  });
}

/** Two people other than the one who signed the disputing statement let writes go on. */
export function settleDispute({ world, speaker, now }: About): FleetDecision {
  const { dispute } = world.authority;
  const { signer } = speaker;
  if (dispute === null) return refuse("no-dispute", "Nobody disputes the log.", "Nothing needs to be done.");
  if (speaker.statement.subject.id !== dispute.statement)
    return refuse(
      "another-dispute",
      `The log is disputed by statement ${dispute.statement}, and this settles another.`,
      "Sign for the dispute that is open: pointsman status",
      { statement: dispute.statement },
    );
  if (signer.person === dispute.by)
    return refuse(
      "own-dispute",
      `The statement of ${dispute.by} disputes the log: others must settle it.`,
      "Ask two other people to sign.",
      { by: dispute.by },
    );
  const before = dispute.resumedBy.filter((each) => signerStands(world, each, now));
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
