import path from "node:path";
import { paths, refusalResponse, version } from "../../api/contract/common.ts";
import { statementResponse, type StatementFile, type StatementResponse } from "../../api/contract/statement.ts";
import { sha256 } from "../../values/sha256.ts";
import { utf8 } from "../../values/octets.ts";
import { PointsmanError } from "../../values/refusal.ts";
import { postPinned } from "../../wiring/signing.ts";
import type { Context, Given, Option } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";
import { ask } from "../remote/client.ts";
import { writeWhole } from "./files.ts";

/** Ways to a controller, beside its socket. */
export const sendOptions: { readonly [name: string]: Option } = {
  url: { placeholder: "URL", says: "its listener, such as https://192.0.2.1:9465 (with --pin)" },
  pin: { placeholder: "PIN", says: "the listener's key as `pointsman status` shows it: sha256:..." },
  folder: { placeholder: "DIR", says: "its drop folder" },
};

/** Null: it lies in the drop folder, and its result will lie beside it. @throws PointsmanError what was refused. */
export async function send(given: Given, context: Context, signed: StatementFile): Promise<StatementResponse | null> {
  const { url, pin, folder } = { url: given.value("url"), pin: given.value("pin"), folder: given.value("folder") };
  if (folder !== undefined) {
    await writeWhole(path.join(folder, `${nameOf(signed)}.statement`), `${JSON.stringify(signed)}\n`);
    return null;
  }
  if (url === undefined)
    return await ask(context, { method: "POST", path: paths.statements, body: signed }, statementResponse);
  return await post(url, pin, signed);
}

/** What its files are called in a drop folder. */
export function nameOf({ statement }: Pick<StatementFile, "statement">): string {
  return sha256(utf8(statement)).slice(0, 16);
}

async function post(url: string, pin: string | undefined, signed: StatementFile): Promise<StatementResponse> {
  const { host, port } = addressOf(url);
  if (pin === undefined || !/^sha256:[0-9a-f]{64}$/.test(pin))
    throw badUsage("The listener's key must be pinned.", "Give --pin sha256:... as `pointsman status` shows it.");
  const body = JSON.stringify({ v: version, ...signed });
  const { ok, text } = await postPinned({ host, port, path: paths.listener, pin }, body);
  const answer: unknown = text === "" ? undefined : JSON.parse(text);
  if (ok) return statementResponse.parse(answer);
  throw new PointsmanError(refusalResponse.parse(answer).refusal);
}

/** By address: a name would need DNS, which is what is down. */
function addressOf(text: string): { readonly host: string; readonly port: number } {
  const url = URL.parse(text);
  if (url?.protocol !== "https:" || url.hostname === "" || (url.pathname !== "/" && url.pathname !== paths.listener))
    throw badUsage(`${text} is no listener's URL.`, "Give it by address: --url https://192.0.2.1:9465");
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port === "" ? "443" : url.port) };
}
