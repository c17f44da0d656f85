import { day, formatDuration, formatInstant, type Instant } from "../../values/time.ts";
import type { IntegrityFinding } from "./report.ts";

/** A registration that ends sooner than this is told of. */
const countdownMs = 30 * day;

/**
 * The countdown to the end of a zone's registration, as the policy declares it. Availability: without it the zone is gone,
 * and what it answers until then is as authentic as ever.
 * @param expires null: not known, and nothing is said.
 */
export function* registrationFindings(expires: Instant | null, now: Instant): Iterable<IntegrityFinding> {
  if (expires === null || expires - now > countdownMs) return;
  const leftMs = expires - now;
  const until = formatInstant(expires);
  yield {
    code: "domain-expiring",
    bell: "availability",
    about: "zone",
    says:
      leftMs > 0
        ? `The registration ends in ${formatDuration(leftMs)}, on ${until}.`
        : `The registration ended ${formatDuration(-leftMs)} ago, on ${until}, by the policy.`,
    figures: { expires, leftMs },
    mend: "Renew it at the registrar, and write the new date under expires.",
  };
}
