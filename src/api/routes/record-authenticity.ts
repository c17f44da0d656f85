import type { Facts } from "../../core/cycle/facts.ts";
import { heardLately, serversSaid } from "../../core/integrity/zone-facts.ts";
import type { SteeredRecord } from "../../core/policy/policy.ts";
import type { Instant } from "../../values/time.ts";
import type { RecordView } from "../contract/status.ts";

const worstFirst = ["bogus", "unverifiable", "indeterminate", "insecure", "secure"] as const;

/** What the nameservers of a record's zone said of its authenticity lately: the worst of it, and who said that. */
export function recordAuthenticity(
  { zone, view }: Pick<SteeredRecord, "zone" | "view">,
  { zones }: Pick<Facts, "zones">,
  now: Instant,
): RecordView["authenticity"] {
  const known = zones.find((one) => one.zone === zone && one.view === view);
  const heard = known === undefined ? [] : heardLately(known, now);
  const verdict = worstFirst.find((worst) => heard.some(({ authenticity }) => authenticity === worst));
  return {
    verdict: verdict ?? "not checked",
    at: [...serversSaid(heard.filter(({ authenticity }) => authenticity === verdict))],
    heard: new Set(heard.map(({ address }) => address)).size,
  };
}
