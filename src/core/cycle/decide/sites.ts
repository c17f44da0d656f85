import { hour, formatInstant, formatDuration, add } from "../../../values/time.ts";
import { wordFor } from "../../authority/duties.ts";
import type { Speaker } from "../../authority/admitted.ts";
import type { Signer } from "../../authority/word.ts";
import type { ServiceEvent } from "../../failover/event.ts";
import type { Failover } from "../../failover/state.ts";
import { isForced } from "../../gates/not-forced.ts";
import { applyMove, isActive } from "../../plan/placement.ts";
import { governing, type Moment } from "../moment.ts";
import { accept, refuse, type Answer, type Request } from "./answer.ts";
import { signedBy, type Asking } from "./asked.ts";
import { proposeFor } from "./propose-for.ts";
import { holdersOf, mayNot, type Act } from "./who-may.ts";

/** A forced verdict holds the automation this long at most (design §10). */
const forcedMsMax = 8 * hour;

type Allowed =
  | { readonly ok: true; readonly speaker: Speaker; readonly by: Signer }
  | { readonly ok: false; readonly answer: Answer };

/** Whoever signed it may do it, and the service has the site. */
function allowed(moment: Moment, asking: Asking, act: Act, site: string): Allowed {
  const signed = signedBy(asking, act);
  if (!signed.ok) return signed;
  const refusal = mayNot(moment, act, signed.speaker);
  if (refusal !== undefined) return { ok: false, answer: { accepted: false, refusal } };
  const { service } = moment;
  if (service.sites.has(site)) return signed;
  const figures = { site, sites: [...service.sites.keys()] };
  const says = `${service.id} has no site ${site}.`;
  return { ok: false, answer: refuse("no-such-site", says, figures, "Name one of its sites.") };
}

/**
 * A site that is up and compromised: it is barred at once, and left by a plan that the duty `contain` alone authorises. The
 * bar stands even where no plan can be made now; asked again, the reason is told, or the next of several signers is heard.
 */
export function contain(moment: Moment, asking: Asking, request: Request<"contain">): Answer {
  const { site } = request;
  const may = allowed(moment, asking, "contain a site", site);
  if (!may.ok) return may.answer;
  const { state } = moment;
  const open = state.failover;
  if (open?.status === "proposed" && open.plan.purpose === "contain" && !isActive(open.plan.placement.after, site))
    return furtherWord(moment, open, may.speaker);
  const planned = leave(moment, asking, request);
  if (state.barred.has(site)) return planned;
  const barred: ServiceEvent = { type: "site-barred", site, by: may.by };
  return planned.accepted ? accept(barred, ...planned.events) : accept(barred);
}

function leave(moment: Moment, asking: Asking, { site, to }: Request<"contain">): Answer {
  const { state, service } = moment;
  if (state.placement === null || !isActive(state.placement, site))
    return refuse("not-active", `${site} is not active now.`, { site }, "Nothing is to be moved away from it.");
  const move = to === null ? ({ kind: "isolate", site } as const) : ({ kind: "replace", from: site, to } as const);
  const absent = to !== null && !service.sites.has(to);
  if (absent) return refuse("no-such-site", `${service.id} has no site ${to}.`, { site: to }, "Name one of its sites.");
  const moved = applyMove(state.placement, move, service);
  if (!moved.ok) return { accepted: false, refusal: moved.refusal };
  const of = state.failover?.id ?? null;
  const plan = { purpose: "contain", trigger: { kind: "declared" }, of, after: moved.placement } as const;
  return proposeFor(moment, asking, { request: plan, needs: "approve", duties: ["contain"] });
}

function furtherWord(moment: Moment, open: Failover, speaker: Speaker): Answer {
  const { world, now } = moment;
  const given = wordFor(
    { world, policy: governing(moment, open.plan).policy, failover: open, now },
    "contain",
    speaker,
  );
  if (!given.ok) return { accepted: false, refusal: given.refusal };
  return accept({ type: "word-given", failover: open.id, planHash: open.planHash, word: given.word });
}

/** Cleared by another than who barred it: two pairs of eyes, unless the policy gives the duty to that person alone. */
export function clearSite(moment: Moment, asking: Asking, { site }: Request<"clear-site">): Answer {
  const may = allowed(moment, asking, "clear a site", site);
  if (!may.ok) return may.answer;
  const barred = moment.state.barred.get(site);
  if (barred === undefined)
    return refuse("not-barred", `${site} is not barred.`, { site }, "Nothing needs to be done.");
  const others = holdersOf(moment, "clear a site").filter((person) => person !== barred.person);
  if (barred.person === may.by.person && others.length > 0)
    return refuse(
      "needs-another",
      `${barred.person} barred ${site}, and somebody else must clear it.`,
      { site, by: barred.person, people: others },
      `Ask ${others.join(", ")}.`,
    );
  return accept({ type: "site-cleared", site, by: may.by });
}

/** A verdict beside the judged one, never instead of it: while it lasts the automation leaves this site's moves to people. */
export function forceVerdict(moment: Moment, asking: Asking, request: Request<"force-verdict">): Answer {
  const { site, verdict, until } = request;
  const may = allowed(moment, asking, "force a verdict", site);
  if (!may.ok) return may.answer;
  const { now } = moment;
  if (until <= now) return refuse("window-is-over", `${formatInstant(until)} is past.`, { until }, "Give a later end.");
  if (until > add(now, forcedMsMax))
    return refuse(
      "window-too-long",
      `A verdict is forced for ${formatDuration(forcedMsMax)} at most.`,
      { until, mostMs: forcedMsMax },
      "Force it for less, and again when it is over.",
    );
  return accept({ type: "verdict-forced", site, verdict, until, by: may.by });
}

export function liftForcedVerdict(moment: Moment, asking: Asking, { site }: Request<"lift-forced-verdict">): Answer {
  const may = allowed(moment, asking, "force a verdict", site);
  if (!may.ok) return may.answer;
  const forced = moment.state.forced.get(site);
  if (forced === undefined || !isForced(moment.world, forced, moment.now))
    return refuse("not-forced", `The verdict of ${site} is not forced.`, { site }, "Nothing needs to be done.");
  return accept({ type: "forced-verdict-lifted", site, by: may.by });
}
