import type { Sender } from "../../core/cycle/command.ts";
import type { FleetCommand, ServiceCommand, ServiceRequest } from "../../core/cycle/service-command.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Operations } from "../../ports/operations.ts";
import type { CommandId } from "../../values/ids.ts";
import type { Refusal } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import type { Act, ActRequest, ActResponse } from "../contract/act.ts";
import { version } from "../contract/common.ts";
import { announcementRequest, type AnnouncementAct } from "./announcements.ts";
import { failoverView } from "./failover-view.ts";
import { findRecords, namesOf } from "./records.ts";
import { noSuchFailover, noSuchName, noSuchService } from "./refusals.ts";
import { headerOf, signedOf } from "./status.ts";

/** Asks the controller; what it answers is durable. The sender is who the client says it is: see {@link ActRequest}. */
export async function performAct(
  operations: Operations,
  request: Omit<ActRequest, "id"> & { readonly id: CommandId },
): Promise<{ readonly response: ActResponse } | { readonly refusal: Refusal }> {
  const by: Sender = { kind: "local-user", id: `uid:${request.uid}`, method: "local-user" };
  const command = commandOf(operations.world().policy, request.id, by, request.act, operations.about().now);
  if ("refusal" in command) return command;
  const { reason } = request.act;
  const result = await (reason === null ? operations.submit(command) : operations.submit(command, reason));
  if (!result.accepted) return { refusal: result.refusal };
  const entries = result.entries.map((sequence, index) => ({ sequence, type: result.events[index]?.type ?? "" }));
  return {
    response: {
      v: version,
      id: request.id,
      header: headerOf(operations),
      entries,
      failover: "service" in command ? openFailover(operations, command.service) : null,
    },
  };
}

function openFailover(operations: Operations, service: string): ActResponse["failover"] {
  const world = operations.world();
  const failover = world.services.get(service)?.failover;
  const objective = world.policy.services.get(service)?.objective;
  if (failover === undefined || failover === null || objective === undefined) return null;
  return failoverView(failover, objective.recoverMs, operations.about().now, signedOf(operations, service));
}

function commandOf(
  policy: Policy,
  id: CommandId,
  by: Sender,
  act: Act,
  now: Instant,
): ServiceCommand | FleetCommand | { readonly refusal: Refusal } {
  if ((act.kind === "stop" || act.kind === "resume") && act.service === null) {
    return { id, by, request: { kind: act.kind === "stop" ? "stop-all" : "resume-all" } };
  }
  if (act.kind === "announce" || act.kind === "withdraw-announcement") {
    const announced = announcementRequest(policy, act, now);
    return "refusal" in announced ? announced : { id, by, request: announced };
  }
  const asked = requestOf(policy, act);
  if ("refusal" in asked) return asked;
  if (!policy.services.has(asked.service)) return { refusal: noSuchService(asked.service, policy.services.keys()) };
  return { id, by, service: asked.service, request: asked.request };
}

type Asked = { readonly service: string; readonly request: ServiceRequest } | { readonly refusal: Refusal };

function requestOf(policy: Policy, act: Exclude<Act, AnnouncementAct>): Asked {
  switch (act.kind) {
    case "move":
      return { service: act.service, request: { kind: "declare", move: act.move } };
    case "approve":
      return ofFailover(policy, act.failover, { kind: act.kind, failover: act.failover, planHash: act.planHash });
    case "withdraw":
    case "veto":
      return ofFailover(policy, act.failover, { kind: act.kind, failover: act.failover });
    case "lift-veto":
      return { service: act.service, request: { kind: act.kind, veto: act.veto } };
    case "rollback":
      return { service: act.service, request: { kind: act.kind } };
    case "stop":
    case "resume":
      return { service: act.service ?? "", request: { kind: act.kind } };
    case "adopt":
      return adopted(policy, act.record);
  }
}

/** A failover is its service and an ordinal: `login-17`. */
function ofFailover(policy: Policy, failover: string, request: ServiceRequest): Asked {
  const service = /^(.+)-[1-9][0-9]*$/.exec(failover)?.[1];
  return service === undefined || !policy.services.has(service)
    ? { refusal: noSuchFailover(failover) }
    : { service, request };
}

/** Exactly one record: a name with an A and an AAAA is two. */
function adopted(policy: Policy, text: string): Asked {
  const found = findRecords(policy, text);
  const [first, ...others] = found;
  if (first === undefined) return { refusal: noSuchName(text, namesOf(policy)) };
  if (others.length > 0) {
    const choices = found.map(({ service, record }) => `${service.id}/${record.id}`);
    return {
      refusal: {
        code: "several-records",
        says: `${text} is ${found.length} records; one is adopted at a time.`,
        figures: { records: choices },
        mend: `Give one of: ${choices.join(", ")}.`,
      },
    };
  }
  return { service: first.service.id, request: { kind: "adopt", record: first.record.id } };
}
