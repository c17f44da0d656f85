import { isRight } from "../../src/core/failover/verification.ts";
import type { Placement } from "../../src/core/plan/plan.ts";
import type { Service } from "../../src/core/policy/policy.ts";
import { formatDuration } from "../../src/values/time.ts";
import type { Screen } from "./screen.ts";
import type { Seen } from "./story.ts";

/** What `--json` prints as its last line. */
export interface Summary {
  readonly recovered: boolean;
  readonly placementBefore: Sites;
  readonly placementAfter: Sites;
  /** Of the failover, in order: each from the end of the one before, the first from the death of the site. */
  readonly stages: readonly { readonly name: string; readonly milliseconds: number }[];
  /** From the observation that completed the verdict until every nameserver was verified; null: one of them was not. */
  readonly overheadMs: number | null;
  readonly nameservers: readonly { readonly address: string; readonly answer: string; readonly verified: boolean }[];
  readonly journalEntries: number;
  readonly failedBack: boolean;
}

/** By segment, the active sites. */
type Sites = { readonly [segment: string]: readonly string[] };

export function summaryOf({ killedAt, away, home }: Seen, journalEntries: number): Summary {
  const { times, placement, nameservers, answers } = away;
  const before = sitesOf(placement.before);
  return {
    recovered: times.recovered !== null,
    placementBefore: before,
    placementAfter: sitesOf(placement.after),
    stages: stagesOf(killedAt, away),
    overheadMs: times.switched === null || times.signal === null ? null : times.switched - times.signal,
    nameservers: nameservers.map((one) => ({
      address: one.address,
      answer: answers.get(one.address) ?? "",
      verified: isRight(one),
    })),
    journalEntries,
    failedBack: home !== undefined && home.times.recovered !== null && isSame(sitesOf(home.placement.after), before),
  };
}

/** The times against the objective. */
export function tellSummary(summary: Summary, objective: Service["objective"] | undefined, screen: Screen): void {
  screen.heading("The failover in milliseconds, from the death of the site");
  let passed = 0;
  for (const { name, milliseconds } of summary.stages) {
    passed += milliseconds;
    const allowed = name === "detected" ? objective?.detectMs : name === "recovered" ? objective?.recoverMs : undefined;
    const of = allowed === undefined ? "" : `, of ${formatDuration(allowed)} that the objective allows`;
    screen.more(`${name.padEnd(11)} ${String(milliseconds).padStart(6)}   after ${passed}${of}`);
  }
  if (summary.overheadMs !== null)
    screen.more(`From the verdict until every nameserver was verified: ${summary.overheadMs} ms.`);
  screen.more(`${summary.journalEntries} entries in the journal.`);
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

function sitesOf(placement: Placement): Sites {
  return Object.fromEntries(
    Object.entries(placement).map(([segment, active]) => [segment, active.map(({ site }) => site)]),
  );
}

function isSame(a: Sites, b: Sites): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
