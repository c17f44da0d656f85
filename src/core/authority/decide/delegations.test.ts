import { describe, expect, it } from "vitest";
import { add, day, hour, instant } from "../../../values/time.ts";
import { Office } from "../office.fixture.ts";

const only = (office: Office) => [...office.authority.delegations.values()][0];

const withdraw = (office: Office, person: string) =>
  office.about(person, "withdraw", "delegation", only(office)?.id ?? "", { terms: { service: null } });

describe("delegation: duties for hours, to the incident commander", () => {
  it("given duties of one's own and 8 hours, then it is given, and ends by itself", () => {
    const office = Office.enrolled();
    expect(office.delegate("ana", "cat", { duties: ["approve", "reverse"] })).toBe("delegation-given");
    expect(only(office)).toMatchObject({ to: "cat", duties: ["approve", "reverse"], withdrawnAt: null });
    expect(only(office)?.until).toBe(add(office.now, 8 * hour));
  });

  const now = instant(1_790_000_000_000);
  it.each([
    ["a duty that the giver does not hold", "ben", "cat", { duties: ["reverse"] }, "duty-not-yours"],
    ["authority over the policy", "ana", "cat", { duties: ["adopt"] }, "duty-not-yours"],
    ["somebody without a role for it", "ana", "ben", {}, "cannot-be-delegated-to"],
    ["oneself", "cat", "cat", {}, "cannot-be-delegated-to"],
    ["more than 8 hours", "ana", "cat", { until: add(now, 8 * hour + 1) }, "window-too-long"],
    ["an end in the past", "ana", "cat", { from: add(now, -hour), until: now }, "window-is-over"],
    ["an end before the begin", "ana", "cat", { from: add(now, hour), until: add(now, hour) }, "window-is-over"],
    ["a service that the policy does not have", "ana", "cat", { services: ["mail"] }, "no-such-service"],
  ])("refuses %s", (_, from, to, terms, code) => {
    expect(Office.enrolled().delegate(from, to, terms)).toBe(code);
  });

  it("is not given on by the one who has it", () => {
    const office = Office.enrolled();
    office.delegate("ana", "cat");
    const as = { duty: null, role: null, delegation: only(office)?.id ?? "" };
    expect(office.delegate("cat", "cat", {}, { as })).toBe("cannot-be-delegated-to");
    expect(office.delegate("ana", "cat", { duties: ["reverse"] }, { as })).toBe("delegated-on");
  });

  it("is not renewed by the giver alone: not over it, not after it, not before it, not once withdrawn", () => {
    const office = Office.enrolled();
    office.delegate("ana", "cat", { from: add(office.now, day), until: add(office.now, day + 8 * hour) });
    expect(
      office.delegate("ana", "cat", { from: add(office.now, day + 8 * hour), until: add(office.now, day + 16 * hour) }),
    ).toBe("delegation-renewed");
    expect(office.delegate("ana", "cat", { from: add(office.now, 20 * hour), until: add(office.now, day) })).toBe(
      "delegation-renewed",
    );
    office.pass(day);
    office.about("ana", "withdraw", "delegation", only(office)?.id ?? "", { terms: { service: null } });
    expect(office.delegate("ana", "cat", { duties: ["approve", "reverse"] })).toBe("delegation-renewed");
    expect(office.delegate("ben", "cat")).toBe("delegation-given");
    office.pass(8 * hour);
    expect(office.delegate("ana", "cat")).toBe("delegation-given");
  });

  it("is withdrawn by the giver, the receiver, or another holder of the duty, and by nobody else, once", () => {
    for (const person of ["ana", "ben", "cat"]) {
      const office = Office.enrolled();
      office.delegate("ana", "cat");
      expect(withdraw(office, "dan")).toBe("not-yours");
      expect(withdraw(office, person)).toBe("delegation-withdrawn");
      expect(only(office)?.withdrawnAt).toBe(office.now);
      expect(withdraw(office, person)).toBe("no-such-delegation");
    }
  });
});
