import { type FileHandle, open, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type KeptMemory, readKeptMemory, startsAnew, writeKeptMemory } from "../core/integrity/kept-memory.ts";
import type { IntegrityMemory } from "../ports/integrity-memory.ts";
import type { Refusal } from "../values/refusal.ts";

/** A thousand zones with all their keys are a hundredth of it: more is somebody else's file. */
const fileOctetsMax = 64 * 1024 * 1024;

/** The integrity monitor's memory in one file, which is written beside and renamed: whole, or as it was before. */
export function integrityMemoryFile(path: string): IntegrityMemory {
  return { load: () => load(path), keep: (memory) => keep(path, memory) };
}

async function load(path: string): Promise<KeptMemory | null | Refusal> {
  try {
    const { size } = await stat(path);
    if (size > fileOctetsMax) return unreadable(path, `${size} octets`);
    return readKeptMemory(await readFile(path, "utf8"));
  } catch (error) {
    return codeOf(error) === "ENOENT" ? null : unreadable(path, codeOf(error));
  }
}

async function keep(path: string, memory: KeptMemory): Promise<Refusal | null> {
  const unfinished = `${path}.new`;
  try {
    const text = writeKeptMemory(memory);
    await onFile(await open(unfinished, "w", 0o600), (file) => file.writeFile(text));
    await rename(unfinished, path);
    await onFile(await open(dirname(path), "r"), () => Promise.resolve());
    return null;
  } catch (error) {
    return {
      code: "integrity-memory-not-kept",
      says: `What is remembered of zones could not be written to ${path} (${codeOf(error)}).`,
      figures: { path, code: codeOf(error) },
      mend: "Make room there, or make the folder writable. It is tried again every minute; until then a restart forgets.",
    };
  }
}

/** Does this, and makes it durable. */
async function onFile(file: FileHandle, act: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await act(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

function unreadable(path: string, code: string): Refusal {
  return {
    code: "integrity-memory-unreadable",
    says: `What was remembered of zones in ${path} cannot be read (${code}). Integrity begins anew.`,
    figures: { path, code },
    mend: startsAnew,
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
