import { formatFindings } from "../../configuration/format.ts";
import { readInstallation, type Installation } from "../../wiring/offline.ts";
import type { Command, Context } from "../frame/command.ts";

export const validate: Command = {
  name: "validate",
  summary: "check the settings and the policy, with line, column and the mend of each finding",
  usage: ["[--settings FILE]"],
  details: ["Reads files and nothing else. Exit code 2 when a finding is an error; warnings alone exit 0."],
  options: {},
  takes: { least: 0, most: 0 },
  async run(_given, context) {
    const installation = await readInstallation(context.settingsFile, context.terminal.now());
    const errors = installation.findings.filter(({ severity }) => severity === "error").length;
    tell(context, installation, errors);
    return errors === 0 ? 0 : 2;
  },
};

function tell({ terminal, json }: Context, { files, findings, policy }: Installation, errors: number): void {
  if (json) {
    terminal.print(JSON.stringify({ v: 1, valid: errors === 0, files, findings, policy: policy?.hash ?? null }));
    return;
  }
  if (findings.length > 0) terminal.print(formatFindings(findings));
  const warnings = findings.length - errors;
  const counted = `${count(errors, "error")}, ${count(warnings, "warning")} in ${files.join(" and ")}`;
  terminal.print(
    errors === 0 ? terminal.paint.good(`Valid: ${counted}.`) : terminal.paint.bad(`Not valid: ${counted}.`),
  );
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}
