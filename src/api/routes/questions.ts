import type { Sender } from "../../core/cycle/command.ts";
import type { Explanation, Preview } from "../../core/cycle/explanation.ts";
import type { ServiceState } from "../../core/failover/state.ts";
import type { Operations } from "../../ports/operations.ts";
import type { Refusal } from "../../values/refusal.ts";
import { formatInstant } from "../../values/time.ts";
import { version } from "../contract/common.ts";
import type { ExportResponse } from "../contract/export.ts";
import type { GuardResponse } from "../contract/guard.ts";
import type { PlanRequest, PlanResponse } from "../contract/plan.ts";
import type { WhyResponse } from "../contract/why.ts";
import { reviewView } from "./authority-view.ts";
import { findRecords, namesOf, recordsOf, type FoundRecord } from "./records.ts";
import { noSuchName, noSuchService } from "./refusals.ts";
import { isAtHome } from "./service-view.ts";
import { headerOf } from "./status.ts";
import { gateView, placementView, rrsetView, type RdataText } from "./views.ts";

type Answer<Response> = { readonly response: Response } | { readonly refusal: Refusal };

export function whyOf(operations: Operations, service: string): Answer<WhyResponse> {
  const explanation = operations.explain(service);
  if (explanation === undefined) {
    return { refusal: noSuchService(service, operations.world().policy.services.keys()) };
  }
  return { response: whyView(operations, explanation) };
}

function whyView(operations: Operations, explanation: Explanation): WhyResponse {
  const { service, says, failover } = explanation;
  return {
    v: version,
    header: headerOf(operations),
    service,
    says,
    initiatives: explanation.initiatives.map((initiative) => ({
      ...initiative,
      gates: initiative.gates.map(gateView),
    })),
    failover:
      failover === null
        ? null
        : {
            id: failover.id,
            status: failover.status,
            says: failover.says,
            gates: failover.gates.map(gateView),
            commands: [...failover.commands],
            missing: failover.missing.map((one) => ({ ...one, people: [...one.people] })),
            waivers: [...failover.waivers],
          },
    holds: explanation.holds.map(({ code, says: holdSays, command }) => ({ code, says: holdSays, command })),
    reviews: explanation.reviews.map((review) => reviewView(review, operations.about().now)),
    commands: [...explanation.commands],
  };
}

/** Who looks at a plan is nobody yet: no act comes of it. */
const onlooker: Sender = { kind: "local-user", id: "onlooker", method: "local-user" };

/** The exact change that a move would make now. Changes nothing. */
export function planOf(operations: Operations, asked: PlanRequest, text: RdataText): Answer<PlanResponse> {
  const { services } = operations.world().policy;
  if (!services.has(asked.service)) return { refusal: noSuchService(asked.service, services.keys()) };
  const result = operations.preview(asked.service, asked.move, onlooker);
  return result.ok ? { response: planView(operations, result.preview, text) } : { refusal: result.refusal };
}

function planView(operations: Operations, preview: Preview, text: RdataText): PlanResponse {
  const { plan } = preview;
  return {
    v: version,
    header: headerOf(operations),
    service: plan.service,
    failover: plan.failover,
    purpose: plan.purpose,
    scope: plan.scope,
    planHash: preview.planHash,
    expiresAt: formatInstant(plan.expiresAt),
    says: [...preview.says],
    placementBefore: placementView(plan.placement.before),
    placementAfter: placementView(plan.placement.after),
    changes: plan.steps.flatMap(({ changes }, index) =>
      changes.flatMap(({ provider, view, zone, rrsets }) =>
        rrsets.map(({ record, name, type, before, after }) => ({
          step: index + 1,
          provider,
          view,
          zone,
          record,
          name,
          type,
          before: rrsetView(type, before, text),
          after: rrsetView(type, after, text),
        })),
      ),
    ),
    needs: preview.needs,
    manual: [...preview.manual],
    whoCanAct: [...preview.whoCanAct],
    gates: preview.gates.map(gateView),
    passes: preview.gates.every(({ result }) => result === "pass" || result === "warn"),
  };
}

/** Whether a tool may write these records now. A name that is nobody's is refused: a typing error must not pass. */
export function guardOf(operations: Operations, names: readonly string[]): Answer<GuardResponse> {
  const { policy, services } = operations.world();
  const records: GuardResponse["records"] = [];
  for (const asked of names) {
    const found = findRecords(policy, asked);
    if (found.length === 0) return { refusal: noSuchName(asked, namesOf(policy)) };
    records.push(...found.map((one) => guarded(asked, one, services.get(one.service.id))));
  }
  return {
    response: {
      v: version,
      header: headerOf(operations),
      clear: records.every(({ state }) => state === "home"),
      records,
    },
  };
}

function guarded(
  asked: string,
  { service, record }: FoundRecord,
  state: ServiceState | undefined,
): GuardResponse["records"][number] {
  const is = { asked, service: service.id, record: record.id, name: record.name, type: record.type };
  const failover = state?.failover ?? null;
  if (state === undefined || state.placement === null) {
    return { ...is, state: "unknown", says: "what stands is not established yet" };
  }
  if (failover !== null) return { ...is, state: "in-flight", says: `${failover.id} is ${failover.status}` };
  if (isAtHome(service, state.placement))
    return { ...is, state: "home", says: `at home on ${service.home.join(", ")}` };
  const sites = placementView(state.placement).flatMap((segment) => segment.sites.map(({ site }) => site));
  return { ...is, state: "moved", says: `on ${sites.join(", ")} instead of ${service.home.join(", ")}` };
}

/** The values that now stand, by the journal. */
export function exportOf(operations: Operations, text: RdataText): ExportResponse {
  const { policy, services } = operations.world();
  return {
    v: version,
    header: headerOf(operations),
    records: recordsOf(policy).map(({ service, record }) => {
      const state = services.get(service.id);
      const baseline = state?.baseline.get(record.id);
      return {
        service: service.id,
        record: record.id,
        view: record.view,
        zone: record.zone,
        name: record.name,
        type: record.type,
        rrset: baseline === undefined ? null : rrsetView(record.type, baseline, text),
        inFlight: isChanging(state),
        drifted: state?.drift.has(record.id) ?? false,
      };
    }),
  };
}

/** From the intent until every nameserver was verified. */
function isChanging(state: ServiceState | undefined): boolean {
  const status = state?.failover?.status;
  return status === "changing" || status === "changed";
}
