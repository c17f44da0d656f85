import { missingPackages } from "../servers/install.ts";
import type { AgreementReport } from "./agreement.ts";
import type { Other } from "./differences.ts";
import type { MutationReport } from "./mutations/run.ts";
import { Trial } from "./trial.ts";

export interface TrialReport {
  readonly zones: number;
  readonly questions: number;
  readonly mutations: MutationReport;
  readonly agreement: { readonly [by in Other]: AgreementReport };
  readonly agreementOnMutations: { readonly [by in Other]: AgreementReport };
}

const mutationCount = 40_000;

/**
 * The corpus whole: every question to delv and Unbound, answers altered in every way, and samples of those served to
 * both. @throws Error that names seed and case of a wrong verdict, every difference that no RFC explains, or the missing
 * packages.
 */
export async function dnssecTrial(seed: number): Promise<TrialReport> {
  const missing = missingPackages();
  if (missing.length > 0) throw new Error(`These packages are missing: ${missing.join(" ")}`);
  const trial = await Trial.open();
  try {
    const { questions, zones } = trial.corpus;
    const mutations = await trial.mutations(seed, mutationCount, questions.length);
    const agreement = {
      unbound: explained(await trial.agreement("unbound", questions)),
      delv: explained(await trial.agreement("delv", questions)),
    };
    const agreementOnMutations = {
      unbound: explained(await trial.agreementOnMutations("unbound", seed, 3000, 1000)),
      delv: explained(await trial.agreementOnMutations("delv", seed, 300, 200)),
    };
    return { zones: zones.length, questions: questions.length, mutations, agreement, agreementOnMutations };
  } finally {
    await trial.close();
  }
}

function explained(report: AgreementReport): AgreementReport {
  if (report.unexplained.length > 0)
    throw new Error(`Differences that no RFC explains:\n${report.unexplained.join("\n")}`);
  return report;
}
