import type { Observation, ProbeTarget } from "../../core/health/observation.ts";
import type { Means } from "./dial.ts";

/** What a check found. */
export type Finding = Pick<Observation, "reason" | "certificateUntil">;

/** Runs one type of check once. Never rejects, and ends within the definition's time-out. */
export type Runner<Definition> = (target: ProbeTarget, definition: Definition, means: Means) => Promise<Finding>;
