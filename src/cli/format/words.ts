import type { GateView, PlacementView, RRsetView } from "../../api/contract/common.ts";
import type { Header } from "../../api/contract/status.ts";
import type { Paint } from "../frame/terminal.ts";
import { table } from "./table.ts";

/** `fra`, `fra + iad`, `eu: fra, us: iad 30%`. */
export function placementWords(placement: PlacementView | null): string {
  if (placement === null) return "not established";
  return placement
    .map(({ segment, sites }) => {
      const list = sites
        .map(({ site, share, without }) => {
          const weighed = share === null ? site : `${site} ${share}%`;
          return without.length === 0 ? weighed : `${weighed} without ${without.join(", ")}`;
        })
        .join(" + ");
      return segment === "all" ? list : `${segment}: ${list}`;
    })
    .join(", ");
}

/** `192.0.2.10, 192.0.2.11 (TTL 60 s)`. */
export function rrsetWords(rrset: RRsetView | null): string {
  if (rrset === null) return "not established";
  return rrset === "absent" ? "absent" : `${rrset.data.join(", ")} (TTL ${rrset.ttl} s)`;
}

export function verdictPainted(verdict: string, paint: Paint): string {
  if (verdict === "up") return paint.good(verdict);
  return verdict === "down" ? paint.bad(verdict) : paint.warn(verdict);
}

/** What stands above every answer that is not from a signed installation that acts. */
export function headerWords(header: Header, paint: Paint): string[] {
  const labels = [
    header.lab ? paint.warn("lab") : "",
    header.unsigned ? paint.warn("unsigned") : "signed",
    header.mode === "observe" ? paint.warn("observe: nothing is ever sent") : "",
    header.controller.status === "running" ? "" : paint.warn(header.controller.status),
  ].filter((label) => label !== "");
  const halted = header.halted;
  return [`[${labels.join(" | ")}]`, ...(halted === null ? [] : [paint.bad(`Halted: ${halted.says} ${halted.mend}`)])];
}

const marks = { pass: "pass", warn: "WARN", refuse: "REFUSE", wait: "WAIT" } as const;

/** Those that do not pass with their figures and mend; those that pass in one line. */
export function gateLines(gates: readonly GateView[], paint: Paint): string[] {
  const passed = gates.filter(({ result }) => result === "pass");
  const held = gates.filter(({ result }) => result !== "pass");
  return [
    ...held.flatMap((gate) => heldLines(gate, paint)),
    ...(passed.length === 0 ? [] : [`${paint.good("pass")}  ${passed.map(({ gate }) => gate).join(", ")}`]),
  ];
}

function heldLines(gate: GateView, paint: Paint): string[] {
  const mark = gate.result === "refuse" ? paint.bad(marks.refuse) : paint.warn(marks[gate.result]);
  const until = gate.until === null ? "" : ` Until ${gate.until}.`;
  return [
    `${mark}  ${gate.gate} (${gate.kind}): ${gate.says ?? gate.code ?? ""}${until}`,
    ...(Object.keys(gate.figures).length === 0 ? [] : [`      ${paint.dim(figuresWords(gate.figures))}`]),
    ...(gate.mend === null ? [] : [`      ${gate.mend}`]),
  ];
}

function figuresWords(figures: { readonly [name: string]: unknown }): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

export function commandLines(commands: readonly string[], paint: Paint): string[] {
  return commands.length === 0 ? [] : [paint.bold("You can"), ...commands.map((command) => `  ${command}`)];
}

/** A title, and a table under it; nothing where there are no rows. */
export function section(title: string, rows: readonly (readonly string[])[], paint: Paint, indent = "  "): string[] {
  return rows.length === 0 ? [] : [`${indent}${paint.bold(title)}`, table(rows, `${indent}  `)];
}
