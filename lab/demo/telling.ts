import type { ServiceEvent } from "../../src/core/failover/event.ts";
import type { NameserverVerdict } from "../../src/core/failover/verification.ts";
import type { GateReport } from "../../src/core/gates/gate.ts";
import { rrsetText, sitesText } from "../../src/core/plan/says.ts";
import type { Happening } from "./events.ts";
import type { Screen } from "./screen.ts";

/** Tells one entry of the journal: what was seen, decided, intended, changed and verified. */
export function tell({ event, sequence }: Happening, screen: Screen): void {
  switch (event.type) {
    case "baseline-established":
      return screen.line("baseline", `login stands at ${sitesText(event.placement)}, and every nameserver says so`);
    case "verdict-changed":
      return tellVerdict(event, screen);
    case "failover-proposed":
      return tellProposal(event, screen);
    case "initiative-held":
      return tellHeld(`${event.initiative} is held`, event.gates, screen);
    case "failover-held":
      return tellHeld(`${event.failover} waits`, event.gates, screen);
    case "failover-approved":
      return screen.line("yes", `from ${event.by.id}, a user of this machine (unsigned), to exactly this plan`);
    case "failover-authorised":
      screen.line("authorised", `${event.failover} has all the authority that it needs`);
      return tellGates(event.gates, screen);
    case "attempt-intended":
      screen.line("intent", `entry ${sequence} is durable; only now is anything sent`);
      return tellGates(event.gates, screen);
    case "attempt-ended":
      return screen.line(
        "change",
        `one signed UPDATE: ${event.outcome}${event.outcome === "applied" ? "" : ` (${event.code})`}`,
      );
    case "failover-switched":
      for (const one of event.nameservers) screen.line("verified", nameserverText(one));
      return undefined;
    case "verification-incomplete":
      return screen.line("verifying", `not yet right: ${incompleteText(event)}`);
    case "failover-recovered":
      return screen.line(
        "recovered",
        `the service answers through its own name, ${event.tookMs} ms after the signal; the objective is ${event.objectiveMet ? "met" : "missed"}`,
        event.objectiveMet ? "good" : "warn",
      );
    case "failover-settled":
      return screen.line("settled", "no resolver can hold the old answer any more");
    case "failover-ended":
      return screen.line(event.how, event.says);
    case "attempt-read-back":
      return screen.line("read back", `found ${event.found} (${event.code})`, "warn");
    case "failover-changed":
      return screen.line("changed", `${event.failover}: every provider has taken it`);
    case "failover-diverged":
      return screen.line("diverged", event.says, "bad");
    case "automation-suspended":
      return screen.line("suspended", event.reason, "bad");
    case "drift-found":
      return screen.line("drift", `${event.record} at ${event.provider} was changed by somebody else`, "warn");
    case "drift-cleared":
    case "exception-found":
    case "failover-mended":
    case "initiative-cleared":
    case "record-adopted":
    case "service-resumed":
    case "service-stopped":
    case "veto-lifted":
    case "veto-placed":
    case "word-given":
    case "waiver-given":
    case "authority-ended":
    case "attempt-said-done":
    case "verdict-forced":
    case "forced-verdict-lifted":
    case "site-barred":
    case "site-cleared":
    case "service-handed-over":
    case "service-taken-back":
      return screen.line("recorded", event.type);
  }
}

type Of<Type extends ServiceEvent["type"]> = Extract<ServiceEvent, { readonly type: Type }>;

function tellVerdict({ site, to, health }: Of<"verdict-changed">, screen: Screen): void {
  const { up, down, partly, silent } = health.domains;
  const all = up + down + partly + silent;
  const says = to === "up" ? `${up} of ${all} vantages reach it` : `${down} of ${all} vantages say so`;
  const why = health.failure === null || to === "up" ? "" : ` (${health.failure})`;
  screen.line("verdict", `${site} is ${to}: ${says}${why}`, to === "up" ? "good" : "bad");
}

const needed = {
  nothing: "its authority was given beforehand",
  approve: "it needs a yes from who may approve",
  reverse: "it needs a yes from who may reverse",
} as const;

function tellProposal(event: Of<"failover-proposed">, screen: Screen): void {
  const { failover, plan, initiative, planHash, gates, needs } = event;
  const { before, after } = plan.placement;
  const by = initiative === null || initiative === plan.purpose ? "" : ` by the band ${initiative}`;
  screen.line("proposal", `${failover}, a ${plan.purpose}${by}: ${sitesText(before)} -> ${sitesText(after)}`);
  for (const { rrsets } of plan.steps.flatMap(({ changes }) => changes)) {
    for (const { name, type, before: old, after: next } of rrsets)
      screen.more(`${name} ${type} ${rrsetText(type, old)} -> ${rrsetText(type, next)}`);
  }
  screen.more(`plan sha256:${planHash.slice(0, 16)}...; ${needed[needs]}`);
  tellGates(gates, screen);
}

/** An entry keeps what did not pass: nothing of it means that every gate did. */
function tellGates(gates: readonly GateReport[], screen: Screen): void {
  if (gates.length === 0) screen.more("every gate passes");
  for (const gate of gates) screen.more(gateText(gate));
}

function tellHeld(intro: string, gates: readonly GateReport[], screen: Screen): void {
  const holding = gates.filter(({ result }) => result === "refuse" || result === "wait");
  screen.line("held", `${intro}, for ${holding.map(({ gate }) => gate).join(", ")}`);
  for (const gate of holding) screen.more(gateText(gate));
}

function gateText({ gate, result, says, code }: GateReport): string {
  return `${result === "warn" ? "warning" : result} ${gate}: ${says ?? code ?? ""}`;
}

function nameserverText({ nameserver, address, udp, tcp, serial }: NameserverVerdict): string {
  const answers = udp === tcp ? `${udp} over UDP and TCP` : `${udp} over UDP, ${tcp} over TCP`;
  return `${nameserver} at ${address}: ${answers}${serial === null ? "" : `, serial ${serial}`}`;
}

function incompleteText({ wrong, silent, serviceFailure }: Of<"verification-incomplete">): string {
  const parts = [...wrong.map((one) => `${one} gives other data`), ...silent.map((one) => `${one} is silent`)];
  return [...parts, ...(serviceFailure === null ? [] : [serviceFailure])].join(", ");
}

/** Which gates the move would pass now, by name: so the reader knows what is looked at. */
export function tellPreview(move: string, gates: readonly GateReport[], screen: Screen): void {
  const passed = gates.filter(({ result }) => result === "pass").map(({ gate }) => gate);
  screen.line("gates", `${move} would pass ${passed.length} of ${gates.length} gates now:`);
  for (let at = 0; at < passed.length; at += gatesALine) screen.more(passed.slice(at, at + gatesALine).join(", "));
  for (const gate of gates) if (gate.result !== "pass") screen.more(gateText(gate));
}

const gatesALine = 6;
