import { buildPolicy } from "./build.ts";
import { policyDocument } from "./document.ts";
import type { Finding } from "./finding.ts";
import { notBuiltMembers } from "./not-built.ts";
import type { Policy } from "./policy.ts";
import { authorityRules } from "./rules/authority.ts";
import { bandRules } from "./rules/bands.ts";
import { governanceRules } from "./rules/governance.ts";
import { peopleRules } from "./rules/people.ts";
import { placeRules } from "./rules/places.ts";
import { recordRules } from "./rules/records.ts";
import { resolverRules } from "./rules/resolvers.ts";
import { serviceRules } from "./rules/services.ts";
import { signingRules } from "./rules/signing.ts";
import { viewRules } from "./rules/views.ts";
import { screen } from "./secrets.ts";
import { readForm } from "./structure.ts";

export interface Resolved {
  /** `undefined` when a finding is an error. */
  readonly policy: Policy | undefined;
  /** All of them, none hiding another; in the order in which they were found. */
  readonly findings: readonly Finding[];
}

const rules = [
  peopleRules,
  authorityRules,
  governanceRules,
  placeRules,
  viewRules,
  signingRules,
  resolverRules,
  recordRules,
  serviceRules,
  bandRules,
];

/**
 * Reads a policy from its document: form, references and sense. `document` is what a JSON or YAML reader gives, of any
 * shape; nothing is thrown for it. The policy's hash is of the document as it was written, without defaults.
 */
export function resolvePolicy(document: unknown): Resolved {
  const refused = [...screen(document), ...notBuiltMembers(document)];
  const form = readForm(policyDocument, document, refused);
  const findings = [...refused, ...form.findings, ...rules.flatMap((rule) => Array.from(rule(form.sound)))];
  const wrong = form.whole === undefined || findings.some(({ severity }) => severity === "error");
  return { policy: wrong ? undefined : buildPolicy(form.whole, document), findings };
}
