import { surveyFreshMs } from "../../core/integrity/expected-of.ts";
import { eachOnce, type Bell, type IntegrityFinding, type IntegrityReport } from "../../core/integrity/report.ts";
import type { KeyReport } from "../../core/integrity/key-stage.ts";
import { alarmKey, inForce, initialZone, type ZoneState } from "../../core/integrity/zone-state.ts";
import type { Zone } from "../../core/policy/policy.ts";
import { zoneKey } from "../../core/policy/zone-key.ts";
import type { Operations } from "../../ports/operations.ts";
import { formatInstant, since, type Instant } from "../../values/time.ts";
import type { FindingView, KeyView, ZoneServerView, ZoneView } from "../contract/zone.ts";
import { instantView, senderView } from "./views.ts";

/** Every zone of the policy in force, in each of its views, in its order. */
export function zoneViews(operations: Operations): ZoneView[] {
  const { policy, zones } = operations.world();
  const { now } = operations.about();
  const reports = operations.zoneReports();
  return [...policy.zones.values()].map((zone) =>
    zoneView(
      zone,
      zones.get(zoneKey(zone.view, zone.name)) ?? initialZone(zone.name, zone.view),
      reports.filter((report) => report.zone === zone.name && report.view === zone.view),
      now,
    ),
  );
}

/** A zone by the journal (`state`), and by the last look of each vantage. */
export function zoneView(
  { name, dnssec }: Zone,
  state: ZoneState,
  reports: readonly IntegrityReport[],
  now: Instant,
): ZoneView {
  const newest = reports.toSorted((a, b) => b.at - a.at)[0];
  return {
    zone: name,
    view: state.view,
    dnssec,
    wasSecure: state.baseline?.secure ?? null,
    looks: reports.map(({ vantage, at }) => ({
      vantage,
      at: formatInstant(at),
      fresh: since(at, now) <= surveyFreshMs,
    })),
    servers: reports.flatMap(serverViews),
    availability: ringing("availability", state, reports).map(findingView),
    integrity: ringing("integrity", state, reports).map(findingView),
    advice: eachOnce(reports.flatMap(({ advice }) => advice)).map(findingView),
    expected: (newest?.expected ?? []).map(({ what, by, says }) => ({ what, by, says })),
    keys: (newest?.keys ?? []).map(keyView),
    announcements: state.announcements
      .filter(({ until }) => now < until)
      .map((one) => ({
        id: one.id,
        kind: one.kind,
        from: formatInstant(one.from),
        until: formatInstant(one.until),
        by: senderView(one.by),
        inForce: inForce([one], now).length > 0,
      })),
  };
}

/**
 * Integrity rings as it is seen, availability once it is written: then two rounds agreed. Before anybody has looked, what
 * was written last rings on: a restart mends nothing.
 */
function ringing(
  bell: Exclude<Bell, "advice">,
  { alarms }: ZoneState,
  reports: readonly IntegrityReport[],
): readonly IntegrityFinding[] {
  if (reports.length === 0) return alarms[bell].map((key) => unconfirmed(bell, key));
  const seen = eachOnce(reports.flatMap((report) => report[bell]));
  return bell === "integrity" ? seen : seen.filter((finding) => alarms.availability.includes(alarmKey(finding)));
}

function unconfirmed(bell: Bell, key: string): IntegrityFinding {
  const [code = key] = key.split(" ", 1);
  const about = key.slice(code.length + 1);
  return {
    code,
    bell,
    about,
    says: `${about}: ${code}, as the journal has it; nobody has looked since the start.`,
    figures: {},
    mend: "Wait for the next look at the zone.",
  };
}

function serverViews({ vantage, servers }: IntegrityReport): ZoneServerView[] {
  return servers.map(({ provider, nameserver, address, authenticity, serial, signedUntil, findings, ...server }) => ({
    vantage,
    provider,
    nameserver,
    address,
    class: server.class,
    authenticity:
      authenticity === null
        ? null
        : { verdict: authenticity.authenticity, code: authenticity.code, says: authenticity.says },
    serial,
    signedUntil: instantView(signedUntil),
    findings: findings.map(findingView),
  }));
}

/** A finding as the API tells it. */
export function findingView({ code, bell, about, says, figures, mend }: IntegrityFinding): FindingView {
  return { code, bell, about, says, figures: { ...figures }, mend };
}

function keyView({ next, ...key }: KeyReport): KeyView {
  return {
    ...key,
    providers: [...key.providers],
    firstSeen: formatInstant(key.firstSeen),
    lastSeen: formatInstant(key.lastSeen),
    next: { step: next.step, notBefore: instantView(next.notBefore), says: next.says },
  };
}
