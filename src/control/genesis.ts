import type { Sender } from "../core/cycle/command.ts";
import type { FleetEvent } from "../core/failover/event.ts";
import type { JournalWriter } from "../ports/journal.ts";
import type { EntryAttachment } from "../transparency/entry.ts";
import { invariant } from "../values/invariant.ts";
import { asJson } from "../values/json.ts";
import { PointsmanError } from "../values/refusal.ts";
import type { Sha256 } from "../values/sha256.ts";
import { instant } from "../values/time.ts";
import { EntryComposer, type Writer } from "./entries.ts";
import { dataOf, fleetStream } from "./events.ts";

/** The log's origin: it says whose log it is, and two installations never share one. */
export function originOf(nonce: string): string {
  return `pointsman/${nonce}`;
}

/**
 * Writes the first entry: a random installation id, the automation's key and the first policy. No person is enrolled yet, so
 * that the installation is an unsigned trial, and says so.
 * @throws PointsmanError `journal-not-begun` when the journal does not take it.
 */
export async function writeFirstEntry(
  journal: JournalWriter,
  writer: Writer,
  first: {
    readonly nonce: string;
    readonly policy: Sha256;
    readonly by: Sender;
    readonly automation: string | undefined;
    readonly attachment: EntryAttachment;
  },
): Promise<void> {
  const event: FleetEvent = {
    type: "installation-created",
    policy: first.policy,
    nonce: first.nonce,
    keys: first.automation === undefined ? [] : [{ role: "automation", key: first.automation }],
    enrolments: [],
    mode: "unsigned",
  };
  const composer = new EntryComposer(writer, { size: 0, lastAt: instant(0), stream: () => undefined });
  const draft = {
    stream: fleetStream(event),
    type: event.type,
    by: { ...first.by },
    data: { ...dataOf(asJson(event)), decidedOn: null },
    sealed: {},
    attachments: [first.attachment],
    observations: [],
  };
  const [composed] = composer.compose([draft], composer.now(), null, first.policy);
  invariant(composed !== undefined, "one draft is one entry");
  const appended = await journal.append({
    epoch: journal.epoch,
    expectedSize: 0,
    entries: [composed.octets],
    openings: [],
  });
  if (appended.outcome === "durable") return;
  const code = "code" in appended ? appended.code : appended.outcome;
  throw new PointsmanError({
    code: "journal-not-begun",
    says: `The journal did not take its first entry (${appended.outcome}: ${code}).`,
    figures: { outcome: appended.outcome, code },
    mend: "See that the data folder can be written and has room, then start again.",
  });
}
