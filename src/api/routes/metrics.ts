import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Operations } from "../../ports/operations.ts";
import { serverClasses } from "../../core/integrity/report.ts";
import { parseInstant, second } from "../../values/time.ts";
import type { ServiceView, StatusResponse } from "../contract/status.ts";
import type { ZoneView } from "../contract/zone.ts";
import { statusOf } from "./status.ts";

export interface Metrics {
  /** Of the text that {@link scrape} gives. */
  readonly contentType: string;
  /** The exposition text, as things stand now. */
  scrape(): Promise<string>;
  close(): void;
}

const zoneLabels = ["zone", "view"] as const;
const serverLabels = [...zoneLabels, "vantage", "nameserver", "address"] as const;
const verdicts = ["up", "down", "partly", "disputed", "unknown"] as const;

/** What a controller is measured by. Names end in their unit; labels are ids of the policy, so they are few. */
export function createMetrics(operations: Operations): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = stateGauges(registry);
  const stopFollowing = countEntries(registry, operations);
  return {
    contentType: registry.contentType,
    async scrape() {
      setGauges(gauges, statusOf(operations, rdataUnread));
      for (const { lane, code, count } of operations.statementCounts())
        gauges.get("statements")?.set({ lane, code: code ?? "accepted" }, count);
      return await registry.metrics();
    },
    close() {
      stopFollowing();
      registry.clear();
    },
  };
}

/** No value of a record is a metric. */
function rdataUnread(_type: string, rdata: string): string {
  return rdata;
}

function stateGauges(registry: Registry): ReadonlyMap<string, Gauge> {
  const gauge = (name: string, help: string, ...labelNames: string[]): [string, Gauge] => [
    name,
    new Gauge({ name: `pointsman_${name}`, help, labelNames, registers: [registry] }),
  ];
  return new Map([
    gauge("info", "Always 1; what runs.", "version", "mode", "lab"),
    gauge("healthy", "1 when the status has no alarm."),
    gauge("halted", "1 when the controller stopped acting by itself."),
    gauge("stopped", "1 when a person stopped the service; without a service: all of them.", "service"),
    gauge("suspended", "1 while automation is suspended.", "service", "reason"),
    gauge("signed", "1 when people sign; 0 in an unsigned trial."),
    gauge("reviews_open", "Reviews that nobody has closed, by their kind.", "kind", "overdue"),
    gauge("break_glass_open", "Emergency requests and grants that are open.", "granted"),
    gauge("delegations", "Delegations that hold now."),
    gauge("log_disputed", "1 while a statement disputes the log: nothing is written."),
    gauge("duties_missing", "Parts of an open failover's authority that are not there yet.", "service"),
    gauge("statements", "Statements that came in since the start, by lane and code.", "lane", "code"),
    gauge("journal_entries", "Durable entries of the journal."),
    gauge("controller_epoch", "The claim of the journal that this controller holds."),
    gauge("alarms", "Alarms of the status, by code.", "service", "code"),
    gauge("site_verdict", "1 for the verdict that the site has.", "service", "site", "verdict"),
    gauge("site_active", "1 when the site serves.", "service", "site"),
    gauge("away_from_home", "1 when the placement is not the home.", "service"),
    gauge("failover_open", "1 while a failover is open, by its status.", "service", "status"),
    gauge("failover_elapsed_seconds", "Since the signal, until recovered.", "service"),
    gauge("record_drifted", "1 while a record is not what the journal says.", "service", "record", "kind"),
    gauge("nameserver_answers", "1 when it answered at the last reading.", "service", "record", "address"),
    gauge("zone_server_class", "1 for the class of what it said of the zone lately.", ...serverLabels, "class"),
    gauge("zone_alarms", "Alarms of the zone by their kind, availability or integrity.", ...zoneLabels, "bell"),
    gauge("zone_signed_until_timestamp_seconds", "When the earliest signature seen in the zone ends.", ...zoneLabels),
    gauge("zone_surveyed_timestamp_seconds", "When the vantage last looked at the zone.", ...zoneLabels, "vantage"),
  ]);
}

