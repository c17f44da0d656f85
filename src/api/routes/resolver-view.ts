import { surveyFreshMs } from "../../core/integrity/expected-of.ts";
import type { ResolverReport } from "../../core/integrity/resolver-judgement.ts";
import type { Operations } from "../../ports/operations.ts";
import { formatInstant, since, type Instant } from "../../values/time.ts";
import type { Attention } from "../contract/common.ts";
import type { ResolverView } from "../contract/resolver.ts";
import { findingView } from "./zone-view.ts";

/** Every resolver of the policy in force, in its order. */
export function resolverViews(operations: Operations): ResolverView[] {
  const { policy } = operations.world();
  const { now } = operations.about();
  const reports = new Map(operations.resolverReports().map((report) => [report.resolver, report]));
  return [...(policy.resolvers?.keys() ?? [])].map((id) => resolverView(id, reports.get(id), now));
}

function resolverView(resolver: string, report: ResolverReport | undefined, now: Instant): ResolverView {
  if (report === undefined)
    return { resolver, asked: null, validation: "not-checked", code: null, watched: [], findings: [] };
  const { vantage, at, validation, code, watched, findings } = report;
  return {
    resolver,
    asked: { vantage, at: formatInstant(at), fresh: since(at, now) <= surveyFreshMs },
    validation,
    code,
    watched: [...watched],
    findings: findings.map(findingView),
  };
}

/** Notices, and never alarms: what a resolver does is no fault of the zones, and holds up nothing. */
export function ofResolver({ findings }: ResolverView): Attention[] {
  return findings.map(({ code, says, mend }) => ({
    level: "notice",
    service: null,
    code,
    says: `${says} ${mend}`,
    command: null,
  }));
}
