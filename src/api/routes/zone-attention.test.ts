import { expect, it } from "vitest";
import { fakeOperations, type FakeOperations } from "../../../test/api/fake-operations.ts";
import { reportOf, silentFinding, troubledReport, zoneStateOf } from "../../../test/api/zone-reports.ts";
import { rdataToText } from "../../dns/wire/rdata.ts";
import { instant, minute } from "../../values/time.ts";
import type { StatusResponse } from "../contract/status.ts";
import { statusOf } from "./status.ts";

function ofZones(fake: FakeOperations): StatusResponse["attention"] {
  return statusOf(fake, rdataToText).attention.filter(({ service }) => service === null);
}

function alarms({ attention }: StatusResponse): readonly string[] {
  return attention.filter(({ level }) => level === "alarm").map(({ code }) => code);
}

it("a zone that is well is no alarm and no notice", () => {
  const fake = fakeOperations();
  fake.surveyed = [reportOf()];
  const status = statusOf(fake, rdataToText);
  expect(status.healthy).toBe(true);
  expect(ofZones(fake)).toEqual([]);
});

it("a bogus nameserver is an alarm with the zone, its sentence, its mend and the command that shows more", () => {
  const fake = fakeOperations();
  fake.surveyed = [troubledReport()];
  const status = statusOf(fake, rdataToText);
  expect(status.healthy).toBe(false);
  const [alarm] = status.attention;
  expect(alarm).toMatchObject({ level: "alarm", code: "bogus", command: "pointsman inspect example.com" });
  expect(alarm?.says).toContain("example.com. ns2.example.net. (198.51.100.53:53) is bogus (signature-invalid)");
  expect(alarm?.says).toContain("look first at what changed there last");
});

it("a nameserver that is silent for the zone as well as for a record rings once", () => {
  const fake = fakeOperations();
  const { about } = silentFinding;
  fake.surveyed = [{ ...troubledReport(), integrity: [] }];
  const written = { integrity: [], availability: [`no-response ${about}`] };
  fake.zones = new Map([["public example.com.", zoneStateOf({ alarms: written })]]);
  expect(alarms(statusOf(fake, rdataToText))).toEqual(["no-response"]);
  fake.answers = "no-response";
  expect(alarms(statusOf(fake, rdataToText))).toEqual(["nameserver-no-response"]);
});

it("a zone that nobody looks at is said to be unknown: a notice, and an alarm where DNSSEC is required", () => {
  const fake = fakeOperations();
  expect(ofZones(fake)).toMatchObject([{ level: "notice", code: "zone-not-looked-at" }]);
  fake.surveyed = [reportOf({ at: instant(reportOf().at - 4 * minute) })];
  expect(ofZones(fake)).toMatchObject([{ level: "notice", code: "zone-not-looked-at" }]);
  fake.dnssec = "required";
  expect(alarms(statusOf(fake, rdataToText))).toEqual(["zone-not-looked-at"]);
});