function setGauges(gauges: ReadonlyMap<string, Gauge>, status: StatusResponse): void {
  for (const gauge of gauges.values()) gauge.reset();
  const set = (name: string, value: number, labels: { readonly [label: string]: string } = {}): void => {
    gauges.get(name)?.set({ ...labels }, value);
  };
  const { header } = status;
  set("info", 1, { version: header.controller.version, mode: header.mode, lab: String(header.lab) });
  set("healthy", Number(status.healthy));
  set("halted", Number(header.halted !== null));
  set("stopped", Number(header.stopped !== null), { service: "" });
  set("journal_entries", header.journal.entries);
  set("controller_epoch", header.controller.epoch);
  setAuthority(set, gauges, status);
  for (const { level, service, code } of status.attention) {
    if (level === "alarm") gauges.get("alarms")?.inc({ service: service ?? "", code });
  }
  for (const view of status.services) setService(set, view);
  for (const zone of status.zones) setZone(set, zone);
}

function setAuthority(set: Set, gauges: ReadonlyMap<string, Gauge>, { authority, services }: StatusResponse): void {
  set("signed", Number(authority.mode === "signed"));
  set("delegations", authority.delegations.length);
  set("log_disputed", Number(authority.dispute !== null));
  for (const { kind, overdue } of authority.reviews)
    gauges.get("reviews_open")?.inc({ kind, overdue: String(overdue) });
  for (const { grantedAt } of authority.breakGlass)
    gauges.get("break_glass_open")?.inc({ granted: String(grantedAt !== null) });
  for (const { service, failover } of services)
    if (failover !== null) set("duties_missing", failover.missing.length, { service });
}

type Set = (name: string, value: number, labels?: { readonly [label: string]: string }) => void;

function setService(set: Set, view: ServiceView): void {
  const { service, failover, suspended } = view;
  set("stopped", Number(view.stopped !== null), { service });
  set("away_from_home", Number(!view.atHome), { service });
  if (suspended !== null) set("suspended", 1, { service, reason: suspended.reason });
  for (const { site, verdict: is, active } of view.sites) {
    for (const verdict of verdicts) set("site_verdict", Number(verdict === is), { service, site, verdict });
    set("site_active", Number(active), { service, site });
  }
  if (failover !== null) {
    set("failover_open", 1, { service, status: failover.status });
    set("failover_elapsed_seconds", failover.elapsedMs / second, { service });
  }
  for (const { record, drift, nameservers } of view.records) {
    if (drift !== null) set("record_drifted", 1, { service, record, kind: drift.kind });
    for (const { address, outcome } of nameservers) {
      set("nameserver_answers", Number(outcome === "answer"), { service, record, address });
    }
  }
}

/** What nobody has seen lately has no class: it is left out. Times are times, so that they go on while nobody looks. */
function setZone(set: Set, { zone, view, looks, servers, availability, integrity }: ZoneView): void {
  const labels = { zone, view };
  set("zone_alarms", availability.length, { ...labels, bell: "availability" });
  set("zone_alarms", integrity.length, { ...labels, bell: "integrity" });
  for (const { vantage, at } of looks) set("zone_surveyed_timestamp_seconds", secondsOf(at), { ...labels, vantage });
  const fresh = new Set(looks.filter((look) => look.fresh).map(({ vantage }) => vantage));
  for (const { vantage, nameserver, address, class: is } of servers)
    for (const one of fresh.has(vantage) ? serverClasses : [])
      set("zone_server_class", Number(one === is), { ...labels, vantage, nameserver, address, class: one });
  const [first] = servers.flatMap(({ signedUntil }) => signedUntil ?? []).toSorted();
  if (first !== undefined) set("zone_signed_until_timestamp_seconds", secondsOf(first), labels);
}

function secondsOf(text: string): number {
  return (parseInstant(text) ?? 0) / second;
}

/** From the lab's milliseconds to the longest objective that people give themselves. */
const recoverySeconds = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1800];

function countEntries(registry: Registry, operations: Operations): () => void {
  const entries = new Counter({
    name: "pointsman_entries_total",
    help: "Entries that became durable since the start, by type.",
    labelNames: ["type"],
    registers: [registry],
  });
  const recovery = new Histogram({
    name: "pointsman_recovery_seconds",
    help: "From the signal (or the proposal, when declared) until the service answered through its name.",
    buckets: recoverySeconds,
    registers: [registry],
  });
  return operations.follow(({ type, data }) => {
    entries.inc({ type });
    const tookMs = data["tookMs"];
    if (type === "failover-recovered" && typeof tookMs === "number") recovery.observe(tookMs / second);
  });
}
