import { constants } from "node:fs";
import { lstat, mkdir, open, opendir, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Operations } from "../../ports/operations.ts";
import { fromUtf8 } from "../../values/octets.ts";
import { PointsmanError, type Refusal } from "../../values/refusal.ts";
import { duration } from "../../values/time.ts";
import { version } from "../contract/common.ts";
import { reasonFile, statementFile, type StatementFile } from "../contract/statement.ts";
import { badRequest } from "./refusals.ts";
import { takeStatement } from "./statements.ts";

export interface DropFolderParts {
  readonly operations: Operations;
  readonly folder: string;
  /** Base64 of the blob in a file as `ssh-keygen -Y sign` writes it; `undefined` when it is none. */
  readonly readSignature: (file: string) => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DropFolder {
  /** Resolves once nothing is being taken. */
  close(): Promise<void>;
}

/** How often the folder is looked at. A file is taken once two looks saw it alike: whoever copies it is done by then. */
const lookMs = duration(250);
/** Names looked at in one look; what is beyond waits for the next. */
const namesMax = 256;
const octetsMax = 256 * 1024;

/** Refusals that say nothing of the statement: it is taken again at the next look. */
const passing: ReadonlySet<string> = new Set([
  "not-running",
  "journal-reopening",
  "not-recorded",
  "too-many-statements",
]);

/**
 * Takes statements that are put into a folder: `X.statement`, or `X.json` with `X.json.sig` beside it as ssh-keygen leaves
 * them, and `X.json.reason` where a reason was sealed. What came of each is written to `X.result.json`; its files move to
 * `done` or `refused`.
 * @throws PointsmanError `drop-folder-unsafe` or `drop-folder-unusable`.
 */
export async function watchDropFolder(parts: DropFolderParts): Promise<DropFolder> {
  const { folder, clock, log } = parts;
  await prepare(folder);
  let seen: ReadonlyMap<string, string> = new Map();
  let ended = false;
  let failing = false;
  let cancel: (() => void) | undefined;
  const look = async (): Promise<void> => {
    try {
      seen = await lookOnce(parts, seen, () => ended);
      failing = false;
    } catch (error) {
      if (!failing) log.write("error", "drop-folder-unusable", { error: codeOf(error) });
      failing = true;
    }
  };
  let looking = Promise.resolve();
  const next = (): void => {
    if (ended) return;
    looking = look().finally(() => {
      cancel = clock.schedule(lookMs, next);
    });
  };
  next();
  return {
    async close() {
      ended = true;
      await looking;
      cancel?.();
    },
  };
}

async function prepare(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await Promise.all(
      ["done", "refused"].map((name) => mkdir(path.join(folder, name), { recursive: true, mode: 0o700 })),
    );
    const { mode, uid } = await stat(folder);
    const own = process.getuid?.() ?? uid;
    if ((mode & 0o002) !== 0 || (uid !== own && uid !== 0)) throw unsafe(folder, mode, uid);
  } catch (error) {
    throw error instanceof PointsmanError ? error : unusable(folder, error);
  }
}

/** Takes what has not changed since the look before; gives what was seen. */
async function lookOnce(
  parts: DropFolderParts,
  before: ReadonlyMap<string, string>,
  ended: () => boolean,
): Promise<ReadonlyMap<string, string>> {
  const names = await namesIn(parts.folder);
  const seen = new Map<string, string>();
  for (const name of names) {
    const item = itemOf(name, names);
    if (item === undefined || ended()) continue;
    // oxlint-disable-next-line no-await-in-loop -- one after the other: the folder has one lane
    const now = await printOf(parts.folder, item.files);
    if (now === undefined) continue;
    seen.set(name, now);
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (before.get(name) === now) await take(parts, item);
  }
  return seen;
}

async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const { name } of await opendir(folder)) {
    if (names.size >= namesMax) break;
    if (name !== "done" && name !== "refused" && !name.endsWith(".result.json")) names.add(name);
  }
  return names;
}

interface Item {
  /** What its result is named by. */
  readonly base: string;
  /** The first holds the statement. */
  readonly files: readonly [string, ...string[]];
}

/** A file that is a statement, with those that belong to it. A statement without its signature waits. */
function itemOf(name: string, names: ReadonlySet<string>): Item | undefined {
  if (name.endsWith(".statement")) return { base: name.slice(0, -".statement".length), files: [name] };
  if (!name.endsWith(".json.sig")) return undefined;
  const statement = name.slice(0, -".sig".length);
  if (!names.has(statement)) return undefined;
  const reason = `${statement}.reason`;
  const base = statement.slice(0, -".json".length);
  return { base, files: [statement, name, ...(names.has(reason) ? [reason] : [])] };
}

