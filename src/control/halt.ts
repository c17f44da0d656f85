import type { AppendRefusal } from "../ports/journal.ts";
import type { Refusal } from "../values/refusal.ts";

/** Why the controller stops acting for good, or opens its journal anew. */
export type Broken =
  { readonly kind: "halt"; readonly refusal: Refusal } | { readonly kind: "reopen"; readonly code: string };

/** Another controller took the journal over: this one must never act again (N5). */
export function fenced(by: number | null): Broken {
  return halt(
    "fenced",
    "Another controller has taken this installation over; this one has stopped acting.",
    { byEpoch: by },
    "Stop this process, and see why two were started on one installation.",
  );
}

export function appendRefused(code: AppendRefusal): Broken {
  return halt(
    `journal-${code}`,
    `The journal takes no more entries (${code}), so nothing can be decided or sent.`,
    { code },
    code === "full"
      ? "Make room on the disk, then start the controller again."
      : "See the log and the data folder, then start the controller again.",
  );
}

/** A test stopped it at a crash point. */
export function crashed(point: string): Broken {
  return halt("crashed", `The controller was stopped at the crash point ${point}.`, { point }, "Start another.");
}

/** What it relied on does not hold, and going on could do harm. */
export function promiseBroken(says: string): Broken {
  return halt(
    "broken-promise",
    `The controller found a fault of its own and has stopped acting: ${says}.`,
    {},
    "Please report it; start the controller again to go on from the journal.",
  );
}

function halt(code: string, says: string, figures: Refusal["figures"], mend: string): Broken {
  return { kind: "halt", refusal: { code, says, figures, mend } };
}
