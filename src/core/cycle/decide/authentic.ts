import { isUnproven, type CheckedAuthenticity, type NameserverVerdict } from "../../failover/verification.ts";
import type { Failover } from "../../failover/state.ts";
import { heardLately, serversSaid } from "../../integrity/zone-facts.ts";
import type { Instant } from "../../../values/time.ts";
import { governing, type Moment } from "../moment.ts";

/** N9: right answers that do not count, since the policy requires DNSSEC and they are not secure. */
export function unprovenOf(
  moment: Moment,
  { plan }: Failover,
  nameservers: readonly NameserverVerdict[],
): readonly NameserverVerdict[] {
  const { policy } = governing(moment, plan);
  const changes = plan.steps.flatMap((step) => step.changes);
  const required = new Set(
    changes.filter(({ zone }) => policy.zones.get(zone)?.dnssec === "required").map(({ provider }) => provider),
  );
  const unproven = nameservers.filter((one) => required.has(one.provider) && isUnproven(one));
  return unproven.map((one) => Object.assign({ authenticity: notChecked }, one));
}

const notChecked: CheckedAuthenticity = { verdict: "not-checked", code: "nobody-validates", vantages: [] };

/**
 * N9: nameservers at which the integrity monitor found a zone of the plan bogus, or insecure where the policy requires
 * DNSSEC, after `from`. By a clock in doubt it found nothing.
 */
export function foundNotAuthentic(moment: Moment, { plan }: Failover, from: Instant): readonly string[] {
  const { policy } = governing(moment, plan);
  const { facts, now } = moment;
  const zones = new Set(plan.steps.flatMap((step) => step.changes).map(({ zone }) => zone));
  return facts.zones
    .filter(({ zone }) => zones.has(zone))
    .flatMap((known) => {
      const required = policy.zones.get(known.zone)?.dnssec === "required";
      const found = heardLately(known, now).filter(
        ({ authenticity, at }) => at > from && (authenticity === "bogus" || (required && authenticity === "insecure")),
      );
      return serversSaid(found);
    });
}
