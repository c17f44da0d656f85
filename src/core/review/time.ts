import { warning, type Finding } from "../policy/finding.ts";
import type { Policy } from "../policy/policy.ts";
import { day, formatDuration, formatInstant, type Instant } from "../../values/time.ts";

/** A band that expires sooner than this is named. */
const expirySoonMs = 30 * day;

/** Bands that have expired or soon will, and windows that are over. */
export function* whatHasPassed(policy: Policy, now: Instant): Iterable<Finding> {
  for (const service of policy.services.values()) {
    const path = ["services", service.id];
    for (const [index, band] of service.bands.entries()) {
      const at = { path: [...path, "bands", index, "expires"], expiresAt: band.expiresAt };
      if (at.expiresAt !== null && at.expiresAt - now < expirySoonMs)
        yield expiry(band.name, at.path, at.expiresAt, now);
      if (band.authority === "pre-authorised" && at.expiresAt === null)
        yield unending(band.name, [...path, "bands", index]);
    }
    for (const [index, window] of service.frozen.entries())
      if (window.until <= now)
        yield warning({
          code: "window-is-over",
          path: [...path, "frozen", index],
          says: `This window in which nothing moves ended on ${formatInstant(window.until)}.`,
          mend: "Leave it out, or write the next one.",
          figures: { until: window.until },
        });
  }
}

function expiry(band: string, path: Finding["path"], expiresAt: Instant, now: Instant): Finding {
  const gone = expiresAt <= now;
  return warning({
    code: gone ? "band-expired" : "band-expires-soon",
    path,
    says: gone
      ? `The band ${band} expired on ${formatInstant(expiresAt)}: it proposes nothing any more.`
      : `The band ${band} expires in ${formatDuration(expiresAt - now)}.`,
    mend: "Let those who accepted it agree to it anew, and write a later expires.",
    figures: { expiresAt },
  });
}

function unending(band: string, path: Finding["path"]): Finding {
  return warning({
    code: "band-never-expires",
    path,
    says: `The band ${band} moves by itself and never expires: nobody will ever be asked about it again.`,
    mend: "Write expires with a date at most a year ahead.",
  });
}
