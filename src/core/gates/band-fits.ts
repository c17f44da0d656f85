import { own } from "../../values/own.ts";
import { pass, refuse, type Gate } from "./gate.ts";

/** The signal of the band still holds, as the vantages say now. */
export const bandFits: Gate = {
  name: "band-fits",
  kind: "automatic",
  check({ band, facts }) {
    if (band === null) return pass;
    const signal = own(facts.health.signals, band.name);
    if (signal?.state === "holds") return pass;
    return refuse(
      "signal-gone",
      `The signal of band ${band.name} is ${signal?.state ?? "unknown"} now.`,
      { band: band.name, ...signal?.figures },
      "Nothing needs to be done while the signal is not there.",
    );
  },
};
