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

export function noSuchZone(zone: string, known: Iterable<string>): Refusal {
  return {
    code: "no-such-zone",
    says: `There is no zone ${zone} in the policy in force.`,
    figures: { zone },
    mend: meant(zone, [...known]),
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
