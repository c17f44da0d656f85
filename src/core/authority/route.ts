import { asCommitment } from "../../values/commitment.ts";
import { invariant } from "../../values/invariant.ts";
import { isNonEmpty, type NonEmpty } from "../../values/non-empty.ts";
import { asSha256, type Sha256 } from "../../values/sha256.ts";
import type { FleetRequest, ServiceRequest } from "../cycle/service-command.ts";
import { readPersonKey } from "./keys.ts";
import type { Statement, StatementKind } from "./statement.ts";
import { serviceOfFailover } from "./subjects.ts";
import type { AnyStatement, StatementOf } from "./terms.ts";

export type Route = { readonly service: string; readonly request: ServiceRequest } | { readonly request: FleetRequest };

/**
 * What a statement asks, of a service or of the installation. Total over what `readStatement` reads, and without state: a
 * verifier does the same again. @throws InvariantError for a statement whose subject or terms nobody read.
 */
export function routeOf(statement: AnyStatement): Route {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the route is looked up by this very statement's kind
  const route = table[statement.kind] as (statement: AnyStatement) => Route;
  return route(statement);
}

const table: { readonly [Kind in StatementKind]: (statement: StatementOf<Kind>) => Route } = {
  declare: ({ subject, terms: { move } }) => ({
    service: subject.id,
    request: move.kind === "rollback" ? { kind: "rollback" } : { kind: "declare", move },
  }),
  validate: ({ subject }) => ofPlanOrPolicy(subject, "validate"),
  approve: ({ subject }) => ofPlanOrPolicy(subject, "approve"),
  execute: ({ subject }) => word(subject, "execute"),
  reverse: ({ subject }) => word(subject, "reverse"),
  veto: ({ subject }) => ofPlan(subject, { kind: "veto", failover: subject.id }),
  "lift-veto": ({ subject, terms }) => ({ service: terms.service, request: { kind: "lift-veto", veto: subject.id } }),
  withdraw: withdrawn,
  delegate: ({ subject, terms: { duties, services, from, until } }) => {
    const over = services === "all" ? services : nonEmpty(services);
    return { request: { kind: "delegate", to: subject.id, duties: nonEmpty(duties), services: over, from, until } };
  },
  "break-glass": ({ subject, terms: { targets, ...terms } }) => ({
    request: { kind: "break-glass", grant: subject.id, ...terms, targets: nonEmpty(targets) },
  }),
  waive: ({ subject, terms }) =>
    ofPlan(subject, {
      kind: "waive",
      failover: subject.id,
      planHash: bound(subject),
      gates: nonEmpty(terms.gates),
    }),
  contain: ({ subject, terms }) => ({ service: subject.id, request: { kind: "contain", ...terms } }),
  handover: ({ subject }) => ({ service: subject.id, request: { kind: "handover" } }),
  "take-back": ({ subject }) => ({ service: subject.id, request: { kind: "take-back" } }),
  stop: ({ subject }) =>
    subject.type === "service" ? { service: subject.id, request: { kind: "stop" } } : { request: { kind: "stop-all" } },
  resume: ({ subject }) =>
    subject.type === "service"
      ? { service: subject.id, request: { kind: "resume" } }
      : { request: { kind: subject.type === "dispute" ? "settle-dispute" : "resume-all" } },
  "force-verdict": ({ subject, terms }) => ({ service: subject.id, request: { kind: "force-verdict", ...terms } }),
  adopt: ({ terms: { service, record } }) => ({ service, request: { kind: "adopt", record } }),
  announce: ({ subject, terms }) => ({ request: { kind: "announce", zone: subject.id, ...terms } }),
  "adopt-policy": ({ subject }) => ({ request: { kind: "sign-policy", policy: bound(subject), duty: "adopt" } }),
  object: ({ subject }) => ({
    request:
      subject.type === "policy"
        ? { kind: "object-to-policy", policy: bound(subject) }
        : { kind: "object-to-recovery", recovery: subject.id },
  }),
  enrol: ({ subject, terms }) => {
    const key = readPersonKey(terms.key);
    invariant(key !== undefined, "an enrolment's key was read");
    return { request: { kind: "enrol", fingerprint: subject.id, key } };
  },
  "revoke-key": ({ subject }) => ({ request: { kind: "revoke-key", fingerprint: subject.id } }),
  recover: ({ subject, terms }) => ({ request: { kind: "recover", person: subject.id, keys: nonEmpty(terms.keys) } }),
  "path-done": ({ subject, terms }) => ({
    service: terms.service,
    request: { kind: "path-done", attempt: subject.id },
  }),
  "credential-rotated": ({ subject }) => ({ request: { kind: "credential-rotated", credential: subject.id } }),
  "close-review": ({ subject }) => ({ request: { kind: "close-review", review: subject.id } }),
  erase: ({ subject }) => ({ request: { kind: "erase", commitment: asCommitment(asSha256(subject.id)) } }),
};

type Subject = Statement["subject"];

function ofPlanOrPolicy(subject: Subject, duty: "validate" | "approve"): Route {
  if (subject.type === "policy") return { request: { kind: "sign-policy", policy: bound(subject), duty } };
  return word(subject, duty);
}

function word(subject: Subject, duty: "validate" | "approve" | "execute" | "reverse"): Route {
  return ofPlan(subject, { kind: "give-word", failover: subject.id, planHash: bound(subject), duty });
}

function ofPlan(subject: Subject, request: ServiceRequest): Route {
  const service = serviceOfFailover(subject.id);
  invariant(service !== undefined, "a plan is named by its failover");
  return { service, request };
}

function withdrawn({ subject, terms: { service } }: StatementOf<"withdraw">): Route {
  const { id, type } = subject;
  if (service !== null) {
    switch (type) {
      case "veto":
        return { service, request: { kind: "lift-veto", veto: id } };
      case "forced-verdict":
        return { service, request: { kind: "lift-forced-verdict", site: id } };
      case "bar":
        return { service, request: { kind: "clear-site", site: id } };
      default:
        return ofPlan(subject, { kind: "withdraw", failover: id });
    }
  }
  switch (type) {
    case "delegation":
      return { request: { kind: "withdraw-delegation", delegation: id } };
    case "break-glass":
      return { request: { kind: "withdraw-break-glass", grant: id } };
    case "announcement":
      return { request: { kind: "withdraw-announcement", announcement: id } };
    default:
      return { request: { kind: "withdraw-policy", policy: bound(subject) } };
  }
}

function bound({ hash }: Subject): Sha256 {
  invariant(hash !== null, "a plan or a policy is bound by its hash");
  return hash;
}

function nonEmpty<Value>(list: readonly Value[]): NonEmpty<Value> {
  invariant(isNonEmpty(list), "the form asks for one at least");
  return list;
}
