import { startBind } from "./bind.ts";
import { startKnot } from "./knot.ts";
import { startPowerdns } from "./powerdns.ts";
import type { RunningServer } from "./process.ts";
import type { TestZone } from "./zone.ts";

/** The code that a primary's refusal leads to. PowerDNS does not sign those that have to do with the key. */
export interface RefusalCodes {
  readonly unknownKey: string;
  readonly wrongSecret: string;
  readonly mayNotUpdate: string;
  readonly unknownZone: string;
  readonly wrongTime: string;
}

const byTheBook: RefusalCodes = {
  unknownKey: "badkey",
  wrongSecret: "badsig",
  mayNotUpdate: "refused",
  unknownZone: "notauth",
  wrongTime: "badtime",
};

/** The primaries that every promise about real servers is tried on. */
export const primaries: readonly (readonly [
  string,
  (zones: readonly TestZone[]) => Promise<RunningServer>,
  RefusalCodes,
])[] = [
  ["BIND with a signed zone", (zones) => startBind({ zones, signed: true }), byTheBook],
  // Knot looks for the key among those of the zone's own rules.
  [
    "Knot DNS",
    (zones) => startKnot({ zones }),
    { ...byTheBook, mayNotUpdate: "badkey", unknownZone: "unsigned-notauth" },
  ],
  [
    "PowerDNS",
    (zones) => startPowerdns({ zones }),
    {
      ...byTheBook,
      unknownKey: "unsigned-refused",
      wrongSecret: "unsigned-refused",
      wrongTime: "unsigned-refused",
    },
  ],
];
