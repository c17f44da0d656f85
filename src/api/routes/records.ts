import type { Policy, Service, SteeredRecord } from "../../core/policy/policy.ts";

export interface FoundRecord {
  readonly service: Service;
  readonly record: SteeredRecord;
}

/**
 * The records that people mean by `login`, `login/v4`, `login.example.com` (with or without its final dot) or
 * `login.example.com/AAAA`; empty when there is none.
 */
export function findRecords(policy: Policy, text: string): FoundRecord[] {
  const [head = "", tail] = text.split("/", 2);
  const name = `${head.toLowerCase().replace(/\.$/, "")}.`;
  return recordsOf(policy).filter(({ service, record }) => {
    if (service.id === head) return tail === undefined || record.id === tail;
    return record.name === name && (tail === undefined || record.type === tail.toUpperCase());
  });
}

export function recordsOf(policy: Policy): FoundRecord[] {
  return [...policy.services.values()].flatMap((service) =>
    [...service.records.values()].map((record) => ({ service, record })),
  );
}

/** All that {@link findRecords} takes, for a suggestion. */
export function namesOf(policy: Policy): Set<string> {
  return new Set(
    recordsOf(policy).flatMap(({ service, record }) => [service.id, `${service.id}/${record.id}`, record.name]),
  );
}
