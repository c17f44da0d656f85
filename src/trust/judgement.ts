import type { Validation } from "../dns/dnssec/verdict.ts";
import { TrustError } from "./trust-error.ts";

/** `secure`: a chain of signatures must lead to it. `not-bogus`: that there can be none may be proven as well. */
export type Requirement = "secure" | "not-bogus";

/** Why an answer may not be used; undefined: it may. */
export function refusalOf(validation: Validation, require: Requirement): TrustError | undefined {
  const { verdict } = validation;
  const about = `${validation.name} ${validation.type}`;
  const why = validation.reasons.at(-1)?.says ?? "";
  switch (verdict) {
    case "secure":
      return undefined;
    case "insecure":
      return require === "not-bogus"
        ? undefined
        : new TrustError(
            "trust-insecure",
            `${about} is insecure, and must be secure: ${why}`,
            "Have its zone signed, or require not-bogus alone.",
            validation,
          );
    case "bogus":
      return new TrustError(
        "trust-bogus",
        `${about} is bogus: ${why}`,
        `See where the chain breaks with: pointsman inspect ${validation.name} ${validation.type}`,
        validation,
      );
    case "indeterminate":
      return new TrustError(
        "trust-indeterminate",
        `It is not known whether ${about} is authentic: ${why}`,
        "Try again; if it stays, see whether nameservers or the resolver can be reached.",
        validation,
      );
    case "unverifiable":
      return new TrustError(
        "trust-unverifiable",
        `${about} cannot be verified within the work that a question may cost: ${why}`,
        `See what it asks for with: pointsman inspect ${validation.name} ${validation.type}`,
        validation,
      );
  }
}
