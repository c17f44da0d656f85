import type { Epoch } from "../../values/ids.ts";
import { own } from "../../values/own.ts";
import { formatDuration, formatInstant, type Instant } from "../../values/time.ts";
import { serviceOfFailover } from "../authority/subjects.ts";
import type { Failover, ServiceState } from "../failover/state.ts";
import { holding } from "../gates/index.ts";
import type { GateReport, Stage } from "../gates/gate.ts";
import { manualStepsFor, sitesText } from "../plan/says.ts";
import type { Band, Move } from "../policy/policy.ts";
import { candidates, judgeCandidate, type Candidate } from "./advance/initiatives.ts";
import type { Explanation, InitiativeExplanation } from "./explanation.ts";
import type { Facts } from "./facts.ts";
import { holdsOf } from "./holds.ts";
import { gatesForFailover, missingOf, momentOf, waitsForPeople, type Moment } from "./moment.ts";
import type { World } from "./world.ts";

/** What the service would do, what holds it with figures, who can act, and the exact command. */
export function explain(state: ServiceState, world: World, facts: Facts, now: Instant, epoch: Epoch): Explanation {
  const moment = momentOf(state, world, facts, now, epoch);
  if (moment === undefined) return removed(state);
  const initiatives = moment.service.bands.map((band) => explainBand(moment, band));
  for (const candidate of candidates(moment).filter(({ band }) => band === null))
    initiatives.push(explainCandidate(moment, candidate));
  const failover = state.failover === null ? null : explainFailover(moment, state.failover);
  const holds = holdsOf(moment);
  return {
    service: state.service,
    says: summary(moment, initiatives, holds),
    initiatives,
    failover,
    holds,
    reviews: reviewsOf(moment),
    commands: commandsOf(moment),
  };
}

function removed(state: ServiceState): Explanation {
  const says = `The policy in force has no service ${state.service}: nothing is done for it, and nothing was deleted.`;
  return { service: state.service, says, initiatives: [], failover: null, holds: [], reviews: [], commands: [] };
}

