import { formatDuration } from "../../values/time.ts";
import type { Attention } from "../contract/common.ts";
import type { ResolverView } from "../contract/resolver.ts";
import type { FailoverView, Header, RecordView, ServiceView } from "../contract/status.ts";
import type { ZoneView } from "../contract/zone.ts";
import { ofResolver } from "./resolver-view.ts";
import { inView } from "../contract/in-view.ts";
import { ofZone } from "./zone-attention.ts";

/** What people should know of, alarms first. An alarm makes the status not healthy. */
export function attentionOf(
  header: Header,
  services: readonly ServiceView[],
  zones: readonly ZoneView[],
  resolvers: readonly ResolverView[],
  ofPeople: readonly Attention[],
): Attention[] {
  const all = [
    ...ofController(header),
    ...ofPeople,
    ...services.flatMap(ofService),
    ...zones.flatMap((zone) => ofZone(zone, services)),
    ...resolvers.flatMap(ofResolver),
  ];
  return [...all.filter(({ level }) => level === "alarm"), ...all.filter(({ level }) => level === "notice")];
}

type Tell = Pick<Attention, "code" | "says" | "command">;

function ofController(header: Header): Attention[] {
  const found: Attention[] = [];
  const alarm = (tell: Tell): number => found.push({ level: "alarm", service: null, ...tell });
  if (header.halted !== null) {
    const { code, says, mend } = header.halted;
    alarm({ code, says: `The controller does not act: ${says} ${mend}`, command: null });
  }
  if (header.stopped !== null) {
    const { by, at } = header.stopped;
    alarm({
      code: "all-stopped",
      says: `Stopped for all services by ${by.id} at ${at}.`,
      command: "pointsman resume --all",
    });
  }
  if (header.log !== null && !header.log.whole) alarm({ code: "log-not-whole", says: header.log.says, command: null });
  if (header.clock !== null && !header.clock.trustworthy) {
    alarm({ code: "clock-not-trustworthy", says: header.clock.says, command: null });
  }
  if (header.policyFile !== null) {
    const { version, hash } = header.policyFile;
    found.push({
      level: "notice",
      service: null,
      code: "policy-file-differs",
      says: `The policy file (version ${version}, ${hash.slice(0, 12)}) is not the policy in force (version ${header.policy.version}, ${header.policy.hash.slice(0, 12)}); nothing adopts it by itself.`,
      command: "pointsman policy diff FILE",
    });
  }
  if (header.integrityMemory !== null) {
    const { code, says, mend } = header.integrityMemory;
    found.push({ level: "notice", service: null, code, says: `${says} ${mend}`, command: null });
  }
  return found;
}

function ofService(view: ServiceView): Attention[] {
  return [
    ...ofWill(view),
    ...ofSites(view),
    ...ofPlacement(view),
    ...(view.failover === null ? [] : ofFailover(view, view.failover)),
    ...view.records.flatMap((record) => ofRecord(view, record)),
    ...view.outstanding.map((attempt) =>
      about(view, "alarm", "attempt-outstanding", `Nobody knows yet what came of ${attempt}; it is read back first.`),
    ),
    ...view.owed.map((owed): Attention => {
      const where = `${owed.address} of ${owed.provider}`;
      return owed.state === "diverged"
        ? about(view, "alarm", "answers-old-data", `${where} came back with old data since ${owed.failover}.`)
        : about(
            view,
            "notice",
            "owed-an-answer",
            `${where} has been silent since ${owed.failover}; its answer is owed.`,
          );
    }),
  ];
}

function about(
  view: ServiceView,
  level: Attention["level"],
  code: string,
  says: string,
  command = `pointsman why ${view.service}`,
): Attention {
  return { level, service: view.service, code, says, command };
}

function ofWill(view: ServiceView): Attention[] {
  const found: Attention[] = [];
  if (view.stopped !== null) {
    const says = `Stopped by ${view.stopped.by.id} at ${view.stopped.at}.`;
    found.push(about(view, "alarm", "stopped", says, `pointsman resume ${view.service}`));
  }
  if (view.suspended !== null) {
    const why = view.suspended.reason === "flapping" ? "a site was flapping" : "a band's budget is spent";
    const says = `Automation is suspended since ${view.suspended.at}: ${why}.`;
    found.push(about(view, "alarm", `suspended-${view.suspended.reason}`, says, `pointsman resume ${view.service}`));
  }
  for (const veto of view.vetoes) {
    const says = `The move ${veto.move} is vetoed by ${veto.by.id} until ${veto.until}.`;
    found.push(about(view, "notice", "vetoed", says, `pointsman lift-veto ${view.service} ${veto.id}`));
  }
  return found;
}

