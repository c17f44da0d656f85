import type { Validation } from "../../../dns/dnssec/verdict.ts";
import { rough, when, type Tone } from "./display.ts";
import { contradicts, judge, type Inspection } from "./inspection.ts";

/** What a verdict means for who asked, in a sentence or two. */
export function verdictWords({ validation, at }: Inspection): string {
  switch (validation.verdict) {
    case "secure": {
      const { holdsUntil } = validation;
      const until =
        holdsUntil === null ? "" : ` It holds for ${rough(Math.max(0, holdsUntil - at))}, until ${when(holdsUntil)}.`;
      return `A chain of signatures leads from a trust anchor to it.${until}`;
    }
    case "insecure":
      return "It is proven that no chain of signatures leads to it: whoever sits on the way could have altered it.";
    case "bogus":
      return `A chain of signatures should lead to it, and does not${faultWords(validation)}. Resolvers that validate refuse it.`;
    case "indeterminate":
      return "It is not known whether it is authentic: an answer that is needed did not come. That says nothing of the data.";
    case "unverifiable":
      return "The work that one question may cost was spent before it was known whether it is authentic.";
  }
}

function faultWords({ fault }: Validation): string {
  return fault === null ? "" : `; it breaks at ${fault.record ?? fault.zone}`;
}

/** `8 signatures and 0 hashes checked, 11 questions`. */
export function workWords({ signatures, hashes, queries }: Validation["work"]): string {
  return `${count(queries, "question")}, ${count(signatures, "signature")} and ${count(hashes, "hash", "hashes")} checked`;
}

/** The last line: what the exit code says. */
export function judgementWords(inspection: Inspection): { readonly says: string; readonly tone: Tone } {
  const { expect, validation, survey } = inspection;
  const judgement = judge(inspection);
  if (judgement === "unreachable") {
    return { says: `Nobody answered, so nothing is known of ${validation.name}`, tone: "warn" };
  }
  if (judgement === "holds") {
    return { says: `${validation.name} ${validation.type} is ${expect}, as it should be.`, tone: "good" };
  }
  if (validation.verdict !== expect) {
    return {
      says: `${validation.name} ${validation.type} is ${validation.verdict}, and should be ${expect}.`,
      tone: "bad",
    };
  }
  const servers = (survey?.servers ?? []).filter(({ finding }) => contradicts(finding.authenticity, expect));
  return {
    says: `${validation.name} ${validation.type} is ${expect}, but not everywhere: ${servers.map(({ nameserver, finding }) => `${finding.authenticity} at ${nameserver}`).join(", ")}`,
    tone: "bad",
  };
}

function count(many: number, one: string, more = `${one}s`): string {
  return `${many} ${many === 1 ? one : more}`;
}
