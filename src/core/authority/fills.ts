import type { DutyRule } from "../policy/policy.ts";

/** Whether these people's words together are what a rule asks: distinct persons, one for each role, or so many of so many groups. */
export function fillsAlone(
  rule: DutyRule,
  words: readonly { readonly person: string; readonly role: string; readonly group: string }[],
): boolean {
  switch (rule.kind) {
    case "any":
      return words.some(({ role }) => rule.roles.includes(role));
    case "all":
      // A person signs a plan or a policy in one role, so that one person never stands for two roles (N8).
      return rule.roles.every((role) => words.some((word) => word.role === role));
    case "number":
      return (
        new Set(words.map(({ person }) => person)).size >= rule.people &&
        new Set(words.map(({ group }) => group)).size >= rule.groups
      );
  }
}
