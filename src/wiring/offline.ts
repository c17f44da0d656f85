import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { formatFindings } from "../configuration/format.ts";
import { initialFiles } from "../configuration/initial-files.ts";
import type { LocatedFinding } from "../configuration/located.ts";
import { readPolicy, type PolicyFile } from "../configuration/policy-file.ts";
import { readSettings, type Settings } from "../configuration/settings.ts";
import type { Policy } from "../core/policy/policy.ts";
import { reviewPolicy } from "../core/review/review.ts";
import { PointsmanError } from "../values/refusal.ts";
import type { Instant } from "../values/time.ts";

/** What the files of an installation say, and all that is wrong with them. */
export interface Installation {
  /** Undefined when a finding in its file is an error. */
  readonly settings: Settings | undefined;
  readonly policy: PolicyFile["policy"];
  readonly document: unknown;
  /** The files that were read. */
  readonly files: readonly string[];
  readonly findings: readonly LocatedFinding[];
}

/**
 * Reads the settings and the policy that they name, and reviews them together.
 * @throws PointsmanError `bad-configuration` for a file that cannot be read. What is wrong inside of them is a finding.
 */
export async function readInstallation(settingsFile: string, now: Instant): Promise<Installation> {
  const text = await readText(settingsFile);
  const first = readSettings(text, settingsFile);
  if (first.settings === undefined) {
    return {
      settings: undefined,
      policy: undefined,
      document: undefined,
      files: [settingsFile],
      findings: first.findings,
    };
  }
  const { policyFile } = first.settings;
  const read = readPolicy(await readText(policyFile), policyFile);
  const settings = read.policy === undefined ? first : readSettings(text, settingsFile, read.policy);
  const review = read.policy === undefined ? [] : read.locate(reviewPolicy(read.policy, now));
  return {
    settings: settings.settings,
    policy: read.policy,
    document: read.document,
    files: [settingsFile, policyFile],
    findings: [...settings.findings, ...read.findings, ...review],
  };
}

/** A policy in a file of its own. @throws PointsmanError `bad-configuration`, with all that is wrong with it. */
export async function policyIn(file: string): Promise<{ readonly policy: Policy; readonly document: object }> {
  const { policy, document, findings } = readPolicy(await readText(file), file);
  if (policy !== undefined && typeof document === "object" && document !== null) return { policy, document };
  throw new PointsmanError({
    code: "bad-configuration",
    says: `${file} is no valid policy.\n${formatFindings(findings)}`,
    figures: { file, findings: findings.length },
    mend: "Mend what is found, then try again.",
  });
}

/**
 * Refuses a policy that the settings of this machine could not be run with: credentials and vantages that are missing, or a
 * name of the controller's own pages in a zone that the policy governs. `unknown` where there are no settings to read.
 * @throws PointsmanError `settings-do-not-fit` with all that is found.
 */
export async function mustFitSettings(settingsFile: string, policy: Policy): Promise<"fits" | "unknown"> {
  const text = await readFile(settingsFile, "utf8").catch(() => undefined);
  if (text === undefined) return "unknown";
  const { findings } = readSettings(text, settingsFile, policy);
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return "fits";
  throw new PointsmanError({
    code: "settings-do-not-fit",
    says: `The controller could not run that policy with ${settingsFile}.\n${formatFindings(errors)}`,
    figures: { file: settingsFile, findings: errors.map(({ code }) => code) },
    mend: "Mend what is found, in the settings or in the policy, then propose it again. Nothing was proposed.",
  });
}

/** The absolute path of the socket that the settings name. @throws PointsmanError `bad-configuration` when they cannot be read or are wrong. */
export async function socketOf(settingsFile: string): Promise<string> {
  const { socket } = await settingsIn(settingsFile, "where the controller listens", "or give --socket PATH.");
  return path.resolve(socket);
}

/** The absolute path of the data folder that the settings name. @throws PointsmanError as {@link socketOf} does. */
export async function dataFolderOf(settingsFile: string): Promise<string> {
  const { dataFolder } = await settingsIn(settingsFile, "where the journal is", "or give --settings FILE.");
  return path.resolve(dataFolder);
}

async function settingsIn(settingsFile: string, wanted: string, or: string): Promise<Settings> {
  const { settings, findings } = readSettings(await readText(settingsFile), settingsFile);
  if (settings !== undefined) return settings;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  throw new PointsmanError({
    code: "bad-configuration",
    says: `${settingsFile} has ${errors} ${errors === 1 ? "error" : "errors"}, so it does not say ${wanted}.`,
    figures: { file: settingsFile, errors },
    mend: `See them with: pointsman validate --settings ${settingsFile}, ${or}`,
  });
}

/**
 * Writes the files that people begin with, and none if one of them is there already.
 * @throws PointsmanError `file-exists`, `not-writable`.
 */
export async function writeInitialFiles(folder: string): Promise<readonly string[]> {
  const files = initialFiles().map(({ path: name, text }) => ({ file: path.join(folder, name), text }));
  const there = await Promise.all(files.map(async ({ file }) => await exists(file)));
  const taken = files.filter((_, index) => there[index]).map(({ file }) => file);
  if (taken.length > 0) {
    throw new PointsmanError({
      code: "file-exists",
      says: `${taken.join(" and ")} ${taken.length === 1 ? "is" : "are"} there already; nothing was written.`,
      figures: { files: taken },
      mend: "Give another folder: pointsman init FOLDER",
    });
  }
  try {
    await mkdir(folder, { recursive: true });
    // wx: what appeared since is left alone.
    await Promise.all(files.map(async ({ file, text }) => await writeFile(file, text, { flag: "wx" })));
  } catch (error) {
    throw new PointsmanError({
      code: "not-writable",
      says: `The files cannot be written into ${folder}: ${errorCode(error)}.`,
      figures: { folder, error: errorCode(error) },
      mend: "Give a folder that this user may write.",
    });
  }
  return files.map(({ file }) => file);
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = errorCode(error);
    throw new PointsmanError({
      code: "bad-configuration",
      says: `${file} cannot be read: ${code === "ENOENT" ? "there is no such file" : code}.`,
      figures: { file, error: code },
      mend:
        code === "ENOENT" ? "Give --settings FILE, or write the first files with: pointsman init" : "Make it readable.",
    });
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
