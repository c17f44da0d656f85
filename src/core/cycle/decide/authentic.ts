import { isUnproven, type CheckedAuthenticity, type NameserverVerdict } from "../../failover/verification.ts";
import type { Failover } from "../../failover/state.ts";
import { heardLately, serversSaid } from "../../integrity/zone-facts.ts";
import { zoneIn, zoneKey } from "../../policy/zone-key.ts";
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
    changes.filter((change) => zoneIn(policy, change)?.dnssec === "required").map(({ provider }) => provider),
  );
  const unproven = nameservers.filter((one) => required.has(one.provider) && isUnproven(one));
  return unproven.map((one) => Object.assign({ authenticity: notChecked }, one));
}

/** Vantages of one domain may be misled together: one of each corroborates what nobody signed. */
export function oneOfEachDomain(
  moment: Moment,
  { plan }: Failover,
  nameservers: readonly NameserverVerdict[],
): readonly NameserverVerdict[] {
  const { vantages } = governing(moment, plan).policy;
  const domain = (id: string): string | undefined => vantages.get(id)?.domain;
  return nameservers.map((one): NameserverVerdict => {
    if (one.authenticity === undefined) return one;
    const seen = one.authenticity.vantages;
    const kept = seen.filter((id, index) => seen.findIndex((other) => domain(other) === domain(id)) === index);
    return { ...one, authenticity: { ...one.authenticity, vantages: kept } };
  });
}

const notChecked: CheckedAuthenticity = { verdict: "not-checked", code: "nobody-validates", vantages: [] };

/**
 * N9: nameservers at which the integrity monitor found a zone of the plan bogus, or insecure where the policy requires
 * DNSSEC, after `from`. By a clock in doubt it found nothing.
 */
export function foundNotAuthentic(moment: Moment, { plan }: Failover, from: Instant): readonly string[] {
  const { policy } = governing(moment, plan);
  const { facts, now } = moment;
  const zones = new Set(plan.steps.flatMap((step) => step.changes).map(({ view, zone }) => zoneKey(view, zone)));
  return facts.zones
    .filter(({ view, zone }) => zones.has(zoneKey(view, zone)))
    .flatMap((known) => {
      const required = zoneIn(policy, known)?.dnssec === "required";
      const found = heardLately(known, now).filter(
        ({ authenticity, at }) => at > from && (authenticity === "bogus" || (required && authenticity === "insecure")),
      );
      return serversSaid(found);
    });
}
