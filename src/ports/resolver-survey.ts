import type { ResolverSurvey } from "../core/integrity/resolver-survey.ts";
import type { Resolver } from "../core/policy/policy.ts";

export interface ResolverSurveyRequest {
  readonly resolver: Resolver;
  readonly vantage: string;
  /** Absolute; null: whether it validates is not asked. */
  readonly brokenName: string | null;
  /** RRsets whose answers are compared. */
  readonly watched: readonly { readonly zone: string; readonly name: string; readonly type: string }[];
}

/** Asks a resolver what its users would ask, and for a broken name before. Never rejects. */
export interface ResolverSurveyor {
  survey(request: ResolverSurveyRequest, signal: AbortSignal): Promise<ResolverSurvey>;
}
