import type { AnswerLink, Validation } from "../../../src/dns/dnssec/verdict.ts";

const denialTypes = new Set(["NSEC", "NSEC3", "SOA", "RRSIG"]);

/** What may not come of an altered answer, in words; undefined where nothing is wrong with the verdict on it. */
export function wrongVerdict(original: Validation, altered: Validation, truth: Truth): string | undefined {
  if (altered.verdict === "insecure" && original.verdict === "secure") return "secure data are made insecure";
  if (altered.verdict !== "secure") return undefined;
  if (original.verdict !== "secure") return `what is ${original.verdict} is made secure`;
  if (altered.outcome !== original.outcome) return `${original.outcome} is made ${altered.outcome}`;
  const before = dataOf(original);
  const after = dataOf(altered);
  if (before !== after) return `data are altered:\n${before}\n${after}`;
  return altered.answer.map((link) => truth.objection(link)).find((why) => why !== undefined);
}

/** The answer without the proofs beside it, in one text. */
function dataOf({ answer, type }: Validation): string {
  return answer
    .filter((link) => link.type === type || !denialTypes.has(link.type))
    .map((link) => `${link.name} ${link.type} ${link.rdata.join(" | ")}`)
    .toSorted()
    .join("\n");
}

/** All that was ever found secure in unaltered answers. */
export class Truth {
  readonly #sets = new Map<string, { readonly rdata: string; readonly ttl: number }>();

  learn({ answer }: Validation): void {
    for (const link of answer) if (link.verdict === "secure") this.#sets.set(keyOf(link), contentOf(link));
  }

  /** Why a set called secure is not one: what was learnt under its name and type differs, or lives shorter. */
  objection(link: AnswerLink): string | undefined {
    const known = this.#sets.get(keyOf(link));
    if (link.verdict !== "secure" || known === undefined) return undefined;
    if (known.rdata !== link.rdata.join(" | ")) return `${link.name} ${link.type} is altered and secure`;
    return link.ttl > known.ttl ? `${link.name} ${link.type} has a longer life: ${link.ttl} s` : undefined;
  }
}

function keyOf({ name, type, wildcard }: AnswerLink): string {
  return `${wildcard ?? name} ${type}`;
}

function contentOf({ rdata, ttl }: AnswerLink) {
  return { rdata: rdata.join(" | "), ttl };
}
