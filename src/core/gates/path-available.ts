import { pass, refuse, type Gate } from "./gate.ts";

/** Every provider that the plan changes has a path; a manual one counts. */
export const pathAvailable: Gate = {
  name: "path-available",
  kind: "absolute",
  check({ plan, facts }) {
    if (facts.mode === "observe") return pass;
    const without = plan.steps
      .flatMap((step) => step.changes)
      .find((change) => !facts.paths.some((path) => path.provider === change.provider));
    if (without === undefined) return pass;
    return refuse(
      "no-path",
      `Provider ${without.provider} has no change path.`,
      { provider: without.provider },
      "Declare one in the policy; a manual path counts.",
    );
  },
};
