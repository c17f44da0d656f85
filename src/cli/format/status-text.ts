import { inView } from "../../api/contract/in-view.ts";
import type { Attention } from "../../api/contract/common.ts";
import type { FailoverView, RecordView, ServiceView, StatusResponse } from "../../api/contract/status.ts";
import { formatDuration, parseInstant, since } from "../../values/time.ts";
import type { Paint } from "../frame/terminal.ts";
import { clean } from "./clean.ts";
import { resolverLines } from "./resolver-text.ts";
import { table } from "./table.ts";
import { zoneLines } from "./zone-text.ts";
import { headerWords, placementWords, rrsetWords, section, verdictPainted } from "./words.ts";

/** The whole status, for people: header, what is wrong, then each service. */
export function statusText(given: StatusResponse, paint: Paint): string {
  const status = clean(given);
  return [
    ...headerWords(status.header, paint),
    aboutController(status),
    ...(status.listener === null
      ? []
      : [`statements are taken at https://${status.listener.address} (pin ${status.listener.pin})`]),
    status.healthy ? paint.good("Healthy.") : paint.bad("Not healthy."),
    ...attentionLines(status.attention, paint),
    ...status.services.map((service) => `\n${serviceLines(service, paint).join("\n")}`),
    ...(status.zones.length === 0 ? [] : [`\n${zoneLines(status.zones, status.at, paint).join("\n")}`]),
    ...(status.resolvers.length === 0 ? [] : [`\n${resolverLines(status.resolvers, paint).join("\n")}`]),
  ].join("\n");
}

function aboutController({ at, header }: StatusResponse): string {
  const { controller, journal, policy } = header;
  const now = parseInstant(at);
  const started = parseInstant(controller.startedAt);
  const up = now === undefined || started === undefined ? "" : `, up ${formatDuration(since(started, now))}`;
  return `Pointsman ${controller.version}, epoch ${controller.epoch}${up}; ${journal.entries} entries; policy version ${policy.version}`;
}

function attentionLines(attention: readonly Attention[], paint: Paint): string[] {
  if (attention.length === 0) return [];
  return attention.flatMap(({ level, service, says, command }) => [
    `  ${level === "alarm" ? paint.bad("ALARM ") : paint.warn("notice")}  ${service === null ? "" : `${service}: `}${says}`,
    ...(command === null ? [] : [`          ${paint.dim(command)}`]),
  ]);
}

function serviceLines(view: ServiceView, paint: Paint): string[] {
  const home = view.atHome ? "at home" : `away from home, ${view.home.join(" + ")}`;
  return [
    `${paint.bold(view.service)}  on ${placementWords(view.placement)}${view.placement === null ? "" : ` (${home})`}; owner ${view.owner}`,
    ...section(
      "sites",
      view.sites.map(({ site, active, verdict, forced, says, ready }) => [
        active ? paint.bold(`* ${site}`) : `  ${site}`,
        verdictPainted(verdict, paint) + (forced === null ? "" : ` (forced ${forced})`),
        ready.state === "passed" ? "ready" : paint.dim(`as a target: ${ready.state}`),
        says,
      ]),
      paint,
    ),
    ...section(
      "records",
      view.records.map((record) => recordRow(record, paint)),
      paint,
    ),
    ...section("nameservers", stragglers(view.records), paint),
    ...(view.failover === null ? [] : failoverLines(view.failover, paint)),
    ...(view.lastFailover === null
      ? []
      : [
          `  last: ${view.lastFailover.id} (${view.lastFailover.purpose}) ${view.lastFailover.how} at ${view.lastFailover.at}`,
        ]),
    ...section("held", heldRows(view), paint),
  ];
}

function recordRow(record: RecordView, paint: Paint): string[] {
  const answered = record.nameservers.filter(({ outcome }) => outcome === "answer").length;
  const drift = record.drift === null ? "" : paint.bad(`${record.drift.kind}: ${rrsetWords(record.drift.observed)}`);
  return [
    record.record,
    inView(`${record.name} ${record.type}`, record.view),
    rrsetWords(record.baseline),
    `${answered} of ${record.nameservers.length} nameservers answer; ${authenticityWords(record.authenticity, paint)}`,
    drift,
  ];
}

