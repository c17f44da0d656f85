import { asSha256 } from "../../../values/sha256.ts";
import { badUsage } from "../../frame/failure.ts";
import type { About, Act, Sentence } from "../act.ts";
import { needed, plainSubject, planSubject, word } from "../words.ts";

/** What one may take back beside a proposal: the option, the subject's type, and whether a service is named with it. */
const kinds = [
  { option: "veto", type: "veto", ofService: true },
  { option: "bar", type: "bar", ofService: true },
  { option: "forced-verdict", type: "forced-verdict", ofService: true },
  { option: "delegation", type: "delegation", ofService: false },
  { option: "break-glass", type: "break-glass", ofService: false },
] as const;

/** What takes something back, or speaks of a proposed policy. */
export const withdrawals: readonly Act[] = [
  {
    name: "withdraw",
    takes: { least: 0, most: 1 },
    usage: [
      "FAILOVER [--reason TEXT]",
      "--veto ID|--bar SITE|--forced-verdict SITE --service SERVICE [--reason TEXT]",
      "--delegation ID|--break-glass ID|--policy HASH [--reason TEXT]",
    ],
    summary: "take back what you asked, or clear a site that was barred",
    details: [],
    options: {
      ...Object.fromEntries(
        kinds.map(({ option, type }) => [
          option,
          { placeholder: option === "bar" || option === "forced-verdict" ? "SITE" : "ID", says: `this ${type}` },
        ]),
      ),
      policy: { placeholder: "HASH", says: "this proposed policy" },
      service: { placeholder: "SERVICE", says: "whose it is", repeats: true },
    },
    sentence: withdrawn,
  },
  {
    name: "lift-veto",
    takes: { least: 2, most: 2 },
    usage: ["SERVICE VETO [--reason TEXT]"],
    summary: "let a move be proposed again",
    details: ["The vetoes of a service and their ids are shown by: pointsman status."],
    options: {},
    sentence: ({ given }) => ({
      kind: "lift-veto",
      subject: plainSubject("veto", word(given, 1, "veto")),
      terms: { service: word(given, 0, "service") },
    }),
  },
  {
    name: "adopt-policy",
    takes: { least: 1, most: 1 },
    usage: ["HASH [--reason TEXT]"],
    summary: "sign a proposed policy",
    details: [],
    options: {},
    sentence: (about) => ({
      kind: "adopt-policy",
      subject: policySubject(about, about.given.positionals[0]),
      terms: {},
    }),
  },
  {
    name: "object",
    takes: { least: 0, most: 1 },
    usage: ["HASH [--reason TEXT]", "--recovery ID [--reason TEXT]"],
    summary: "object to a proposed policy, or to a recovery",
    details: [],
    options: { recovery: { placeholder: "ID", says: "this recovery" } },
    sentence: (about) => {
      const recovery = about.given.value("recovery");
      const subject =
        recovery === undefined ? policySubject(about, about.given.positionals[0]) : plainSubject("recovery", recovery);
      return { kind: "object", subject, terms: {} };
    },
  },
];

function withdrawn(about: About): Sentence {
  const { given, basis } = about;
  const policy = given.value("policy");
  if (policy !== undefined)
    return { kind: "withdraw", subject: policySubject(about, policy), terms: { service: null } };
  for (const { option, type, ofService } of kinds) {
    const id = given.value(option);
    if (id === undefined) continue;
    const service = ofService ? (given.values("service")[0] ?? needed(given, "service", "login")) : null;
    const duty = type === "bar" ? { duty: "contain" } : {};
    return { kind: "withdraw", subject: plainSubject(type, id), terms: { service }, ...duty };
  }
  const failover = word(given, 0, "failover");
  const service = failover.replace(/-[1-9][0-9]*$/, "");
  return { kind: "withdraw", subject: planSubject(basis, failover), terms: { service } };
}

/** A proposed policy by its hash, or the first digits of it. */
function policySubject({ basis }: About, text: string | undefined): Sentence["subject"] {
  const found = basis.proposals.filter(
    ({ policy }) => text !== undefined && text.length >= 8 && policy.startsWith(text),
  );
  const [proposal, ...others] = found;
  if (proposal === undefined || others.length > 0)
    throw badUsage(`No proposed policy is meant by ${text ?? "nothing"}.`, "Give 8 digits of its hash or more.");
  return { type: "policy", id: String(proposal.version), hash: asSha256(proposal.policy) };
}
