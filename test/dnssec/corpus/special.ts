import { rolloverZones } from "./rollovers.ts";
import { spoiledZones } from "./spoiled.ts";
import type { SpecialZone } from "./special-zone.ts";
import { unusualZones } from "./unusual.ts";

/** One zone for each stage of a rollover, for what is rare and yet right, and for what must be found bogus. */
export const specialZones: readonly SpecialZone[] = [...rolloverZones, ...unusualZones, ...spoiledZones];
