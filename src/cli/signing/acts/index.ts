import type { Act } from "../act.ts";
import { peopleActs } from "./people-acts.ts";
import { planActs } from "./plan-acts.ts";
import { serviceActs } from "./service-acts.ts";
import { withdrawals } from "./withdrawals.ts";

/** Every act that people sign, by the word that is typed for it. */
export const acts: readonly Act[] = [...planActs, ...serviceActs, ...peopleActs, ...withdrawals];
