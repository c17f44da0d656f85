import type { ZoneSurvey } from "../core/integrity/survey.ts";
import type { NameserverEndpoint } from "./records.ts";

export interface SurveyRequest {
  /** Absolute, lower case. */
  readonly zone: string;
  readonly view: string;
  readonly vantage: string;
  readonly servers: readonly (NameserverEndpoint & { readonly provider: string | null })[];
  /** RRsets to read and validate at each server. */
  readonly watched: readonly { readonly name: string; readonly type: string }[];
}

/** Asks every address of every nameserver, and the parent, and validates what each says. Cannot write. Never rejects. */
export interface ZoneSurveyor {
  survey(request: SurveyRequest, signal: AbortSignal): Promise<ZoneSurvey>;
}
