import { Readable } from "node:stream";
import type { Operations } from "../../ports/operations.ts";
import { version } from "../contract/common.ts";
import type { EventLine } from "../contract/event.ts";
import { headerOf } from "./status.ts";
import { entryView } from "./views.ts";

/** Lines that wait for a slow reader, before it is told that it lags and is let go. */
export const linesWaitingMax = 1024;

/** NDJSON: a `hello`, then a line for each entry that becomes durable from now on; all, or those of one service. */
export function eventStream(operations: Operations, service: string | undefined): Readable {
  const waiting: string[] = [];
  let wanted = false;
  let lagged = false;
  const stream = new Readable({
    read: () => {
      wanted = true;
      flush();
    },
    destroy: (error, done) => {
      end();
      done(error);
    },
  });
  const end = operations.follow((entry) => {
    if (service !== undefined && entry.stream !== `service/${service}` && entry.stream !== "fleet") return;
    if (waiting.length < linesWaitingMax) tell({ v: version, line: "entry", entry: entryView(entry) });
    else if (!lagged) lag();
  });
  tell({ v: version, line: "hello", header: headerOf(operations) });
  return stream;

  function tell(line: EventLine): void {
    waiting.push(`${JSON.stringify(line)}\n`);
    flush();
  }
  function flush(): void {
    while (wanted && waiting.length > 0) wanted = stream.push(waiting.shift());
    if (lagged && wanted && waiting.length === 0) stream.push(null);
  }
  function lag(): void {
    lagged = true;
    end();
    tell({ v: version, line: "lagged" });
  }
}
