import { z } from "zod";
import { figures, idText, instantText, sender, version } from "./common.ts";
import { header } from "./status.ts";

/** An entry of the journal. `data` is the event's own members; RDATA in it is canonical hexadecimal, as it is hashed. */
const entryView = z.object({
  sequence: z.int().min(0),
  at: instantText,
  /** `service/ID`, `fleet` or `policy`. */
  stream: z.string(),
  by: sender,
  type: z.string(),
  data: figures,
});
export type EntryView = z.infer<typeof entryView>;

/** `GET /v1/events[?service=ID]`: lines of JSON (NDJSON), the first a `hello`, then one for each durable entry. */
export const eventsQuery = z.strictObject({ service: idText.optional() });

export const eventLine = z.discriminatedUnion("line", [
  z.object({ v: z.literal(version), line: z.literal("hello"), header }),
  z.object({ v: z.literal(version), line: z.literal("entry"), entry: entryView }),
  /** The reader was too slow and lines are missing: ask for the status anew. The stream ends after it. */
  z.object({ v: z.literal(version), line: z.literal("lagged") }),
]);
export type EventLine = z.infer<typeof eventLine>;
