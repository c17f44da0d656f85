import { describe, expect, it } from "vitest";
import { fakeOperations } from "../../../test/api/fake-operations.ts";
import type { ResolverReport } from "../../core/integrity/resolver-judgement.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { add, minute } from "../../values/time.ts";
import { statusOf } from "./status.ts";

const office = {
  id: "office",
  view: "public",
  endpoint: { address: "192.0.2.53", port: 53 },
  channel: { via: "udp" },
} as const;

function statusWith(reports: (fake: ReturnType<typeof fakeOperations>) => readonly ResolverReport[]) {
  const fake = fakeOperations();
  const world = fake.world();
  const policy: Policy = { ...world.policy, resolvers: new Map([["office", office]]) };
  fake.resolvers = reports(fake);
  return statusOf({ ...fake, world: () => ({ ...world, policy }) }, (_type, rdata) => rdata);
}

function report(fake: ReturnType<typeof fakeOperations>, change: Partial<ResolverReport> = {}): ResolverReport {
  const watched = [
    { name: "login.example.com.", type: "A", view: "behind", authenticated: false, ttlLeft: 42 },
  ] as const;
  const about = "resolver office";
  const finding = {
    code: "not-validating",
    bell: "advice",
    about,
    says: "It answers.",
    figures: {},
    mend: "Mend.",
  } as const;
  return {
    resolver: "office",
    vantage: "here",
    at: fake.aboutNow.now,
    validation: "not-validating",
    code: null,
    watched,
    findings: [finding],
    ...change,
  };
}

describe("the resolvers of a status", () => {
  it("stand there with what was found, as notices alone: they make nothing unhealthy", () => {
    const status = statusWith((fake) => [report(fake)]);
    expect(status.resolvers).toMatchObject([
      { resolver: "office", asked: { vantage: "here", fresh: true }, validation: "not-validating" },
    ]);
    const told = status.attention.filter(({ code }) => code === "not-validating");
    expect(told).toMatchObject([{ level: "notice", says: "It answers. Mend." }]);
  });

  it("that nobody asked are not known, and never called validating", () => {
    const status = statusWith(() => []);
    expect(status.resolvers).toMatchObject([{ asked: null, validation: "not-checked" }]);
  });

  it("whose answers are old say nothing of now", () => {
    const status = statusWith((fake) => [report(fake, { at: add(fake.aboutNow.now, -10 * minute) })]);
    expect(status.resolvers[0]?.asked?.fresh).toBe(false);
  });
});
