import { formatDuration } from "../../values/time.ts";
import { surveyFreshMs } from "../../core/integrity/expected-of.ts";
import type { Attention } from "../contract/common.ts";
import { inView } from "../contract/in-view.ts";
import type { ServiceView } from "../contract/status.ts";
import type { FindingView, ZoneView } from "../contract/zone.ts";

/** The alarms of a zone, each with its mend, and whether anybody looks at it at all. */
export function ofZone(zone: ZoneView, services: readonly ServiceView[]): Attention[] {
  return [
    ...zone.integrity.map((finding) => alarm(zone, finding)),
    ...zone.availability
      .filter((finding) => !isToldOfARecord(finding, services))
      .map((finding) => alarm(zone, finding)),
    ...notLookedAt(zone),
  ];
}

function alarm({ zone, view }: ZoneView, { code, says, mend }: FindingView): Attention {
  // From where people are, another view is not to be seen.
  const command = view === "public" ? `pointsman inspect ${zone.replace(/(?<=.)\.$/, "")}` : null;
  return { level: "alarm", service: null, code, says: `${inView(zone, view)} ${says} ${mend}`, command };
}

/** A nameserver that does not answer for a record rings there already, sooner. */
function isToldOfARecord({ code, about }: FindingView, services: readonly ServiceView[]): boolean {
  if (code !== "no-response" && code !== "lame") return false;
  const readings = services.flatMap(({ records }) => records.flatMap(({ nameservers }) => nameservers));
  return readings.some(
    ({ nameserver, address, outcome }) =>
      `${nameserver} (${address})` === about &&
      (outcome === "no-response" || outcome === "lame" || outcome === "malformed"),
  );
}

/** Where DNSSEC is required automation holds until it is known: then not knowing is an alarm. */
function notLookedAt({ zone, view, dnssec, looks }: ZoneView): Attention[] {
  if (looks.some(({ fresh }) => fresh)) return [];
  const when =
    looks.length === 0
      ? "has not been looked at since the start"
      : `has not been looked at for ${formatDuration(surveyFreshMs)} or longer`;
  const required = dnssec === "required";
  const says = required ? "; DNSSEC is required there, so automation holds" : "";
  return [
    {
      level: required ? "alarm" : "notice",
      service: null,
      code: "zone-not-looked-at",
      says: `${inView(zone, view)} ${when}: whether it is authentic is not known${says}.`,
      command: null,
    },
  ];
}
