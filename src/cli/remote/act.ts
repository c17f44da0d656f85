import { actResponse, type Act, type ActResponse } from "../../api/contract/act.ts";
import { paths } from "../../api/contract/common.ts";
import { actText } from "../format/act-text.ts";
import type { Context, ExitCode, Given, Option } from "../frame/command.ts";
import { ask } from "./client.ts";

/** For acts on which a reason may be given. */
export const reasonOption: { readonly [name: string]: Option } = {
  reason: { placeholder: "TEXT", says: "why; it is sealed in the journal" },
};

export function reasonOf(given: Given): string | null {
  return given.value("reason") ?? null;
}

/** Sends an act under an id of its own. @throws PointsmanError what the controller refused. */
export async function sendAct(context: Context, act: Act): Promise<ActResponse> {
  const { terminal } = context;
  const body = { id: terminal.newId(), uid: terminal.uid, act };
  return await ask(context, { method: "POST", path: paths.acts, body }, actResponse);
}

/** Sends an act and tells what came of it. */
export async function actAndTell(context: Context, act: Act, done: string): Promise<ExitCode> {
  tell(context, await sendAct(context, act), done);
  return 0;
}

export function tell(context: Context, response: ActResponse, done: string): void {
  context.terminal.print(context.json ? JSON.stringify(response) : actText(response, done, context.terminal.paint));
}
