import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { actResponse, type Act, type ActResponse } from "../../src/api/contract/act.ts";
import { paths } from "../../src/api/contract/common.ts";
import { eventLine, type EntryView } from "../../src/api/contract/event.ts";
import { statusResponse, type ServiceView, type StatusResponse } from "../../src/api/contract/status.ts";
import { whyResponse, type WhyResponse } from "../../src/api/contract/why.ts";
import { plain } from "../../src/cli/frame/terminal.ts";
import type { Context } from "../../src/cli/frame/command.ts";
import { ask, askLines } from "../../src/cli/remote/client.ts";
import { instant } from "../../src/values/time.ts";
import type { Installation } from "./installation.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

const compileCache = fileURLToPath(new URL("../../node_modules/.cache/pointsman-e2e", import.meta.url));

/** What a process left behind. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A `pointsman` process, whatever its command. */
export interface Running {
  readonly pid: number;
  /** What it has written beside its output until now. */
  err(): string;
  readonly ended: Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
}

/** `pointsman run`, in a process of its own: it may be killed. */
export interface RunningController extends Running {
  status(): Promise<StatusResponse>;
  why(): Promise<WhyResponse>;
  act(act: Act): Promise<ActResponse>;
  /** Asks for the status again and again until the service is so. @throws Error with the last status when it never is. */
  until(what: string, isSo: (login: ServiceView, status: StatusResponse) => boolean): Promise<ServiceView>;
  /** The next entry of this type that is so, of those written from now on. @throws Error when it never comes. */
  nextEntry(type: string, isSo: (data: EntryView["data"]) => boolean): Promise<EntryView>;
  /** SIGKILL, or another signal; resolves once it is gone. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

/** Runs one command of the command line until it ends. */
export async function pointsman(installation: Installation, ...words: readonly string[]): Promise<Ended> {
  return await start(words, installation).ended;
}

/** Starts `pointsman run`; it may end by itself, where it refuses to run. */
export function runPointsman(installation: Installation): Running {
  return start(["run"], installation);
}

/** `pointsman run` with a tmpfs of `size` at its data folder, in a mount namespace of its own: nobody else sees it. */
export function runOnSmallDisk(installation: Installation, size: string): Running {
  const script = `mkdir "$1" && mount -t tmpfs -o size=${size} none "$1" && shift && exec "$@"`;
  const command = [process.execPath, main, "run", "--settings", installation.settingsFile];
  return startProcess("unshare", ["-rm", "sh", "-c", script, "sh", installation.data, ...command]);
}

/** `pointsman run` on a machine with another hosts file and another resolver, in a mount namespace of its own. */
export function runWithNames(
  installation: Installation,
  { resolvConf, hosts }: { readonly resolvConf: string; readonly hosts: string },
): Running {
  const script = 'mount --bind "$1" /etc/resolv.conf && mount --bind "$2" /etc/hosts && shift 2 && exec "$@"';
  const command = [process.execPath, main, "run", "--settings", installation.settingsFile];
  return startProcess("unshare", ["-rm", "sh", "-c", script, "sh", resolvConf, hosts, ...command]);
}

/** Starts the controller and resolves when it answers. @throws Error as {@link answering} does. */
export async function startController(installation: Installation): Promise<RunningController> {
  return await answering(runPointsman(installation), installation);
}

/** Resolves when the started controller answers. @throws Error with what it said, when it ends before. */
export async function answering(running: Running, installation: Installation): Promise<RunningController> {
  const controller = controllerOf(running, installation);
  let ended: Ended | undefined;
  void running.ended.then((end) => (ended = end));
  const patience = Date.now() + patienceMs;
  for (;;) {
    if (ended !== undefined) throw new Error(`the controller ended by itself:\n${ended.out}\n${ended.err}`);
    if (Date.now() > patience) throw new Error(`the controller does not answer:\n${running.err()}`);
    // oxlint-disable-next-line no-await-in-loop -- a poll
    if (await answers(controller)) return controller;
    await delay(pollMs); // oxlint-disable-line no-await-in-loop -- a poll
  }
}

/** Whether the service stands at this site, by the journal. */
export function isAt({ placement }: ServiceView, site: string): boolean {
  return placement?.some(({ sites }) => sites.some((each) => each.site === site)) === true;
}

/** Judged since this start, and known what stands. */
export function isReady({ judged, placement }: ServiceView): boolean {
  return judged && placement !== null;
}

/** Proposed, and not yet verified. */
export function isOnItsWay({ failover }: ServiceView): boolean {
  return failover !== null && failover.status !== "recovered" && failover.status !== "settled";
}

const patienceMs = 20_000;
const pollMs = 20;
const all = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of all) child.kill("SIGKILL");
});

