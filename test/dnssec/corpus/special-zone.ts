import type { Verdict } from "../../../src/dns/dnssec/verdict.ts";
import { bindDs, bindKey, bindSign, type BindKey, type BindKeyOrder, type BindSigning } from "./bind-signer.ts";
import type { CorpusQuestion } from "./questions.ts";
import { digestOf, writeSigned, type Denial, type ServedZone } from "./signer.ts";

/** A zone with a story of its own, and the questions that tell it. */
export interface SpecialZone {
  readonly name: string;
  readonly questions: readonly CorpusQuestion[];
  /** `folder` is for this zone alone. */
  make(folder: string): Promise<ServedZone>;
}

/** What the one who writes the story has at hand: keys of BIND, its signer with any set of them, and the DS of any. */
export interface Workshop {
  readonly name: string;
  key(role: BindKeyOrder["role"], algorithm?: BindKeyOrder["algorithm"], revoked?: "revoked"): Promise<BindKey>;
  /** {@link bindSign} with NSEC and these lines unless told otherwise. */
  sign(signing: Keys & Partial<BindSigning>): Promise<readonly string[]>;
  ds(key: BindKey, digest?: 1 | 2 | 4): Promise<string>;
}

export type Keys = Pick<BindSigning, "published" | "keySigning" | "zoneSigning">;

export interface Story {
  readonly lines: readonly string[];
  readonly ds: readonly string[];
}

/** Where the kinds of answers differ. */
export interface Verdicts {
  readonly positive: Verdict;
  readonly negative: Verdict;
  readonly wildcard: Verdict;
}

export const specialLines: readonly string[] = [
  "www A 192.0.2.20",
  "mail A 192.0.2.21",
  "alias CNAME www",
  "*.wild A 192.0.2.22",
];

/** A zone signed by BIND as `story` has it, with a positive answer, NODATA, NXDOMAIN and a wildcard all of one verdict. */
export function bindZone(
  label: string,
  verdict: Verdict | Verdicts,
  story: (shop: Workshop) => Promise<Story>,
  denial: Denial = "nsec",
): SpecialZone {
  const name = `${label}.alpha.`;
  return {
    name,
    questions: specialQuestions(name, verdict),
    async make(folder) {
      const { lines, ds } = await story(workshop(name, denial, folder));
      return { name, file: writeSigned(name, lines, folder), ds };
    },
  };
}

export function specialQuestions(name: string, verdict: Verdict | Verdicts): readonly CorpusQuestion[] {
  const { positive, negative, wildcard } =
    typeof verdict === "string" ? { positive: verdict, negative: verdict, wildcard: verdict } : verdict;
  return [
    { name: `www.${name}`, type: "A", verdict: positive, outcome: outcome(positive, "answer") },
    { name: `alias.${name}`, type: "A", verdict: positive, outcome: outcome(positive, "answer") },
    { name, type: "SOA", verdict: positive, outcome: outcome(positive, "answer") },
    { name: `www.${name}`, type: "TXT", verdict: negative, outcome: outcome(negative, "no-data") },
    { name: `nothing.${name}`, type: "A", verdict: negative, outcome: outcome(negative, "no-name") },
    { name: `x.wild.${name}`, type: "A", verdict: wildcard, outcome: outcome(wildcard, "answer") },
  ];
}

function outcome(of: Verdict, is: CorpusQuestion["outcome"]): CorpusQuestion["outcome"] {
  return of === "bogus" ? null : is;
}

function workshop(name: string, denial: Denial, folder: string): Workshop {
  return {
    name,
    key: (role, algorithm = 13, revoked) =>
      bindKey({ zone: name, algorithm, role, revoked: revoked === "revoked" }, folder),
    sign: (signing) => bindSign({ name, denial, lines: specialLines, ...signing }, folder),
    ds: (key, digest = digestOf(name)) => bindDs(key, digest),
  };
}

/** The two keys of a zone in its ordinary state. */
export async function pair(
  shop: Workshop,
  algorithm: BindKeyOrder["algorithm"] = 13,
): Promise<readonly [BindKey, BindKey]> {
  return [await shop.key("key-signing", algorithm), await shop.key("zone-signing", algorithm)];
}

/** Keys in their ordinary use: all are published and sign in their role. */
export function using(keySigning: readonly BindKey[], zoneSigning: readonly BindKey[]): Keys {
  return { published: [...new Set([...keySigning, ...zoneSigning])], keySigning, zoneSigning };
}

/** Whether a line of a signed zone is an RRSIG: over `type`, where given. */
export function isSignature(line: string, type?: string): boolean {
  const [, covered] = /\sRRSIG\s+(\S+)\s/.exec(line) ?? [];
  return covered !== undefined && (type === undefined || covered === type);
}
