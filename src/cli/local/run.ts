import { formatFindings } from "../../configuration/format.ts";
import { startInstallation } from "../../wiring/controller.ts";
import { readInstallation } from "../../wiring/offline.ts";
import type { Command } from "../frame/command.ts";

export const run: Command = {
  name: "run",
  summary: "be the controller: watch, decide, act and record, until SIGTERM",
  usage: ["[--settings FILE]"],
  details: [
    "Writes its structured log to stderr and a few lines for people to stdout.",
    "SIGTERM or Ctrl-C ends it cleanly: running writes come to their end, and what is in flight is recorded.",
    "Exit code 0 after a clean end, 1 when the journal, the socket or a port refuses it, 2 when a file is wrong.",
  ],
  options: {},
  takes: { least: 0, most: 0 },
  async run(_given, { settingsFile, terminal, json, version, environment }) {
    const { settings, policy, document, findings } = await readInstallation(settingsFile, terminal.now());
    if (settings === undefined || policy === undefined || findings.some(({ severity }) => severity === "error")) {
      if (json) terminal.print(JSON.stringify({ v: 1, valid: false, findings }));
      else terminal.note(formatFindings(findings));
      return 2;
    }
    const ended = signalled();
    const installation = await startInstallation({ settings, policy, document, version, environment, writeLog });
    const { controller, metricsPort, listener } = installation;
    const started = {
      mode: settings.mode,
      lab: policy.lab,
      socket: settings.socket,
      metricsPort,
      epoch: controller.about().epoch,
      unsigned: controller.world().authority.mode === "unsigned",
      listener,
    };
    terminal.print(json ? JSON.stringify({ v: 1, started }) : startedText(started));
    await ended;
    terminal.print(json ? JSON.stringify({ v: 1, stopping: true }) : "Stopping: running writes come to their end.");
    await installation.stop();
    return 0;
  },
};

function writeLog(line: string): void {
  process.stderr.write(line);
}

/** Resolves at the first signal that asks the process to end. */
function signalled(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.once(signal, () => resolve());
  return promise;
}

interface Started {
  readonly mode: string;
  readonly lab: boolean;
  readonly socket: string;
  readonly metricsPort: number | null;
  readonly epoch: number;
  readonly unsigned: boolean;
  /** Where statements are taken over TLS, and its pin; null: off. */
  readonly listener: { readonly address: string; readonly pin: string } | null;
}

function startedText({ mode, lab, socket, metricsPort, epoch, unsigned, listener }: Started): string {
  const heading = `${lab ? "lab, " : ""}${unsigned ? "unsigned" : "signed"}, mode ${mode}, epoch ${epoch}`;
  const metrics = metricsPort === null ? "" : ` Metrics on port ${metricsPort}.`;
  const statements =
    listener === null ? "" : ` Statements are taken at https://${listener.address} (pin ${listener.pin}).`;
  return `Pointsman is running (${heading}). It listens on ${socket}.${metrics}${statements}`;
}