function start(words: readonly string[], installation: Installation): Running {
  return startProcess(process.execPath, [main, ...words, "--settings", installation.settingsFile]);
}

function startProcess(program: string, args: readonly string[]): Running {
  // Compiled code is kept between processes: a start takes half the time.
  const environment = { ...process.env, NODE_COMPILE_CACHE: compileCache };
  const child = spawn(program, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  all.add(child);
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.err += text));
  // `close` comes after the last of its output.
  const ended = once(child, "close").then(([code, signal]): Ended => {
    all.delete(child);
    return { code, signal, ...said };
  });
  return { pid: child.pid ?? 0, err: () => said.err, ended, signal: (signal) => void child.kill(signal) };
}

function controllerOf(running: Running, installation: Installation): RunningController {
  const context = contextOf(installation);
  let acts = 0;
  const controller: RunningController = {
    ...running,
    status: async () => await ask(context, { method: "GET", path: paths.status }, statusResponse),
    why: async () => await ask(context, { method: "GET", path: paths.why, query: { service: "login" } }, whyResponse),
    async act(act) {
      acts += 1;
      const body = { id: `e2e-act-${running.pid}-${acts}`, uid: process.getuid?.() ?? 0, act };
      return await ask(context, { method: "POST", path: paths.acts, body }, actResponse);
    },
    async until(what, isSo) {
      const patience = Date.now() + patienceMs;
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- a poll
        const status = await controller.status();
        const [login] = status.services;
        if (login !== undefined && isSo(login, status)) return login;
        if (Date.now() > patience) {
          // oxlint-disable-next-line no-await-in-loop -- the last question
          const why = await controller.why();
          throw new Error(`never ${what}: ${JSON.stringify({ status, why }, undefined, 1)}\n${running.err()}`);
        }
        await delay(pollMs); // oxlint-disable-line no-await-in-loop -- a poll
      }
    },
    async nextEntry(type, isSo) {
      const { terminal } = context;
      const patience = AbortSignal.timeout(patienceMs);
      const hurried = { ...context, terminal: { ...terminal, interrupted: patience } };
      const seen: string[] = [];
      try {
        for await (const line of askLines(hurried, { method: "GET", path: paths.events }, eventLine)) {
          if (line.line !== "entry") continue;
          if (line.entry.type === type && isSo(line.entry.data)) return line.entry;
          seen.push(JSON.stringify(line.entry));
        }
      } catch (error) {
        if (!patience.aborted) throw error;
      }
      throw new Error(`no ${type} that is so came:\n${seen.slice(-20).join("\n")}\n${running.err()}`);
    },
    async end(signal) {
      running.signal(signal);
      return await running.ended;
    },
  };
  return controller;
}

async function answers(controller: RunningController): Promise<boolean> {
  try {
    const { header } = await controller.status();
    return header.controller.status === "running";
  } catch {
    return false;
  }
}

/** What the client of the command line needs to speak to this controller. */
function contextOf({ socket, settingsFile }: Installation): Context {
  return {
    json: true,
    version: "test",
    environment: {},
    settingsFile,
    socketPath: async () => await Promise.resolve(socket),
    terminal: {
      paint: plain,
      columns: 100,
      interactive: false,
      uid: process.getuid?.() ?? 0,
      interrupted: new AbortController().signal,
      print: nobodyAsks,
      write: nobodyAsks,
      note: nobodyAsks,
      redraw: nobodyAsks,
      confirm: nobodyAsks,
      waiting: async (_says, work) => await work,
      pause: async (ms) => await delay(ms),
      now: () => instant(Date.now()),
      newId: nobodyAsks,
    },
  };
}

function nobodyAsks(): never {
  throw new Error("nobody is asked in a test");
}
