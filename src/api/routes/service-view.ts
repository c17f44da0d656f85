import type { Facts, NameserverReading } from "../../core/cycle/facts.ts";
import type { ServiceState } from "../../core/failover/state.ts";
import type { SiteHealth } from "../../core/health/verdict.ts";
import type { Placement } from "../../core/plan/plan.ts";
import type { Service, SteeredRecord } from "../../core/policy/policy.ts";
import { formatDuration, formatInstant, type Instant } from "../../values/time.ts";
import type { RecordView, ServiceView, SiteView } from "../contract/status.ts";
import { recordAuthenticity } from "./record-authenticity.ts";
import { failoverView, type Signed } from "./failover-view.ts";
import { activeSites, placementView, rrsetView, senderView, type RdataText } from "./views.ts";

/** What is known of one service: by the journal (`state`), and beside it (`facts`). */
export function serviceView(
  service: Service,
  state: ServiceState,
  facts: Facts,
  now: Instant,
  text: RdataText,
  signed: Signed,
): ServiceView {
  const last = state.ended.at(-1);
  return {
    service: service.id,
    owner: service.owner,
    placement: state.placement === null ? null : placementView(state.placement),
    home: [...service.home],
    atHome: isAtHome(service, state.placement),
    objective: { ...service.objective },
    judged: facts.health.judged,
    sites: siteViews(service, state, facts, now),
    records: [...service.records.values()].map((record) => recordView(record, state, facts, now, text)),
    failover: state.failover === null ? null : failoverView(state.failover, service.objective.recoverMs, now, signed),
    lastFailover:
      last === undefined ? null : { id: last.id, purpose: last.purpose, how: last.how, at: formatInstant(last.at) },
    stopped: state.stopped === null ? null : { by: senderView(state.stopped.by), at: formatInstant(state.stopped.at) },
    suspended:
      state.suspended === null ? null : { reason: state.suspended.reason, at: formatInstant(state.suspended.at) },
    vetoes: state.vetoes.map(({ id, move, by, until }) => ({
      id,
      move,
      by: senderView(by),
      until: formatInstant(until),
    })),
    owed: state.owed.map(({ failover, provider, address, state: owes }) => ({
      failover,
      provider,
      address,
      state: owes,
    })),
    outstanding: state.outstanding.map(({ id }) => id),
    initiatives: [...state.initiatives].map(([initiative, { codes, armed }]) => ({
      initiative,
      heldBy: [...codes],
      armed,
    })),
  };
}

/** Every segment is on exactly the home sites. False while the placement is not known. */
export function isAtHome(service: Service, placement: Placement | null): boolean {
  if (placement === null) return false;
  const home = [...service.home].toSorted().join(" ");
  return Object.values(placement).every(
    (sites) =>
      sites
        .map(({ site }) => site)
        .toSorted()
        .join(" ") === home,
  );
}

function siteViews(service: Service, state: ServiceState, facts: Facts, now: Instant): SiteView[] {
  const active = state.placement === null ? new Set<string>() : activeSites(state.placement);
  return [...service.sites.keys()].map((site) => {
    const said = state.forced.get(site);
    // What somebody forced ends by itself, whether or not an entry says so.
    const forced = said !== undefined && now < said.until ? said.verdict : null;
    return Object.assign(judged(facts.health.sites[site]), { site, active: active.has(site), forced });
  });
}

type Judged = Omit<SiteView, "site" | "active" | "forced">;

function judged(health: SiteHealth | undefined): Judged {
  if (health === undefined)
    return {
      verdict: "unknown",
      reason: "not-yet-judged",
      says: "Nothing is known of this site yet.",
      heldMs: 0,
      domains: { up: 0, down: 0, partly: 0, silent: 0 },
      failure: null,
      records: [],
      ready: { state: "could-not-run", reasons: ["No check of it has been seen."] },
    };
  return {
    verdict: health.verdict,
    reason: health.reason,
    says: verdictSays(health),
    heldMs: health.heldMs,
    domains: { ...health.domains },
    failure: health.failure,
    records: Object.entries(health.records).map(([record, { verdict, reason }]) => ({ record, verdict, reason })),
    ready: { state: health.ready.state, reasons: [...health.ready.reasons] },
  };
}

function verdictSays(health: SiteHealth): string {
  const { up, down, partly, silent } = health.domains;
  const all = up + down + partly + silent;
  const voices = [
    up > 0 ? `${up} up` : "",
    down > 0 ? `${down} down${health.failure === null ? "" : ` (${health.failure})`}` : "",
    partly > 0 ? `${partly} partly` : "",
    silent > 0 ? `${silent} without a voice` : "",
  ].filter((voice) => voice !== "");
  const held = `for ${formatDuration(health.heldMs)}`;
  return `${health.verdict} ${held}, ${health.reason}: of ${all} domains ${voices.join(", ") || "none speaks"}`;
}

function recordView(
  record: SteeredRecord,
  state: ServiceState,
  facts: Facts,
  now: Instant,
  text: RdataText,
): RecordView {
  const baseline = state.baseline.get(record.id);
  const drift = state.drift.get(record.id);
  return {
    record: record.id,
    view: record.view,
    zone: record.zone,
    name: record.name,
    type: record.type,
    baseline: baseline === undefined ? null : rrsetView(record.type, baseline, text),
    drift:
      drift === undefined
        ? null
        : {
            kind: drift.kind,
            provider: drift.provider,
            observed: rrsetView(record.type, drift.observed, text),
            since: formatInstant(drift.at),
          },
    nameservers: (facts.readings[record.id] ?? []).map((reading) => nameserverView(record.type, reading, text)),
    authenticity: recordAuthenticity(record, facts, now),
  };
}

function nameserverView(type: string, reading: NameserverReading, text: RdataText): RecordView["nameservers"][number] {
  const { provider, nameserver, address, outcome, code, rrset, at } = reading;
  return {
    provider,
    nameserver,
    address,
    outcome,
    code,
    rrset: rrset === null ? null : rrsetView(type, rrset, text),
    at: formatInstant(at),
  };
}
