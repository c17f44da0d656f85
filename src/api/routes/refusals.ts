import type { Refusal } from "../../values/refusal.ts";
import { nearest } from "../../core/policy/nearest.ts";

export function noSuchService(service: string, known: Iterable<string>): Refusal {
  const all = [...known];
  return {
    code: "no-such-service",
    says: `There is no service ${service} in the policy in force.`,
    figures: { service },
    mend: meant(service, all),
  };
}

export function noSuchName(name: string, known: Iterable<string>): Refusal {
  return {
    code: "no-such-name",
    says: `${name} is no service and no record of the policy in force.`,
    figures: { name },
    mend: `Give a service, SERVICE/RECORD, a DNS name, or NAME/TYPE. ${meant(name, [...known])}`,
  };
}

export function noSuchZone(
  zone: string,
  view: string,
  known: readonly { readonly name: string; readonly view: string }[],
): Refusal {
  const views = known.filter(({ name }) => name === zone).map((one) => one.view);
  if (views.length > 0)
    return {
      code: "no-such-zone",
      says: `The zone ${zone} has no view ${view} in the policy in force.`,
      figures: { zone, view },
      mend: `Give one of its views with --view: ${views.join(", ")}.`,
    };
  return {
    code: "no-such-zone",
    says: `There is no zone ${zone} in the policy in force.`,
    figures: { zone, view },
    mend: meant(zone, [...new Set(known.map(({ name }) => name))]),
  };
}

export function noSuchFailover(failover: string): Refusal {
  return {
    code: "no-such-failover",
    says: `There is no failover ${failover}.`,
    figures: { failover },
    mend: "See the open ones with: pointsman status",
  };
}

export function badRequest(says: string, mend = "Use a pointsman of the same version as the controller."): Refusal {
  return { code: "bad-request", says, figures: {}, mend };
}

export const internalError: Refusal = {
  code: "internal",
  says: "The controller could not answer, and wrote why into its log.",
  figures: {},
  mend: "Look into the log of the controller; this is a bug of Pointsman.",
};

function meant(text: string, known: readonly string[]): string {
  const near = nearest(text, known);
  if (near !== undefined) return `Did you mean ${near}?`;
  return known.length === 0
    ? "The policy has none."
    : `Known: ${known.slice(0, 12).join(", ")}${known.length > 12 ? " and more" : ""}.`;
}
