import type { Finding } from "../core/policy/finding.ts";
import type { Policy } from "../core/policy/policy.ts";
import { resolvePolicy } from "../core/policy/resolve.ts";
import { locateFindings, type LocatedFinding } from "./located.ts";
import { readYaml } from "./yaml.ts";

export interface PolicyFile {
  /** `undefined` when a finding is an error. */
  readonly policy: Policy | undefined;
  /** What the policy's hash is of. */
  readonly document: unknown;
  readonly findings: readonly LocatedFinding[];
  /** Gives places in this file to findings of the policy that were made later, such as a review's. */
  readonly locate: (findings: readonly Finding[]) => readonly LocatedFinding[];
}

/** Reads the text of a policy file; `file` is its name in findings. Reports all that is wrong, and throws for none of it. */
export function readPolicy(text: string, file: string): PolicyFile {
  const yaml = readYaml(text);
  const resolved = resolvePolicy(yaml.document);
  const whole = yaml.problems.length === 0;
  return {
    policy: whole ? resolved.policy : undefined,
    document: yaml.document,
    findings: locateFindings(file, text, yaml, resolved.findings),
    locate: (findings) => locateFindings(file, text, { ...yaml, problems: [] }, findings),
  };
}
