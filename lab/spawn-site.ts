import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SiteOptions } from "./site.ts";

export interface SpawnedSite {
  readonly port: number;
  readonly pid: number;
  /** SIGKILL, as when a machine dies; resolves once it is gone. */
  readonly kill: () => Promise<void>;
}

/** A site of the lab in a process of its own; it ends with this one. */
export async function spawnSite(options: SiteOptions): Promise<SpawnedSite> {
  const script = fileURLToPath(new URL("site-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = once(child, "exit");
  const [line] = await Promise.race([
    once(createInterface(child.stdout), "line"),
    gone.then(() => Promise.reject(new Error(`the site ${options.name} ended before it listened`))),
  ]);
  const { port } = JSON.parse(String(line));
  return { port, pid: pidOf(child), kill: () => kill(child, gone) };
}

async function kill(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  child.kill("SIGKILL");
  await gone;
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error("a process that listens has an id");
  return pid;
}