/** An active site that is not up is an alarm, unknown included; a standby that is not up is a notice. */
function ofSites(view: ServiceView): Attention[] {
  return view.sites
    .filter(({ verdict }) => verdict !== "up")
    .map((site) =>
      about(
        view,
        site.active ? "alarm" : "notice",
        `${site.active ? "active" : "standby"}-site-${site.verdict}`,
        `Site ${site.site} is ${site.says}.`,
      ),
    );
}

function ofPlacement(view: ServiceView): Attention[] {
  if (view.placement === null) {
    return [about(view, "alarm", "no-baseline", "What stands in DNS is not established yet.")];
  }
  return view.atHome ? [] : [about(view, "notice", "away-from-home", `It is not at home (${view.home.join(", ")}).`)];
}

function ofFailover(view: ServiceView, failover: FailoverView): Attention[] {
  const found: Attention[] = [];
  const tell = (level: Attention["level"], code: string, says: string): number =>
    found.push(about(view, level, code, says));
  const done = failover.status === "recovered" || failover.status === "settled";
  if (failover.diverged !== null) tell("alarm", "diverged", `${failover.id} diverged: ${failover.diverged.says}`);
  if (!done) {
    const took = `${formatDuration(failover.elapsedMs)} of ${formatDuration(failover.objective.recoverMs)}`;
    tell("alarm", "in-flight", `${failover.id} is ${failover.status} after ${took}${waitsFor(failover)}.`);
  } else {
    const exceptions = failover.verification?.exceptions ?? [];
    const named = exceptions.map(({ address, kind }) => `${address} ${kind}`).join(", ");
    const except = exceptions.length === 0 ? "" : `, with exceptions: ${named}`;
    const authenticity = failover.verification?.authenticity ?? "not checked";
    const says = `${failover.id} is ${failover.status}${except}, authenticity ${authenticity}, not closed yet.`;
    tell("notice", "in-flight", says);
  }
  return found;
}

function waitsFor(failover: FailoverView): string {
  if (failover.heldBy.length > 0) return `, held by ${failover.heldBy.join(", ")}`;
  const { missing } = failover;
  if (missing.length > 0) return `, waiting for ${missing.map(({ says }) => says).join("; ")}`;
  if (failover.signed) return "";
  if (failover.status === "proposed" && failover.needs !== "nothing" && failover.approvals.length === 0) {
    return failover.needs === "approve" ? ", waiting for an approval" : ", waiting for those who may reverse";
  }
  return "";
}

/** Availability alone: what is authentic stands with the zone. */
function ofRecord(view: ServiceView, record: RecordView): Attention[] {
  const found: Attention[] = [];
  const which = inView(`${record.name} ${record.type}`, record.view);
  if (record.drift !== null) {
    const { kind, provider } = record.drift;
    const says = `${which} at ${provider} is ${kind}: it is not what the journal says should stand.`;
    found.push(about(view, "alarm", `drift-${kind}`, says));
  }
  if (record.nameservers.length === 0) {
    found.push(about(view, "notice", "not-read-yet", `No nameserver has been read yet for ${which}.`));
  }
  for (const { nameserver, address, outcome, code } of record.nameservers) {
    const where = `${nameserver} (${address})`;
    const because = code === null ? "" : `, ${code}`;
    if (outcome === "no-response" || outcome === "lame" || outcome === "malformed") {
      found.push(about(view, "alarm", `nameserver-${outcome}`, `${where}: ${outcome} for ${which}${because}.`));
    } else if (outcome === "no-route") {
      found.push(about(view, "notice", "not-seen-from-here", `${where} cannot be reached from here${because}.`));
    } else if (outcome === "unread") {
      found.push(about(view, "notice", "not-read-yet", `${where} has not been read yet for ${which}.`));
    }
  }
  return found;
}