function explainBand(moment: Moment, band: Band): InitiativeExplanation {
  const signal = own(moment.facts.health.signals, band.name);
  const armed = moment.state.initiatives.get(band.name)?.armed !== false;
  const rearmed = { ...moment, state: { ...moment.state, failover: null, initiatives: new Map() } };
  const candidate = candidates(rearmed).find(({ name }) => name === band.name);
  const gates = candidate === undefined ? [] : judgeCandidate(moment, candidate).reports;
  const state = signal?.state ?? "unknown";
  const figures = Object.entries(signal?.figures ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  if (signal?.state === "pending") figures.unshift(`holds in ${formatDuration(signal.inMs)}`);
  return {
    initiative: band.name,
    authority: band.authority,
    signal: state,
    signalSays: figures.length === 0 ? "nothing was seen yet" : figures.join(", "),
    move: moveText(band.move),
    gates,
    says: initiativeSays(state, candidate !== undefined, armed, gates),
  };
}

function initiativeSays(signal: string, applies: boolean, armed: boolean, gates: readonly GateReport[]): string {
  if (signal !== "holds") return `Its signal is ${signal}; nothing is due.`;
  if (!applies) return "Its signal holds, and its move does not apply to where the service stands.";
  if (!armed) return "It was refused once; it is armed again when its signal has cleared.";
  const held = holding(gates);
  if (held.length === 0) return "Its signal holds, and no gate refuses.";
  return `Held: ${held.map(({ says, gate }) => says ?? gate).join(" ")}`;
}

function explainCandidate(moment: Moment, candidate: Candidate): InitiativeExplanation {
  const { reports } = judgeCandidate(moment, candidate);
  return {
    initiative: candidate.name,
    authority: candidate.needs === "reverse" ? "reverse" : "rollback-criteria",
    signal: "holds",
    signalSays: "all that it waits for has come",
    move: `to ${sitesText(candidate.request.after)}`,
    gates: reports,
    says: initiativeSays("holds", true, true, reports),
  };
}

/** `replace fra by iad` */
function moveText(move: Move): string {
  switch (move.kind) {
    case "replace":
      return `replace ${move.from} by ${move.to}`;
    case "withdraw":
      return `withdraw ${move.record} at ${move.site}`;
    case "add":
    case "drain":
    case "isolate":
      return `${move.kind} ${move.site}`;
  }
}

function explainFailover(moment: Moment, open: Failover): NonNullable<Explanation["failover"]> {
  const stages: { readonly [status in Failover["status"]]: Stage | null } = {
    proposed: "authorise",
    authorised: "execute",
    changing: null,
    changed: null,
    switched: null,
    recovered: "close",
    settled: "close",
  };
  const stage = stages[open.status];
  const gates = stage === null ? [] : gatesForFailover(moment, open, stage);
  const missing = open.status === "proposed" || open.status === "authorised" ? missingOf(moment, open) : [];
  const waits = waitsForPeople(moment, open);
  const acts = missing.length === 0 ? ["approve"] : [...new Set(missing.map(({ duty }) => duty))];
  const commands = waits ? [...acts, "veto", "withdraw"].map((act) => `pointsman ${act} ${open.id}`) : [];
  return {
    id: open.id,
    status: open.status,
    says: failoverSays(moment, open),
    gates,
    commands: [...commands, ...manualCommands(open)],
    missing,
    waivers: open.waivers.flatMap(({ person, gates: waived }) =>
      waived.map(({ gate, code }) => ({ person, gate, code })),
    ),
  };
}

function failoverSays(moment: Moment, open: Failover): string {
  if (waitsForPeople(moment, open)) {
    const missing = missingOf(moment, open).map(({ says }) => says);
    const until = formatInstant(open.plan.expiresAt);
    return missing.length === 0
      ? `${open.id} waits for an approval (duty ${open.needs}), until ${until}.`
      : `${open.id} waits, until ${until}. ${missing.join(" ")}`;
  }
  const diverged = "diverged" in open && open.diverged !== null ? ` Diverged: ${open.diverged.says}` : "";
  if ("verification" in open) {
    const { wrong, silent, serviceFailure } = open.verification;
    const parts = [
      wrong.length === 0 ? "" : ` Not right: ${wrong.join(", ")}.`,
      silent.length === 0 ? "" : ` Silent: ${silent.join(", ")}.`,
      serviceFailure === null ? "" : ` Through its name: ${serviceFailure}.`,
    ];
    return `${open.id} is ${open.status}.${parts.join("")}${diverged}`;
  }
  const last = "attempts" in open ? open.attempts.at(-1) : undefined;
  const attempt = last === undefined ? "" : ` ${last.id} by path ${last.path}: ${attemptText(last)}.`;
  return `${open.id} is ${open.status}.${attempt}${diverged}`;
}

function attemptText({
  outcome,
  manual,
}: {
  readonly outcome: { readonly state: string; readonly code?: string };
  readonly manual: boolean;
}): string {
  if (manual && outcome.state !== "applied") return "waits for people to change the records by hand";
  return outcome.code === undefined ? outcome.state : `${outcome.state} (${outcome.code})`;
}

/** A manual path that is waited for: the exact change, as nsupdate would take it. */
function manualCommands(open: Failover): readonly string[] {
  if (open.status !== "changing") return [];
  return open.attempts
    .filter(({ manual, outcome }) => manual && outcome.state !== "applied")
    .flatMap(({ change }) => manualStepsFor(change));
}

/** Open reviews of this service's failovers, or of itself. */
function reviewsOf({ state, world }: Moment): Explanation["reviews"] {
  return [...world.authority.reviews.values()].filter(
    ({ subject, closed }) =>
      closed === null && (subject === state.service || serviceOfFailover(subject) === state.service),
  );
}

function commandsOf({ state, service }: Moment): readonly string[] {
  const others = [...service.sites.keys()].map((site) => `pointsman move ${state.service} --to ${site} --reason "..."`);
  return [...others, `pointsman stop ${state.service}`];
}

function summary(moment: Moment, initiatives: readonly InitiativeExplanation[], holds: Explanation["holds"]): string {
  const { state, facts } = moment;
  if (!facts.health.judged) return "No full round of checks has been seen since the start: nothing is decided yet.";
  const due = initiatives.find(({ signal }) => signal === "holds");
  if (state.handedOver !== null)
    return `${state.handedOver.by.person} took ${state.service} over: nothing is done for it until it is taken back.`;
  if (state.failover !== null) return failoverSays(moment, state.failover);
  if (due !== undefined) return `${due.initiative}: ${due.says}`;
  const [hold] = holds;
  return hold === undefined ? "All is well: nothing is due, and nothing is held." : hold.says;
}
