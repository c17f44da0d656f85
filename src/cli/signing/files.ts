import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { basisResponse, type BasisResponse } from "../../api/contract/basis.ts";
import { reasonFile, statementFile, type ReasonFile, type StatementFile } from "../../api/contract/statement.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { badUsage } from "../frame/failure.ts";

/** @throws PointsmanError `file-unreadable`. */
export async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(file));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new PointsmanError({
      code: "file-unreadable",
      says: `${file} cannot be read: ${code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "it is not UTF-8" : code}.`,
      figures: { file, error: code },
      mend: "Give a file that pointsman statement wrote.",
    });
  }
}

/** Whole, or not at all. @throws PointsmanError `file-not-written`. */
export async function writeWhole(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(`${file}.part`, text);
    await rename(`${file}.part`, file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new PointsmanError({
      code: "file-not-written",
      says: `${file} cannot be written: ${code}.`,
      figures: { file, error: code },
      mend: "Give a folder that this user may write.",
    });
  }
}

/** What `pointsman statement basis` wrote. @throws PointsmanError. */
export async function readBasis(file: string): Promise<BasisResponse> {
  const read = basisResponse.safeParse(parse(await readText(file)));
  if (read.success) return read.data;
  throw badUsage(`${file} is no basis.`, "Write one with: pointsman statement basis > basis.json");
}

/**
 * A statement with its signature: of one file, or of two as ssh-keygen leaves them.
 * @throws PointsmanError `bad-usage` where there is no signature.
 */
export async function readSigned(
  file: string,
  signatureFile: string | undefined,
  readSignature: (text: string) => string | undefined,
): Promise<StatementFile> {
  const text = await readText(file);
  const whole = statementFile.safeParse(parse(text));
  if (whole.success) return whole.data;
  const beside = signatureFile ?? `${file}.sig`;
  const signature = readSignature(await readText(beside));
  if (signature === undefined)
    throw badUsage(`${beside} is no signature as ssh-keygen -Y sign writes it.`, "Give --signature FILE.");
  return { statement: text, proof: { method: "sshsig", signature }, reason: await readReason(`${file}.reason`) };
}

/** Null: no reason was sealed, or its file was left behind. */
async function readReason(file: string): Promise<ReasonFile | null> {
  const text = await readText(file).catch(() => null);
  return text === null ? null : (reasonFile.safeParse(parse(text)).data ?? null);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
