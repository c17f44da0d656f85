import { add, minute } from "../../../values/time.ts";
import type { ServiceEvent } from "../../failover/event.ts";
import type { Failover } from "../../failover/state.ts";
import { liveVetoes } from "../../gates/not-vetoed.ts";
import { moveKey } from "../../plan/placement.ts";
import { end } from "../advance/progress.ts";
import type { Moment } from "../moment.ts";
import { accept, refuse, type Answer, type Request } from "./answer.ts";
import type { Asking } from "./asked.ts";
import { mayNot } from "./who-may.ts";

/** A veto bars its move this long (design §10). */
const vetoMs = 60 * minute;

/**
 * Before the first intent it ends the failover too. While providers are being changed a signed one is recorded, bars the
 * move from then on, and what has begun is finished or taken back as the policy says, never left split. Later it comes too
 * late, and a rollback is the way back.
 */
export function veto(moment: Moment, asking: Asking, { failover }: Request<"veto">): Answer {
  const { state, world, now } = moment;
  const { by, speaker } = asking;
  const open = state.failover;
  if (open === null || open.id !== failover || !mayBeVetoed(open, speaker !== null))
    return refuse(
      "too-late",
      `${failover} is ${open?.id === failover ? open.status : "not open"}.`,
      { failover },
      `Undo it: pointsman rollback ${state.service}`,
    );
  const refusal = speaker === null ? undefined : mayNot(moment, "veto", speaker);
  if (refusal !== undefined) return { accepted: false, refusal };
  const id = `veto-${failover}`;
  if (liveVetoes(world, state, now).some((one) => one.id === id))
    return refuse("already-vetoed", `${failover} is vetoed already.`, { veto: id }, "Nothing needs to be done.");
  const statement = speaker?.statement;
  if (statement !== undefined && statement.subject.hash !== open.planHash)
    return refuse(
      "plan-differs",
      `The plan of ${failover} is ${open.planHash}.`,
      { planHash: open.planHash },
      "Read the plan again, then veto that one.",
    );
  const placed: ServiceEvent = {
    type: "veto-placed",
    veto: id,
    move: moveKey(open.plan.placement.after),
    failover,
    by,
    until: add(now, vetoMs),
    ...(statement?.kind === "veto" ? { ground: statement.terms.ground } : {}),
  };
  return open.status === "changing" ? accept(placed) : accept(placed, end(open, "vetoed", `Vetoed by ${by.id}.`));
}

function mayBeVetoed({ status }: Failover, signed: boolean): boolean {
  return status === "proposed" || status === "authorised" || (signed && status === "changing");
}

/** Lifted by whoever placed it, or by those who may veto. */
export function liftVeto(moment: Moment, { by, speaker }: Asking, request: Request<"lift-veto">): Answer {
  const { state, world, now } = moment;
  const known = liveVetoes(world, state, now).find(({ id }) => id === request.veto);
  if (known === undefined)
    return refuse(
      "no-such-veto",
      `There is no veto ${request.veto} now.`,
      { veto: request.veto },
      "See pointsman status.",
    );
  const refusal = speaker === null || known.by.id === by.id ? undefined : mayNot(moment, "lift a veto", speaker);
  return refusal === undefined ? accept({ type: "veto-lifted", veto: known.id, by }) : { accepted: false, refusal };
}
