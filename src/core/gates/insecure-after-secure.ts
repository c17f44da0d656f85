import { heardLately, serversSaid } from "../integrity/zone-facts.ts";
import { pass, refuse, type Gate } from "./gate.ts";
import { zonesOf } from "./zone-is-authentic.ts";

/** A zone that was secure and is not any more: its DS was taken away, or somebody answers in its place. */
export const insecureAfterSecure: Gate = {
  name: "insecure-after-secure",
  kind: "judgement",
  check(input) {
    for (const { zone, known } of zonesOf(input)) {
      if (known === undefined || !known.everSecure || known.leavingDnssec) continue;
      const insecure = heardLately(known, input.now).filter(({ authenticity }) => authenticity === "insecure");
      if (insecure.length === 0) continue;
      const servers = serversSaid(insecure);
      return refuse(
        "insecure-after-secure",
        `${zone} was secure, and is insecure now at ${servers.join(", ")}.`,
        { zone, servers },
        `Put the DS back; if it is meant to be so, say so: pointsman announce ${zone} --kind unsigning --for 1d --reason TEXT`,
      );
    }
    return pass;
  },
};