function authenticityWords({ verdict, at, heard }: RecordView["authenticity"], paint: Paint): string {
  if (verdict === "not checked") return "authenticity not checked";
  if (verdict === "secure" || verdict === "insecure") return verdict;
  const words = `${verdict} at ${at.length} of ${heard}`;
  return verdict === "bogus" ? paint.bad(words) : paint.warn(words);
}

/** By name: those that do not answer. */
function stragglers(records: readonly RecordView[]): string[][] {
  return records.flatMap(({ record, nameservers }) =>
    nameservers
      .filter(({ outcome }) => outcome !== "answer")
      .map(({ nameserver, address, outcome, code }) => [record, nameserver, address, outcome, code ?? ""]),
  );
}

function heldRows(view: ServiceView): string[][] {
  return [
    ...view.initiatives
      .filter(({ heldBy, armed }) => heldBy.length > 0 || !armed)
      .map(({ initiative, heldBy, armed }) => [
        initiative,
        heldBy.join(", "),
        armed ? "" : "waits for its signal to clear",
      ]),
    ...view.vetoes.map(({ id, move, by, until }) => [`veto ${id}`, move, `by ${by.id} until ${until}`]),
    ...view.owed.map(({ address, provider, state, failover }) => [
      `owed ${address}`,
      provider,
      `${state} since ${failover}`,
    ]),
  ];
}

function failoverLines(failover: FailoverView, paint: Paint): string[] {
  const { elapsedMs, objective, verification } = failover;
  const took = `${formatDuration(elapsedMs)} of ${formatDuration(objective.recoverMs)}`;
  const stages = failover.stages.filter(({ at }) => at !== null);
  const wait =
    failover.status === "proposed" &&
    failover.needs !== "nothing" &&
    failover.approvals.length === 0 &&
    !failover.signed;
  return [
    `  ${paint.bold(failover.id)}  ${failover.purpose} ${placementWords(failover.placementBefore)} -> ${placementWords(failover.placementAfter)}: ` +
      `${paint.bold(failover.status)}, ${objective.met === false ? paint.bad(took) : took}`,
    `    ${failover.initiative === null ? `declared by ${failover.by.id}` : `by ${failover.initiative}`}; scope ${failover.scope}; plan ${failover.planHash.slice(0, 12)}`,
    table(
      [
        ["", ...stages.map(({ stage }) => stage)],
        ["", ...stages.map(({ afterMs }) => formatDuration(afterMs ?? 0))],
      ],
      "  ",
    ),
    ...failover.words.map(
      ({ duty, person, role, under }) =>
        `    ${duty} by ${person} as ${role}${under === null ? "" : paint.warn(`, under ${under}`)}`,
    ),
    ...failover.waivers.map(({ person, gate, code }) => paint.bad(`    WAIVED ${gate} (${code}) by ${person}`)),
    ...failover.missing.map(
      ({ says, people }) => `    waits for ${says}${people.length === 0 ? "" : ` (${people.join(", ")})`}`,
    ),
    ...(wait ? [`    waits: pointsman approve ${failover.id} --plan ${failover.planHash.slice(0, 12)}`] : []),
    ...(failover.heldBy.length === 0 ? [] : [`    held by ${paint.warn(failover.heldBy.join(", "))}`]),
    ...failover.attempts.map(
      ({ id, path, state, code }) => `    ${id} by ${path}: ${state}${code === null ? "" : `, ${code}`}`,
    ),
    ...(verification === null ? [] : verificationLines(verification, paint)),
    ...(failover.diverged === null
      ? []
      : [paint.bad(`    diverged since ${failover.diverged.since}: ${failover.diverged.says}`)]),
  ];
}

function verificationLines(found: NonNullable<FailoverView["verification"]>, paint: Paint): string[] {
  return [
    ...(found.wrong.length === 0 ? [] : [paint.bad(`    other data at ${found.wrong.join(", ")}`)]),
    ...(found.silent.length === 0 ? [] : [paint.warn(`    silent: ${found.silent.join(", ")}`)]),
    ...found.exceptions.map(({ provider, address, kind }) =>
      paint.warn(`    exception: ${address} of ${provider}, ${kind}`),
    ),
    ...(found.authenticity === "not checked" ? [] : [`    authenticity: ${found.authenticity}`]),
    ...(found.serviceFailure === null ? [] : [paint.bad(`    through its own name: ${found.serviceFailure}`)]),
  ];
}
