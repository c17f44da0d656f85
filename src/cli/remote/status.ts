import { paths } from "../../api/contract/common.ts";
import { eventLine } from "../../api/contract/event.ts";
import { statusResponse, type StatusResponse } from "../../api/contract/status.ts";
import { statusText } from "../format/status-text.ts";
import type { Command, Context, ExitCode } from "../frame/command.ts";
import { ask, askLines } from "./client.ts";

export const status: Command = {
  name: "status",
  summary: "what stands, what is wrong, what is on its way",
  usage: ["[--json] [--watch]"],
  details: [
    "Exit code 1 when something is not healthy: every line marked ALARM says what, and which command deals with it.",
  ],
  options: { watch: { says: "show it anew at each change, until interrupted" } },
  takes: { least: 0, most: 0 },
  async run(given, context) {
    if (given.flag("watch")) return await watch(context);
    const response = await fetchStatus(context);
    context.terminal.print(shown(context, response));
    return response.healthy ? 0 : 1;
  },
};

export async function fetchStatus(context: Context): Promise<StatusResponse> {
  return await ask(context, { method: "GET", path: paths.status }, statusResponse);
}

/** Verdicts and answers of nameservers change without an entry in the journal: they are looked at as often as this. */
const lookMs = 2000;

/** Ends when the user interrupts, with the exit code of the last status shown. @throws PointsmanError once the controller goes. */
async function watch(context: Context): Promise<ExitCode> {
  const { terminal } = context;
  let last = await fetchStatus(context);
  terminal.redraw(shown(context, last));
  let changes = askLines(context, { method: "GET", path: paths.events }, eventLine);
  let change = changes.next();
  try {
    while (!terminal.interrupted.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const seen = await Promise.race([change, terminal.pause(lookMs)]);
      if (terminal.interrupted.aborted) break;
      // A stream that ended was too slow, or its controller went: then the next look says so.
      if (seen?.done === true) changes = askLines(context, { method: "GET", path: paths.events }, eventLine);
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const next = await fetchStatus(context);
      if (seen !== undefined) change = changes.next();
      if (differs(last, next) || terminal.interactive) terminal.redraw(shown(context, next));
      last = next;
    }
  } finally {
    change.catch(() => undefined);
    void changes.return(undefined);
  }
  return last.healthy ? 0 : 1;
}

function shown(context: Context, response: StatusResponse): string {
  return context.json ? JSON.stringify(response) : statusText(response, context.terminal.paint);
}

/** Apart from the time and from durations that grow by themselves. */
function differs(a: StatusResponse, b: StatusResponse): boolean {
  return essence(a) !== essence(b);
}

const growing = new Set(["at", "heldMs", "elapsedMs", "says", "lastSeen", "leftMs"]);

function essence(response: StatusResponse): string {
  return JSON.stringify(response, (member, value: unknown) => (growing.has(member) ? undefined : value));
}
