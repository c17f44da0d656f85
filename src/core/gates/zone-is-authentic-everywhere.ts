import { heardLately, serversSaid, type ZoneFacts, type ZoneServerFacts } from "../integrity/zone-facts.ts";
import { zoneIn } from "../policy/zone-key.ts";
import { pass, refuse, type Gate, type GateInput, type GateResult } from "./gate.ts";
import { zonesOf } from "./zone-is-authentic.ts";

/**
 * Automation moves nothing in a zone that is bogus at some nameserver. Where the policy requires DNSSEC, it also waits
 * until a nameserver of every provider that it changes says so lately: unknown is never success. People are warned, and
 * may act: a monitor that is down must not leave them without a move.
 */
export const zoneIsAuthenticEverywhere: Gate = {
  name: "zone-is-authentic-everywhere",
  kind: "automatic",
  check(input) {
    for (const { zone, view, known } of zonesOf(input)) {
      const heard = known === undefined ? [] : heardLately(known, input.now);
      const refusal =
        bogusSomewhere(zone, heard) ??
        (zoneIn(input.policy, { view, zone })?.dnssec === "required"
          ? notProven(input, { view, zone }, heard)
          : undefined);
      if (refusal !== undefined) return refusal;
    }
    return pass;
  },
};

function bogusSomewhere(zone: string, heard: readonly ZoneServerFacts[]): GateResult | undefined {
  const bogus = heard.filter(({ authenticity }) => authenticity === "bogus");
  if (bogus.length === 0) return undefined;
  const servers = serversSaid(bogus);
  return refuse(
    "zone-bogus-somewhere",
    `${zone} is bogus at ${servers.join(", ")}.`,
    { zone, servers },
    `Mend it there: pointsman inspect ${zone}`,
  );
}

function notProven(
  { plan }: GateInput,
  { view, zone }: Pick<ZoneFacts, "view" | "zone">,
  heard: readonly ZoneServerFacts[],
): GateResult | undefined {
  const insecure = heard.filter(({ authenticity }) => authenticity === "insecure");
  if (insecure.length > 0) {
    const servers = serversSaid(insecure);
    return refuse(
      "zone-insecure",
      `The policy requires DNSSEC, and ${zone} is insecure at ${servers.join(", ")}.`,
      { zone, servers },
      "Sign the zone and have its DS published, or write dnssec: unsigned.",
    );
  }
  const changes = plan.steps
    .flatMap((step) => step.changes)
    .filter((change) => change.zone === zone && change.view === view);
  const unproven = changes.find(
    ({ provider }) => !heard.some((one) => one.provider === provider && one.authenticity === "secure"),
  );
  const doubtful = heard.filter(({ authenticity }) => authenticity !== "secure");
  if (unproven === undefined && doubtful.length === 0) return undefined;
  const where = doubtful.length > 0 ? serversSaid(doubtful).join(", ") : `provider ${unproven?.provider ?? ""}`;
  return refuse(
    "authenticity-unknown",
    `The policy requires DNSSEC, and it is not known whether ${zone} is authentic at ${where}.`,
    { zone, heard: heard.length },
    `Wait for the next survey of the zone, or look: pointsman inspect ${zone}`,
  );
}