/** Tells a file that is still being written from one that stands. `undefined`: one of them is gone again. */
async function printOf(folder: string, files: Item["files"]): Promise<string | undefined> {
  try {
    const found = await Promise.all(files.map((file) => lstat(path.join(folder, file))));
    return found.map(({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`).join(", ");
  } catch {
    return undefined;
  }
}

async function take({ operations, folder, readSignature, log }: DropFolderParts, item: Item): Promise<void> {
  const read = await readItem(folder, item, readSignature);
  const source = { lane: "folder", from: "owner" in read ? `uid:${read.owner}` : "folder" } as const;
  if ("refusal" in read) operations.refusedAtDoor(source, read.refusal.code);
  const result = "refusal" in read ? read : await takeStatement(operations, read.file, source);
  if ("refusal" in result && passing.has(result.refusal.code)) return;
  await tell(folder, item.base, "response" in result ? result.response : { v: version, refusal: result.refusal });
  const where = "response" in result ? "done" : "refused";
  for (const file of item.files) {
    // oxlint-disable-next-line no-await-in-loop -- the statement last, so that a crash leaves what is taken again
    await rename(path.join(folder, file), path.join(folder, where, file));
  }
  log.write("info", "statement-dropped", {
    file: item.files[0],
    outcome: "refusal" in result ? result.refusal.code : "accepted",
  });
}

/** Whole, or not at all: whoever waits for it reads no half. */
async function tell(folder: string, base: string, result: object): Promise<void> {
  const file = path.join(folder, `${base}.result.json`);
  await writeFile(`${file}.part`, `${JSON.stringify(result, null, 2)}\n`, { mode: 0o644 });
  await rename(`${file}.part`, file);
}

type Read = { readonly file: StatementFile; readonly owner: number } | { readonly refusal: Refusal };

async function readItem(
  folder: string,
  { files }: Item,
  readSignature: DropFolderParts["readSignature"],
): Promise<Read> {
  const texts = await Promise.all(files.map((file) => readText(path.join(folder, file))));
  const refused = texts.find((text) => "refusal" in text);
  if (refused !== undefined && "refusal" in refused) return refused;
  const [first, signature, reason] = texts.flatMap((text) => ("text" in text ? [text] : []));
  if (first === undefined) return { refusal: notRead(files[0], "empty") };
  if (signature === undefined) return ofOneFile(first.text, first.owner, files[0]);
  const blob = readSignature(signature.text);
  if (blob === undefined) return { refusal: signatureUnread(files[1] ?? "") };
  const opening = reason === undefined ? null : reasonFile.safeParse(parse(reason.text)).data;
  if (opening === undefined) return { refusal: notRead(files[2] ?? "", "not a reason's file") };
  const file = { statement: first.text, proof: { method: "sshsig", signature: blob }, reason: opening } as const;
  return { file, owner: first.owner };
}

function ofOneFile(text: string, owner: number, name: string): Read {
  const read = statementFile.safeParse(parse(text));
  return read.success ? { file: read.data, owner } : { refusal: notRead(name, "not a statement's file") };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is looked at and what is read are the same open file; a link is not followed. */
async function readText(
  file: string,
): Promise<{ readonly text: string; readonly owner: number } | { readonly refusal: Refusal }> {
  try {
    const opened = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = await opened.stat();
      if (!found.isFile()) return { refusal: notRead(path.basename(file), "not a regular file") };
      if (found.size > octetsMax) return { refusal: notRead(path.basename(file), `larger than ${octetsMax} octets`) };
      const text = fromUtf8(new Uint8Array(await opened.readFile()));
      return text === undefined ? { refusal: notRead(path.basename(file), "not UTF-8") } : { text, owner: found.uid };
    } finally {
      await opened.close();
    }
  } catch (error) {
    return { refusal: notRead(path.basename(file), codeOf(error)) };
  }
}

function notRead(file: string, why: string): Refusal {
  const says = `${file} cannot be taken: ${why}.`;
  return badRequest(says, "Put there X.statement, or X.json and X.json.sig as ssh-keygen -Y sign writes them.");
}

function signatureUnread(file: string): Refusal {
  return {
    code: "signature-malformed",
    says: `${file} is no signature as ssh-keygen -Y sign writes it.`,
    figures: { file },
    mend: "Sign the statement's file again with: ssh-keygen -Y sign -n KIND@pointsman -f KEY FILE.",
  };
}

function unsafe(folder: string, mode: number, owner: number): PointsmanError {
  const bits = (mode & 0o7777).toString(8).padStart(4, "0");
  return new PointsmanError({
    code: "drop-folder-unsafe",
    says: `The drop folder ${folder} has mode ${bits} and owner ${owner}: anybody on this machine could fill it.`,
    figures: { folder, mode: bits, owner },
    mend: `Run: chmod o-w ${folder}, and give it to the controller's user and a group of those who may use it.`,
  });
}

function unusable(folder: string, error: unknown): PointsmanError {
  return new PointsmanError({
    code: "drop-folder-unusable",
    says: `The drop folder ${folder} cannot be used: ${codeOf(error)}.`,
    figures: { folder, error: codeOf(error) },
    mend: "Give another folder as statements.folder in the settings.",
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
