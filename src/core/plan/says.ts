import { formatDuration, formatInstant, second } from "../../values/time.ts";
import { rdataToText } from "../../dns/wire/rdata.ts";
import { publicView } from "../policy/zone-key.ts";
import { activeSites } from "./placement.ts";
import type { Placement, Plan, RRsetChange, ZoneChange } from "./plan.ts";
import type { RRset } from "./rrset.ts";

/** The effect of a plan in plain English, from the plan alone: what people approve, and what a verifier renders again. */
export function planSays(plan: Plan): readonly string[] {
  const { before, after } = plan.placement;
  return [
    `${plan.failover} (${plan.purpose}): move ${plan.service} from ${sitesText(before)} to ${sitesText(after)}, ${plan.scope} scope.`,
    ...plan.steps.flatMap((step) => step.changes).flatMap(changeSays),
    ...(plan.rollback === null
      ? []
      : [
          `If ${plan.rollback.site} turns down within ${formatDuration(plan.rollback.withinMs)} and the old site is up, it is undone.`,
        ]),
    `The plan is open until ${formatInstant(plan.expiresAt)}.`,
  ];
}

/** `fra`, `fra and iad`, `fra without v6` */
export function sitesText(placement: Placement): string {
  return activeSites(placement)
    .map(({ site, without }) => (without.length === 0 ? site : `${site} without ${without.join(", ")}`))
    .join(" and ");
}

function changeSays(change: ZoneChange): readonly string[] {
  return change.rrsets.map(
    (rrset) =>
      `At provider ${placeText(change)}, zone ${change.zone} ${rrset.name} ${rrset.type}: ${rrsetText(rrset.type, rrset.before)} becomes ${rrsetText(rrset.type, rrset.after)}.`,
  );
}

/** That a change is of the view public goes without saying. */
function placeText({ provider, view }: ZoneChange): string {
  return view === publicView ? provider : `${provider}, view ${view}`;
}

/** `192.0.2.10 (TTL 60 s)`, or `absent`. */
export function rrsetText(type: string, rrset: RRset | "absent"): string {
  if (rrset === "absent") return "absent";
  return `${valuesText(type, rrset).join(", ")} (TTL ${formatDuration(rrset.ttl * second)})`;
}

/** The values of an RRset in master-file text. */
export function valuesText(type: string, rrset: RRset | "absent"): readonly string[] {
  return rrset === "absent" ? [] : rrset.rdata.map((rdata) => rdataToText(type, rdata));
}

/**
 * The same change by hand, as input for `nsupdate`: with the same prerequisites, so that it is refused where the plan
 * would be. For a portal, the same lines say what to replace by what.
 */
export function manualSteps(plan: Plan): readonly string[] {
  return plan.steps.flatMap((step) => step.changes).flatMap((change) => manualStepsFor(change));
}

export function manualStepsFor(change: ZoneChange): readonly string[] {
  const head = [`; at provider ${placeText(change)}`, `zone ${change.zone}`];
  return head.concat(change.rrsets.flatMap(prerequisites), change.rrsets.flatMap(updates), ["send"]);
}

function prerequisites({ name, type, before }: RRsetChange): readonly string[] {
  if (before === "absent") return [`prereq nxrrset ${name} ${type}`];
  return valuesText(type, before).map((value) => `prereq yxrrset ${name} ${type} ${value}`);
}

function updates({ name, type, after }: RRsetChange): readonly string[] {
  const added =
    after === "absent"
      ? []
      : valuesText(type, after).map((value) => `update add ${name} ${after.ttl} ${type} ${value}`);
  return [`update delete ${name} ${type}`, ...added];
}
