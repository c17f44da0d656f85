import { describe, expect, it } from "vitest";
import type { ResolverView } from "../../api/contract/resolver.ts";
import { plain } from "../frame/terminal.ts";
import { resolverLines } from "./resolver-text.ts";

const seen: ResolverView = {
  resolver: "office",
  asked: { vantage: "here", at: "2026-11-22T12:00:00Z", fresh: true },
  validation: "validating",
  code: "servfail",
  watched: [{ name: "login.example.com.", type: "A", view: "as-expected", authenticated: true, ttlLeft: 42 }],
  findings: [],
};

function line(change: Partial<ResolverView> = {}): string {
  return resolverLines([{ ...seen, ...change }], plain)[1] ?? "";
}

describe("the line of a resolver", () => {
  it("says whether it validates, and what it answers", () => {
    expect(line().trim()).toMatch(/^office +validating +as-expected 1 of 1$/);
    expect(line({ validation: "not-validating" })).toContain("not-validating");
  });

  it("says how long an old answer may still be given", () => {
    const old = { name: "login.example.com.", type: "A", view: "behind", authenticated: true, ttlLeft: 42 } as const;
    expect(line({ watched: [old] })).toContain("behind 1 of 1, 42 s left");
  });

  it("never calls validating what is not known to be", () => {
    expect(line({ validation: "not-checked", code: null })).toContain("validation not checked");
    expect(line({ validation: "unclear", code: "refused" })).toContain("unclear (refused)");
    expect(line({ validation: "not-checked", asked: null, watched: [] })).toContain("not asked since the start");
    expect(line({ asked: { vantage: "here", at: "2026-11-22T12:00:00Z", fresh: false } })).toContain("not known since");
  });
});
