import { describe, expect, it } from "vitest";
import { add, day, hour, instant } from "../../../values/time.ts";
import { keyLine, Office } from "../office.fixture.ts";

const grant = (office: Office, at = 0) => [...office.authority.grants.values()][at];
const withdraw = (office: Office, person: string) =>
  office.about(person, "withdraw", "break-glass", grant(office)?.id ?? "", { terms: { service: null } });

describe("break-glass: M people, of whom the requester is one", () => {
  it("given the second of two, then it is granted, and a review opens that they cannot close", () => {
    const office = Office.enrolled();
    expect(office.breakGlass("ana")).toBe("break-glass-asked");
    expect(grant(office)).toMatchObject({ requester: "ana", grantedAt: null, need: 2 });
    expect(office.breakGlass("ana")).toBe("already-signed");
    expect(office.breakGlass("ben")).toBe("break-glass-signed review-opened");
    expect(grant(office)?.grantedAt).toBe(office.now);
    const [review] = office.authority.reviews.values();
    expect(review).toMatchObject({ kind: "break-glass", subject: grant(office)?.id, tookPart: ["ana", "ben"] });
    expect(review?.dueAt).toBe(add(office.now, day));
    const close = (person: string) => office.about(person, "close-review", "review", review?.id ?? "");
    expect(close("ana")).toBe("took-part");
    expect(close("ben")).toBe("took-part");
    expect(close("dan")).toBe("review-closed");
    expect(close("cat")).toBe("review-closed");
    expect([...office.authority.reviews.values()][0]?.closed?.person).toBe("dan");
  });

  it("given a second one within 24 hours, then it needs one signer more", () => {
    const office = Office.enrolled();
    office.breakGlass("ana");
    office.breakGlass("ben");
    office.pass(day - 1);
    office.breakGlass("ana");
    expect(office.breakGlass("ben")).toBe("break-glass-signed");
    expect(grant(office, 1)?.grantedAt).toBeNull();
    expect(office.breakGlass("cat")).toBe("break-glass-signed review-opened");
    office.pass(2 * day);
    office.breakGlass("ana");
    expect(office.breakGlass("dan")).toBe("break-glass-signed review-opened");
  });

  it("given one that was granted while another was open, then that needs one signer more too", () => {
    const office = Office.enrolled();
    office.breakGlass("ana", { incident: "INC-1" });
    office.breakGlass("ben", { incident: "INC-2" });
    expect(office.breakGlass("cat", { incident: "INC-2" })).toBe("break-glass-signed review-opened");
    expect(office.breakGlass("cat", { incident: "INC-1" })).toBe("break-glass-signed");
    expect(office.breakGlass("dan", { incident: "INC-1" })).toBe("break-glass-signed review-opened");
  });

  it("given a signer whose key was revoked meanwhile, then another one is needed", () => {
    const office = Office.enrolled();
    office.breakGlass("ana");
    office.revoke("ana", keyLine("ana"));
    expect(office.breakGlass("ben")).toBe("break-glass-signed");
    expect(office.breakGlass("cat")).toBe("break-glass-signed review-opened");
  });

  const now = instant(1_790_000_000_000);
  it.each([
    ["a service that the policy does not have", { service: "mail" }, "no-such-service"],
    ["a site that the service does not have", { targets: ["iad", "nyc"] }, "no-such-site"],
    ["more than an hour", { until: add(now, hour + 1) }, "window-too-long"],
    ["an end in the past", { until: now }, "window-is-over"],
  ])("refuses %s", (_, terms, code) => {
    expect(Office.enrolled().breakGlass("ana", terms)).toBe(code);
  });

  it("is over when its time has come, when it was withdrawn, and is asked once by one person", () => {
    const office = Office.enrolled();
    office.breakGlass("ana");
    const { now: asked } = office;
    expect(office.breakGlass("ana", { incident: "INC-2" })).toBe("break-glass-open");
    expect(withdraw(office, "ben")).toBe("not-yours");
    expect(withdraw(office, "ana")).toBe("break-glass-withdrawn");
    expect(office.breakGlass("ben")).toBe("no-such-break-glass");
    office.breakGlass("ana", { incident: "INC-2" });
    office.pass(hour);
    expect(office.breakGlass("ben", { incident: "INC-2", until: add(asked, hour) })).toBe("no-such-break-glass");
  });
});
