import { missingDuties } from "../authority/duties.ts";
import { soloStanding } from "../authority/solo.ts";
import type { Failover } from "../failover/state.ts";
import { pass, refuse, wait, type Gate, type GateInput, type GateResult } from "./gate.ts";

/** N1, N8: a band that was agreed beforehand, criteria that stand in an approved plan, or people in all their duties. */
export const authorityComplete: Gate = {
  name: "authority-complete",
  kind: "absolute",
  check(input) {
    const { failover, world } = input;
    if (failover === null) return pass;
    if (failover.needs === "nothing") return agreedBefore(input, failover);
    return world.authority.mode === "signed" ? signed(input, failover) : approved(failover);
  },
};

function agreedBefore({ band }: GateInput, { id, plan }: Failover): GateResult {
  const agreed = plan.purpose === "rollback" || (band !== null && band.authority === "pre-authorised");
  return agreed
    ? pass
    : refuse(
        "no-band",
        "No band of the plan's policy pre-authorises this move.",
        {},
        `Approve it: pointsman approve ${id}`,
      );
}

/** An unsigned trial: one yes of any local user. */
function approved({ id, needs, approvals }: Failover): GateResult {
  const given = approvals.length;
  if (given > 0) return pass;
  return refuse(
    "approval-missing",
    `${id} waits for an approval (duty ${needs}).`,
    { needs, given },
    `Approve it: pointsman approve ${id}`,
  );
}

function signed({ world, policy, facts, now }: GateInput, failover: Failover): GateResult {
  const about = { world, policy, failover, facts, now };
  const missing = missingDuties(about);
  if (missing.length === 0) return pass;
  const solo = soloStanding(about);
  const figures = {
    missing: missing.map(({ duty, role, because, people }) => ({ duty, role, because, people: [...people] })),
  };
  if (solo.state === "waits")
    return wait(
      "veto-time",
      `${solo.word.person} moves this alone, unless somebody vetoes it before then.`,
      solo.until,
      { person: solo.word.person, ...figures },
    );
  const says = missing.map((one) => one.says).join(" ");
  return refuse(
    "duties-missing",
    solo.state === "refused" ? `${solo.says} ${says}` : says,
    figures,
    `Sign what you may fill: ${[...new Set(missing.map(({ duty }) => command(duty, failover.id)))].join(", ")}`,
  );
}

function command(duty: string, failover: string): string {
  return duty === "declare" || duty === "contain" ? `ask for the move anew (${duty})` : `pointsman ${duty} ${failover}`;
}
