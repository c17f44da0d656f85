import type { Sender } from "../../core/cycle/command.ts";
import type { GateReport } from "../../core/gates/gate.ts";
import type { Placement } from "../../core/plan/plan.ts";
import type { RRset } from "../../core/plan/rrset.ts";
import type { RecordedEntry } from "../../ports/operations.ts";
import { formatInstant, type Instant } from "../../values/time.ts";
import type { GateView, PlacementView, RRsetView, SenderView } from "../contract/common.ts";
import type { EntryView } from "../contract/event.ts";

/** Master-file text of canonical RDATA in hexadecimal, for a type's mnemonic. Given by the wiring. */
export type RdataText = (type: string, rdata: string) => string;

export function instantView(at: Instant | null): string | null {
  return at === null ? null : formatInstant(at);
}

export function senderView(by: Sender): SenderView {
  return { kind: by.kind, id: by.id, method: by.method };
}

export function rrsetView(type: string, rrset: RRset | "absent", text: RdataText): RRsetView {
  return rrset === "absent" ? "absent" : { ttl: rrset.ttl, data: rrset.rdata.map((rdata) => text(type, rdata)) };
}

export function placementView(placement: Placement): PlacementView {
  return Object.entries(placement)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([segment, sites]) => ({
      segment,
      sites: sites.map(({ site, share, without }) => ({ site, share, without: [...without] })),
    }));
}

/** The sites that are active in any segment. */
export function activeSites(placement: Placement): ReadonlySet<string> {
  return new Set(Object.values(placement).flatMap((sites) => sites.map(({ site }) => site)));
}

export function gateView(gate: GateReport): GateView {
  const { gate: name, kind, result, code, says, mend, until, figures } = gate;
  return { gate: name, kind, result, code, says, mend, until: instantView(until), figures: { ...figures } };
}

export function entryView(entry: RecordedEntry): EntryView {
  const { sequence, at, stream, type, by, data } = entry;
  return { sequence, at: formatInstant(at), stream, by: senderView(by), type, data: { ...data } };
}
