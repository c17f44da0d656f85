import { fleetEventOf, serviceEventOf, serviceOf } from "../control/events.ts";
import type { Placed, ServiceEvent } from "../core/failover/event.ts";
import type { History, Span } from "../core/review/replay/history.ts";
import { readEntriesBeside } from "../journal/sqlite/read-beside.ts";
import type { Entry } from "../transparency/entry.ts";
import { sequenceOf } from "../values/ids.ts";
import type { Instant } from "../values/time.ts";

/** What the journal of a data folder says of its services. @throws PointsmanError as `readEntriesBeside` does. */
export function historyIn(folder: string): History {
  return historyOf(readEntriesBeside(folder));
}

/** The same, from the entries of a journal, the first one first. */
export function historyOf(entries: Iterable<Entry>): History {
  const services = new Map<string, Placed<ServiceEvent>[]>();
  const runs = new Spans();
  const stops = new Spans();
  let last: Instant | undefined;
  for (const entry of entries) {
    const service = serviceOf(entry.stream);
    if (service === undefined) noteFleet(entry, { runs, stops, last: last ?? entry.at });
    else {
      const stream = services.get(service) ?? [];
      stream.push({ event: serviceEventOf(entry), sequence: sequenceOf(entry.sequence), at: entry.at });
      services.set(service, stream);
    }
    last = entry.at;
  }
  return { services, runs: runs.all, stops: stops.all };
}

/** A controller that crashed ran until its last entry, as far as anybody knows. */
function noteFleet(
  entry: Entry,
  { runs, stops, last }: { readonly runs: Spans; readonly stops: Spans; readonly last: Instant },
): void {
  const { type } = fleetEventOf(entry);
  if (type === "controller-started") {
    runs.end(last);
    runs.begin(entry.at);
  }
  if (type === "controller-stopped") runs.end(entry.at);
  if (type === "all-stopped") stops.begin(entry.at);
  if (type === "all-resumed") stops.end(entry.at);
}

class Spans {
  readonly all: Span[] = [];

  begin(from: Instant): void {
    if (this.all.at(-1)?.until !== null) this.all.push({ from, until: null });
  }

  end(until: Instant): void {
    const open = this.all.at(-1);
    if (open?.until === null) this.all.splice(-1, 1, { ...open, until });
  }
}
