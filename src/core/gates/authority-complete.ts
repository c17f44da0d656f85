import { pass, refuse, type Gate } from "./gate.ts";

/** N1: a band that was agreed beforehand, criteria that stand in an approved plan, or people. */
export const authorityComplete: Gate = {
  name: "authority-complete",
  kind: "absolute",
  check({ failover, band }) {
    if (failover === null) return pass;
    if (failover.needs === "nothing") {
      const agreed = failover.plan.purpose === "rollback" || (band !== null && band.authority === "pre-authorised");
      return agreed
        ? pass
        : refuse(
            "no-band",
            "No band of the plan's policy pre-authorises this move.",
            {},
            `Approve it: pointsman approve ${failover.id}`,
          );
    }
    const given = failover.approvals.length;
    if (given > 0) return pass;
    return refuse(
      "approval-missing",
      `${failover.id} waits for an approval (duty ${failover.needs}).`,
      { needs: failover.needs, given },
      `Approve it: pointsman approve ${failover.id}`,
    );
  },
};
