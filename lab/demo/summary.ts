import type { Placement } from "../../src/core/plan/plan.ts";
import { activeSites } from "../../src/core/plan/placement.ts";
import { isRight } from "../../src/core/failover/verification.ts";
import type { Seen } from "./story.ts";

/** What `--json` prints as its last line. */
export interface Summary {
  readonly recovered: boolean;
  /** By segment, the active sites. */
  readonly placementBefore: { readonly [segment: string]: readonly string[] };
  readonly placementAfter: { readonly [segment: string]: readonly string[] };
  /** Of the failover, in order; each from the end of the one before, the first from the death of the site. */
  readonly stages: readonly { readonly name: string; readonly milliseconds: number }[];
  /** From the observation that completed the verdict until every nameserver was verified. */
  readonly overheadMs: number;
  readonly nameservers: readonly { readonly address: string; readonly answer: string; readonly verified: boolean }[];
  readonly journalEntries: number;
  readonly failedBack: boolean;
}

export function summaryOf({ killedAt, away, home }: Seen, journalEntries: number): Summary {
  const { times, placement, nameservers, answers } = away;
  const back = home === undefined ? undefined : sitesOf(home.placement.after);
  const before = sitesOf(placement.before);
  return {
    recovered: times.recovered !== null,
    placementBefore: before,
    placementAfter: sitesOf(placement.after),
    stages: stagesOf(killedAt, away),
    overheadMs: (times.switched ?? Number.NaN) - (times.signal ?? Number.NaN),
    nameservers: nameservers.map((one) => ({
      address: one.address,
      answer: answers.get(one.address) ?? "",
      verified: isRight(one),
    })),
    journalEntries,
    failedBack: home?.times.recovered !== null && JSON.stringify(back) === JSON.stringify(before),
  };
}

const stageNames = [
  ["detected", "signal"],
  ["proposed", "proposed"],
  ["authorised", "authorised"],
  ["intended", "intended"],
  ["changed", "changed"],
  ["switched", "switched"],
  ["recovered", "recovered"],
  ["settled", "settled"],
] as const;

function stagesOf(killedAt: number, { times }: Seen["away"]): Summary["stages"] {
  let last = killedAt;
  return stageNames.flatMap(([name, member]) => {
    const at = times[member];
    if (at === null) return [];
    const milliseconds = Math.max(0, at - last);
    last = at;
    return [{ name, milliseconds }];
  });
}

function sitesOf(placement: Placement): { readonly [segment: string]: readonly string[] } {
  const segments = Object.entries(placement);
  return Object.fromEntries(
    segments.map(([segment, active]) => [segment, activeSites({ [segment]: active }).map(({ site }) => site)]),
  );
}
