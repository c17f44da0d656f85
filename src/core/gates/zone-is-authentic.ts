import { heardLately, serversSaid, type ZoneFacts } from "../integrity/zone-facts.ts";
import { zoneKey } from "../policy/zone-key.ts";
import { pass, refuse, type Gate, type GateInput } from "./gate.ts";

/**
 * A zone that is bogus at every nameserver that answers, by a trusted clock, reaches no resolver that validates: a change
 * there helps nobody, and hides the fault. By a clock in doubt nothing is known, and zone-is-authentic-everywhere holds.
 */
export const zoneIsAuthentic: Gate = {
  name: "zone-is-authentic",
  kind: "absolute",
  check(input) {
    const { facts, now } = input;
    if (!facts.clock.trustworthy) return pass;
    for (const { zone, known } of zonesOf(input)) {
      const heard = known === undefined ? [] : heardLately(known, now);
      if (heard.length === 0 || !heard.every(({ authenticity }) => authenticity === "bogus")) continue;
      const servers = serversSaid(heard);
      return refuse(
        "zone-bogus",
        `${zone} is bogus at every nameserver that answers: ${servers.join(", ")}.`,
        { zone, servers },
        `Mend its signatures, keys or DS, which no gate stops: pointsman inspect ${zone}`,
      );
    }
    return pass;
  },
};

/** Each zone that the plan changes, with what the monitor knows of it. */
export function zonesOf({
  plan,
  facts,
}: GateInput): readonly (Pick<ZoneFacts, "zone" | "view"> & { readonly known: ZoneFacts | undefined })[] {
  const changes = plan.steps.flatMap((step) => step.changes);
  const places = new Map(changes.map(({ zone, view }) => [zoneKey(view, zone), { zone, view }]));
  return [...places.values()].map(({ zone, view }) => ({
    zone,
    view,
    known: facts.zones.find((one) => one.zone === zone && one.view === view),
  }));
}
