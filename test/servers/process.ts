import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./ports.ts";
import type { ServerAddress } from "./zone.ts";

/** A real DNS server that a test started, in the foreground, in a folder of its own. */
export interface RunningServer extends ServerAddress {
  readonly kind: "bind" | "knot" | "powerdns" | "nsd" | "unbound";
  readonly folder: string;
  readonly pid: number;
  /** What it has logged. */
  log(): string;
  /** From now on `stop` leaves the folder and says where it is. */
  keep(): void;
  /** Asks it to end, ends it after 5 s, and removes its folder. */
  stop(): Promise<void>;
  /** Sends a signal to its process and those that it forked; with SIGKILL, resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts the same configuration again at the same port after `kill`. */
  restart(): Promise<void>;
}

export interface ServerCommand {
  readonly kind: RunningServer["kind"];
  readonly program: string;
  /** Where it must be; 127.0.0.1 and a free port unless given. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  /** Writes the configuration into the folder and gives the arguments. */
  configure(at: ServerAddress & { readonly folder: string }): readonly string[] | Promise<readonly string[]>;
  ready(at: ServerAddress): Promise<boolean>;
}

const loopback = "127.0.0.1";
const readyWithinMs = 15_000;
const pollMs = 10;
const attempts = 3;

/** Starts it and resolves when it is ready. A port that somebody else took in between is tried again. */
export async function startServer(command: ServerCommand): Promise<RunningServer> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = mkdtempSync(path.join(tmpdir(), `pointsman-${command.kind}-`));
    const server = new Server(command, folder, command.port ?? (await freePort(command.address))); // oxlint-disable-line no-await-in-loop -- one try after the other
    try {
      await server.start(); // oxlint-disable-line no-await-in-loop -- one try after the other
      return server;
    } catch (cause) {
      const log = server.log();
      await server.stop(); // oxlint-disable-line no-await-in-loop -- one try after the other
      if (attempt === attempts)
        throw new Error(`${command.kind} does not become ready:\n${log.slice(-4000)}`, { cause });
    }
  }
}

class Server implements RunningServer {
  readonly kind: RunningServer["kind"];
  readonly address: string;
  readonly port: number;
  readonly folder: string;
  readonly #command: ServerCommand;
  #arguments: readonly string[] = [];
  #child: ChildProcess | undefined;
  #keep = false;

  constructor(command: ServerCommand, folder: string, port: number) {
    this.kind = command.kind;
    this.address = command.address ?? loopback;
    this.port = port;
    this.folder = folder;
    this.#command = command;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    this.#arguments = await this.#command.configure({ address: this.address, port: this.port, folder: this.folder });
    await this.restart();
  }

  async restart(): Promise<void> {
    const log = openSync(this.#logFile(), "a");
    // A test run that ends early, however hard, takes its servers with it; a group of its own, since NSD forks.
    const args = ["--pdeathsig", "TERM", this.#command.program, ...this.#arguments];
    const child = spawn("/usr/bin/setpriv", args, { cwd: this.folder, stdio: ["ignore", log, log], detached: true });
    closeSync(log);
    this.#child = child;
    child.on("error", () => undefined); // a program that is missing shows as not ready
    const end = Date.now() + readyWithinMs;
    // oxlint-disable-next-line no-await-in-loop -- a poll
    while (!(await this.#command.ready(this))) {
      if (child.exitCode !== null || child.pid === undefined) throw new Error("it ended by itself");
      if (Date.now() > end) throw new Error(`not ready within ${readyWithinMs} ms`);
      await delay(pollMs); // oxlint-disable-line no-await-in-loop -- a poll
    }
  }

  log(): string {
    return existsSync(this.#logFile()) ? readFileSync(this.#logFile(), "utf8") : "";
  }

  keep(): void {
    this.#keep = true;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || !isRunning(child)) return;
    const gone = once(child, "exit");
    signalGroup(child, signal);
    if (signal === "SIGKILL") await gone;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child !== undefined && isRunning(child)) {
      const gone = once(child, "exit");
      const timer = setTimeout(() => signalGroup(child, "SIGKILL"), 5000);
      signalGroup(child, "SIGCONT"); // a test may have stopped it
      child.kill("SIGTERM");
      await gone;
      clearTimeout(timer);
    }
    if (this.#keep) process.stderr.write(`${this.kind}: its folder is kept at ${this.folder}\n`);
    else rmSync(this.folder, { recursive: true, force: true });
  }

  #logFile(): string {
    return path.join(this.folder, "log");
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
