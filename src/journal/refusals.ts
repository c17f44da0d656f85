import { attachmentOctetsMax } from "../ports/journal.ts";
import { PointsmanError } from "../values/refusal.ts";

export function attachmentTooLarge(octets: number): PointsmanError {
  return new PointsmanError({
    code: "attachment-too-large",
    says: `An attachment of ${octets} octets is larger than the ${attachmentOctetsMax} that the journal takes.`,
    figures: { octets, octetsMax: attachmentOctetsMax },
    mend: "Attach less.",
  });
}

export function journalClosed(): PointsmanError {
  return new PointsmanError({
    code: "journal-closed",
    says: "The journal is closed.",
    figures: {},
    mend: "Start the controller again.",
  });
}
