import { automationKeyRefusal } from "../../core/authority/automation.ts";
import { liveVetoes } from "../../core/gates/not-vetoed.ts";
import type { Facts } from "../../core/cycle/facts.ts";
import { initialState } from "../../core/failover/state.ts";
import type { Service } from "../../core/policy/policy.ts";
import type { Operations } from "../../ports/operations.ts";
import { invariant } from "../../values/invariant.ts";
import type { Refusal } from "../../values/refusal.ts";
import { formatInstant } from "../../values/time.ts";
import { version, type Attention } from "../contract/common.ts";
import type { Header, ServiceView, StatusResponse } from "../contract/status.ts";
import { authorityView, ofAuthority } from "./authority-view.ts";
import { attentionOf } from "./attention.ts";
import type { Signed } from "./failover-view.ts";
import { serviceView } from "./service-view.ts";
import { senderView, type RdataText } from "./views.ts";
import { resolverViews } from "./resolver-view.ts";
import { zoneViews } from "./zone-view.ts";

export function headerOf(operations: Operations): Header {
  const world = operations.world();
  const about = operations.about();
  const facts = firstFacts(operations);
  return {
    installation: world.installation,
    lab: world.policy.lab,
    unsigned: world.authority.mode === "unsigned",
    mode: about.mode,
    halted: refusalView(about.halted),
    integrityMemory: refusalView(about.integrityMemory),
    stopped: world.stopped === null ? null : { by: senderView(world.stopped.by), at: formatInstant(world.stopped.at) },
    controller: {
      status: about.status,
      version: about.version,
      epoch: about.epoch,
      startedAt: formatInstant(about.startedAt),
    },
    journal: { entries: about.journalSize },
    policy: { version: world.policy.version, hash: world.policy.hash },
    policyFile: about.policyFile === null ? null : { ...about.policyFile },
    log: facts === undefined ? null : { ...facts.log },
    clock: facts === undefined ? null : { trustworthy: facts.clock.trustworthy, says: facts.clock.says },
  };
}

function refusalView(refusal: Refusal | null): Header["halted"] {
  return refusal && { ...refusal, figures: { ...refusal.figures } };
}

/** All services of the policy, in its order. */
export function statusOf(
  operations: Operations,
  text: RdataText,
  listener: StatusResponse["listener"] = null,
): StatusResponse {
  const header = headerOf(operations);
  // While the controller is opened anew for another policy, nothing is known yet of a service that is new in it.
  const known = [...operations.world().policy.services.values()].filter(({ id }) => operations.facts(id) !== undefined);
  const services = known.map((service) => viewOf(operations, service, text));
  const zones = zoneViews(operations);
  const resolvers = resolverViews(operations);
  const { now } = operations.about();
  const authority = authorityView(operations.world(), now);
  const ofPeople = [...ofAutomation(operations), ...ofAuthority(authority)];
  const attention = attentionOf(header, services, zones, resolvers, ofPeople);
  return {
    v: version,
    at: formatInstant(now),
    header,
    listener,
    healthy: attention.every(({ level }) => level !== "alarm"),
    attention,
    authority,
    services,
    zones,
    resolvers,
  };
}

/** A service of the policy in force, now. */
function viewOf(operations: Operations, service: Service, text: RdataText): ServiceView {
  const facts = operations.facts(service.id);
  invariant(facts !== undefined, "there are facts of every service of the policy in force");
  // Nothing of a service is in the journal until its first entry.
  const world = operations.world();
  const { now } = operations.about();
  const known = world.services.get(service.id) ?? initialState(service.id);
  // An expired veto bars nothing, whether or not an entry says so (design §8, Time).
  const state = { ...known, vetoes: liveVetoes(world, known, now) };
  return serviceView(service, state, facts, now, text, signedOf(operations, service.id));
}

/** Whether people sign, and what the open failover of a service lacks. */
export function signedOf(operations: Operations, service: string): Signed {
  const { mode } = operations.world().authority;
  return { mode, missing: mode === "unsigned" ? [] : (operations.explain(service)?.failover?.missing ?? []) };
}

/** The automation holds for every service while its key is another's. */
function ofAutomation(operations: Operations): Attention[] {
  const key = firstFacts(operations)?.automationKey ?? null;
  const refusal = automationKeyRefusal(operations.world(), key);
  if (refusal === undefined) return [];
  const { code, says, mend } = refusal;
  return [{ level: "alarm", service: null, code, says: `${says} ${mend}`, command: null }];
}

function firstFacts(operations: Operations): Facts | undefined {
  const [first] = operations.world().policy.services.keys();
  return first === undefined ? undefined : operations.facts(first);
}
