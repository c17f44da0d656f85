import { hastened } from "../../authority/clock-steps.ts";
import { asJson } from "../../../values/json.ts";
import { sha256OfJson } from "../../../values/sha256.ts";
import { formatInstant } from "../../../values/time.ts";
import { wordFor } from "../../authority/duties.ts";
import type { WaivedGate } from "../../authority/word.ts";
import type { Failover } from "../../failover/state.ts";
import type { GateReport } from "../../gates/gate.ts";
import { gatesForFailover, governing, type Moment } from "../moment.ts";
import { accept, refuse, type Answer, type Request } from "./answer.ts";
import { signedBy, type Asking } from "./asked.ts";

type Found = { readonly ok: true; readonly open: Failover } | { readonly ok: false; readonly answer: Answer };

/** The open failover, if it waits for people's words and its plan is the one that they saw (N7). */
function waiting({ state, world, now }: Moment, failover: string, planHash: string): Found {
  const open = state.failover;
  if (open === null || open.id !== failover || (open.status !== "proposed" && open.status !== "authorised"))
    return no("not-proposed", `${failover} does not wait for an approval.`, { failover }, "See pointsman status.");
  if (open.needs === "nothing")
    return no(
      "needs-no-approval",
      `${failover} is pre-authorised by its band.`,
      { failover },
      "Nothing needs to be done.",
    );
  if (open.planHash !== planHash)
    return no(
      "plan-differs",
      `The plan of ${failover} is ${open.planHash}.`,
      { planHash: open.planHash },
      "Read the plan again, then approve that one.",
    );
  if (now >= hastened(world, open.times.proposed, open.plan.expiresAt))
    return no(
      "plan-expired",
      `The plan expired at ${formatInstant(open.plan.expiresAt)}.`,
      { expiresAt: open.plan.expiresAt },
      "Propose it anew.",
    );
  return { ok: true, open };
}

function no(...refusal: Parameters<typeof refuse>): Found {
  return { ok: false, answer: refuse(...refusal) };
}

/** In an unsigned trial: the yes of a user of this machine. What is signed comes as a word. */
export function approve(moment: Moment, { by }: Asking, { failover, planHash }: Request<"approve">): Answer {
  const found = waiting(moment, failover, planHash);
  if (!found.ok) return found.answer;
  if (found.open.status !== "proposed")
    return refuse("not-proposed", `${failover} does not wait for an approval.`, { failover }, "See pointsman status.");
  return accept({ type: "failover-approved", failover, planHash: found.open.planHash, by, signed: false });
}

/** A duty filled by one person, for this very plan. Whether all of them are is judged anew at each stage. */
export function giveWord(moment: Moment, asking: Asking, { failover, planHash, duty }: Request<"give-word">): Answer {
  const signed = signedBy(asking, `fill the duty ${duty}`);
  if (!signed.ok) return signed.answer;
  const found = waiting(moment, failover, planHash);
  if (!found.ok) return found.answer;
  const { open } = found;
  const { world, now } = moment;
  const given = wordFor(
    { world, policy: governing(moment, open.plan).policy, failover: open, now },
    duty,
    signed.speaker,
  );
  if (!given.ok) return { accepted: false, refusal: given.refusal };
  const word = { type: "word-given", failover, planHash: open.planHash, word: given.word } as const;
  const { by } = asking;
  // While not everybody is enrolled the yes of any user counts, and so does one that is signed.
  if (world.authority.mode === "unsigned" && open.status === "proposed" && duty === open.needs)
    return accept(word, { type: "failover-approved", failover, planHash: open.planHash, by, signed: true });
  return accept(word);
}

/** Judgement gates that a person takes upon themselves, with the figures that they saw; it counts once enough have. */
export function waive(moment: Moment, asking: Asking, { failover, planHash, gates }: Request<"waive">): Answer {
  const signed = signedBy(asking, "waive a gate");
  if (!signed.ok) return signed.answer;
  const found = waiting(moment, failover, planHash);
  if (!found.ok) return found.answer;
  const { open } = found;
  const reports = [...gatesForFailover(moment, open, "authorise"), ...gatesForFailover(moment, open, "execute")];
  for (const gate of gates) {
    const refusal = notWaivable(gate, reports);
    if (refusal !== undefined) return refusal;
  }
  const { world, now } = moment;
  const given = wordFor(
    { world, policy: governing(moment, open.plan).policy, failover: open, now },
    "waive",
    signed.speaker,
  );
  if (!given.ok) return { accepted: false, refusal: given.refusal };
  return accept({ type: "waiver-given", failover, planHash: open.planHash, word: given.word, gates });
}

function notWaivable(waived: WaivedGate, reports: readonly GateReport[]): Answer | undefined {
  const { gate, code } = waived;
  const known = reports.find((one) => one.gate === gate && one.code === code);
  if (known === undefined)
    return refuse("nothing-to-waive", `Gate ${gate} does not say ${code}.`, { gate, code }, "See pointsman why.");
  if (known.kind !== "judgement")
    return refuse(
      "not-a-judgement",
      `Gate ${gate} is ${known.kind}: nobody passes it by a waiver.`,
      { gate, kind: known.kind },
      "Mend what it refuses for.",
    );
  if (sha256OfJson(asJson(known.figures)) === waived.figures) return undefined;
  return refuse(
    "figures-differ",
    `Gate ${gate} has other figures now: ${known.says ?? code}`,
    { gate, code, figures: known.figures },
    "Read them, and sign again if you still would.",
  );
}
