import { z } from "zod";
import type { ServiceEvent } from "../../src/core/failover/event.ts";
import type { Operations, RecordedEntry } from "../../src/ports/operations.ts";
import type { Sequence } from "../../src/values/ids.ts";
import type { Instant } from "../../src/values/time.ts";

/** What was decided of the service, with its place in the journal. */
export interface Happening {
  readonly event: ServiceEvent;
  readonly at: Instant;
  readonly sequence: Sequence;
}

/** All that the journal has recorded of one service since the demo looks, and what is yet to come. */
export interface Happenings {
  /**
   * The first event, past ones included, of which `pick` makes something.
   * @throws Error when none comes in time, when the demo is interrupted, and when the controller no longer acts.
   */
  until<Picked>(pick: (happening: Happening) => Picked | undefined, patience: Patience): Promise<Picked>;
  end(): void;
}

export interface Patience {
  /** What is waited for, as in: the site is found down. */
  readonly until: string;
  readonly withinMs: number;
}

/** Follows one service; `listener` hears of each event once, in order. */
export function followService(
  operations: Operations,
  service: string,
  listener: (happening: Happening) => void,
  signal: AbortSignal,
): Happenings {
  const past: Happening[] = [];
  const waiting = new Set<(happening: Happening) => void>();
  const end = operations.follow((entry) => {
    const happening = happeningOf(entry, service);
    if (happening === undefined) return;
    past.push(happening);
    listener(happening);
    for (const hear of waiting) hear(happening);
  });
  return {
    end,
    async until(pick, patience) {
      for (const happening of past) {
        const picked = pick(happening);
        if (picked !== undefined) return picked;
      }
      const { promise, resolve, reject } = Promise.withResolvers<NonNullable<ReturnType<typeof pick>>>();
      const hear = (happening: Happening) => {
        const picked = pick(happening);
        if (picked !== undefined && picked !== null) resolve(picked);
      };
      const interrupted = () => reject(signal.reason);
      const late = setTimeout(() => reject(new Error(lateSays(operations, service, patience))), patience.withinMs);
      waiting.add(hear);
      signal.addEventListener("abort", interrupted);
      if (signal.aborted) interrupted();
      try {
        return await promise;
      } finally {
        clearTimeout(late);
        waiting.delete(hear);
        signal.removeEventListener("abort", interrupted);
      }
    },
  };
}

/** What came too late, and what the controller itself says holds it. */
function lateSays(operations: Operations, service: string, { until, withinMs }: Patience): string {
  const { halted } = operations.about();
  const why = halted === null ? operations.explain(service)?.says : `${halted.says} ${halted.mend}`;
  return `It took longer than ${withinMs / 1000} s until ${until}. ${why ?? ""}`.trimEnd();
}

// The controller of this process wrote it, so its form is known: only a service's entry is one.
const serviceEvent = z.custom<ServiceEvent>((value) => typeof value === "object" && value !== null);

function happeningOf(entry: RecordedEntry, service: string): Happening | undefined {
  if (entry.stream !== `service/${service}`) return undefined;
  return {
    event: serviceEvent.parse({ ...entry.data, type: entry.type }),
    at: entry.at,
    sequence: entry.sequence,
  };
}
