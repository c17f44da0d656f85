import { invariant } from "../../values/invariant.ts";
import { add, day } from "../../values/time.ts";
import { canonicalName, isWithin, parentOf, sameName, type Name } from "../wire/name.ts";
import { closestAnchor, type ClosestAnchor } from "./anchors.ts";
import { delegationStep } from "./delegation.ts";
import type { Inquiry } from "./inquiry.ts";
import { zonesPerChainMax } from "./limits.ts";
import { earlier, fault, reason, spent, timeText, type Fault } from "./reasons.ts";
import { anchorKey, stepKey } from "./step-cache.ts";
import type { SecureZone, Step } from "./step.ts";
import { bareLink } from "./views.ts";
import { zoneStep } from "./zone-keys.ts";

/** Where a walk down from an anchor ended. */
export type Walk = {
  /** From the anchor down. */
  readonly steps: readonly Step[];
} & (
  | { readonly end: "zone"; readonly zone: SecureZone }
  /** Insecure from `at` on, or not known. */
  | { readonly end: "fault"; readonly at: Name; readonly fault: Fault }
);

/**
 * Walks from the closest anchor of `base` down to the deepest secure zone at or above `target`, which MUST be `base` or
 * above it; or to where the chain ends before. Each step is gone once a question, and is shared with the others.
 */
export async function walk(inquiry: Inquiry, base: Name, target: Name): Promise<Walk> {
  const { anchors } = inquiry.foundation;
  const closest = closestAnchor(anchors, base, inquiry.now);
  if (closest.kind !== "positive") return withoutAnchor(closest, base);
  const first = await anchorStep(inquiry, closest);
  if (first.kind !== "zone") return ended([first], closest.zone);
  if (!isWithin(target, closest.zone)) return { end: "zone", zone: first.zone, steps: [first] };
  const steps: Step[] = [first];
  let { zone } = first;
  // Ports and the memory tell zones by their names as they are: one name, one case.
  for (const name of namesDownTo(canonicalName(target), closest.zone)) {
    if (steps.filter(({ kind }) => kind === "zone").length > zonesPerChainMax) {
      const why = spent({ zone: zone.zone }, `More than ${zonesPerChainMax} zone cuts lead there.`);
      return { end: "fault", at: zone.zone, fault: why, steps };
    }
    const parent = zone;
    // oxlint-disable-next-line no-await-in-loop -- each step needs the keys of the one above
    const step = await inquiry.foundation.steps.get(stepKey(name), name, inquiry, () =>
      delegationStep(inquiry, parent, name),
    );
    steps.push(step);
    if (step.kind === "insecure" || step.kind === "failed") return ended(steps, name);
    if (step.kind === "no-such-name") break;
    if (step.kind === "zone") ({ zone } = step);
  }
  return { end: "zone", zone, steps };
}

/** Names from one label below `zone` down to `name`. */
function namesDownTo(name: Name, zone: Name): readonly Name[] {
  const names: Name[] = [];
  for (let at: Name | undefined = name; at !== undefined && !sameName(at, zone); at = parentOf(at)) names.unshift(at);
  return names;
}

function anchorStep(inquiry: Inquiry, { zone, anchors }: Extract<ClosestAnchor, { kind: "positive" }>): Promise<Step> {
  return inquiry.foundation.steps.get(anchorKey(zone), zone, inquiry, () => {
    const ds = anchors.flatMap((anchor) => (anchor.form === "ds" ? [anchor.ds] : []));
    const keys = anchors.flatMap((anchor) => (anchor.form === "dnskey" ? [anchor.key] : []));
    const tags = [...new Set([...ds, ...keys].map(({ tag }) => tag))].join(", ");
    const trusted = reason("anchor-trusted", { zone }, `Trusted by an anchor for key ${tags}.`);
    const ends = anchors.flatMap((anchor) => anchor.until ?? []);
    const until = ends.reduce(earlier, add(inquiry.now, day));
    return zoneStep(inquiry, zone, { by: "anchor", ds, keys, until, reasons: [trusted] });
  });
}

function withoutAnchor(closest: Exclude<ClosestAnchor, { kind: "positive" }>, base: Name): Walk {
  if (closest.kind === "none") {
    const says = {
      "no-anchor": "No trust anchor is valid now.",
      "no-anchor-above": "No trust anchor stands at it or above it.",
    };
    const why = fault("indeterminate", closest.code, { zone: base }, says[closest.code]);
    return { end: "fault", at: base, fault: why, steps: [] };
  }
  const { zone, until, reason: because } = closest.anchor;
  const why = fault(
    "insecure",
    "negative-anchor",
    { zone },
    `By a negative trust anchor it is not validated until ${timeText(until)}: ${because}`,
  );
  const link = bareLink(zone, "insecure");
  return { end: "fault", at: zone, fault: why, steps: [{ kind: "insecure", fault: why, link, reasons: [], until }] };
}

function ended(steps: readonly Step[], at: Name): Walk {
  const last = steps.at(-1);
  invariant(last?.kind === "insecure" || last?.kind === "failed", "a step that leads no further says why");
  return { end: "fault", at, fault: last.fault, steps };
}
