import { describe, expect, it } from "vitest";
import { now } from "../../../test/api/fake-operations.ts";
import {
  bogusFinding,
  keyOf,
  reportOf,
  silentFinding,
  troubledReport,
  zoneStateOf,
} from "../../../test/api/zone-reports.ts";
import { initialZone, type Announcement, type ZoneState } from "../../core/integrity/zone-state.ts";
import { hour, instant, minute } from "../../values/time.ts";
import { zoneView as schema, type ZoneView } from "../contract/zone.ts";
import { zoneView } from "./zone-view.ts";

const zone = { name: "example.com.", view: "public", providers: ["primary"], dnssec: "required" } as const;
const by = { kind: "local-user", id: "uid:1000", method: "local-user" } as const;

function viewOf(state: ZoneState, ...reports: Parameters<typeof zoneView>[2][number][]): ZoneView {
  const view = zoneView(zone, state, reports, now);
  expect(schema.parse(view)).toEqual(view);
  return view;
}

/** A rollover whose window opens and ends so long from now. */
function announced(id: string, from: number, until: number): Announcement {
  return { id, kind: "rollover", from: instant(now + from), until: instant(now + until), by };
}

describe("a zone, for the API", () => {
  it("that nobody has looked at is known in nothing: no servers, no verdict, not even whether it was secure", () => {
    expect(viewOf(initialZone("example.com.", "public"))).toMatchObject({
      wasSecure: null,
      looks: [],
      servers: [],
      integrity: [],
      keys: [],
    });
  });

  it("keeps ringing what the journal says after a restart, until somebody has looked", () => {
    const alarms = { integrity: [`bogus ${bogusFinding.about}`], availability: [] };
    const view = viewOf(zoneStateOf({ alarms }));
    expect(view.integrity).toMatchObject([{ code: "bogus", about: bogusFinding.about, bell: "integrity" }]);
    expect(viewOf(zoneStateOf({ alarms }), reportOf()).integrity).toEqual([]);
  });

  it("says each nameserver's verdict by itself; silence has none", () => {
    const view = viewOf(zoneStateOf(), troubledReport());
    expect(view.servers).toMatchObject([
      { class: "no-response", authenticity: null, serial: null, signedUntil: null },
      { class: "bogus", authenticity: { verdict: "bogus", code: "signature-invalid" }, serial: 2026 },
    ]);
  });

  it("rings integrity at once, and a lack of answers only when it was written: one lost packet is no outage", () => {
    const once = viewOf(zoneStateOf(), troubledReport());
    expect(once.integrity.map(({ code }) => code)).toEqual(["bogus"]);
    expect(once.availability).toEqual([]);
    const alarms = { integrity: [], availability: [`no-response ${silentFinding.about}`] };
    expect(viewOf(zoneStateOf({ alarms }), troubledReport()).availability.map(({ code }) => code)).toEqual([
      "no-response",
    ]);
  });

  it("has an alarm that two vantages see once, and tells of each vantage when it looked and whether that is fresh", () => {
    const old = { ...troubledReport(), vantage: "cloud-1", at: instant(now - 4 * minute) };
    const view = viewOf(zoneStateOf(), troubledReport(), old);
    expect(view.integrity).toHaveLength(1);
    expect(view.looks).toMatchObject([
      { vantage: "office", fresh: true },
      { vantage: "cloud-1", fresh: false },
    ]);
    expect(view.servers).toHaveLength(4);
  });

  it("gives each key's role, stage and earliest safe next step", () => {
    const notBefore = instant(now + hour);
    const next = { step: "submit-ds", notBefore, says: "Caches may hold the DNSKEY set without it." } as const;
    const report = reportOf({ keys: [keyOf({ role: "ksk", stage: "published", next })] });
    expect(viewOf(zoneStateOf(), report).keys).toMatchObject([
      {
        tag: 12_345,
        role: "ksk",
        algorithm: 13,
        stage: "published",
        next: { step: "submit-ds", notBefore: "2026-11-22T04:00:00.000Z" },
      },
    ]);
  });

  it("shows announcements that are not over, and whether they are in force", () => {
    const announcements = [
      announced("over", -2 * hour, -hour),
      announced("open", -hour, hour),
      announced("coming", hour, 2 * hour),
    ];
    expect(viewOf(zoneStateOf({ announcements })).announcements).toMatchObject([
      { id: "open", inForce: true },
      { id: "coming", inForce: false },
    ]);
  });
});
