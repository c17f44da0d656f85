import { attachmentOctetsMax } from "../ports/journal.ts";
import type { JsonObject } from "../values/json.ts";
import { PointsmanError } from "../values/refusal.ts";

// Every way in which a journal refuses, as a user sees it.

export function folderInUse(folder: string): PointsmanError {
  return refusal(
    "folder-in-use",
    `Another controller is running on the folder ${folder}.`,
    { folder },
    "Stop it first: two controllers on one installation never act at once.",
  );
}

export function folderUnusable(folder: string, systemCode: string): PointsmanError {
  return refusal(
    "folder-unusable",
    `The folder ${folder} cannot be used (${systemCode}).`,
    { folder, systemCode },
    "Make it a folder that the controller's user may read and write, on a local disk.",
  );
}

export function headFileInside(folder: string, headFile: string): PointsmanError {
  return refusal(
    "head-file-inside-folder",
    `The head file ${headFile} lies inside the data folder ${folder}.`,
    { folder, headFile },
    "Name a place outside it: a folder that is rolled back would take the head file with it.",
  );
}

export function headFileUnusable(headFile: string, systemCode: string): PointsmanError {
  return refusal(
    "head-file-unusable",
    `The head file ${headFile} cannot be used (${systemCode}).`,
    { headFile, systemCode },
    "Make it a file that the controller's user may read and write, on a local disk.",
  );
}

export function headFileDamaged(headFile: string): PointsmanError {
  return refusal(
    "head-file-damaged",
    `The head file ${headFile} is damaged: neither of its two records is whole.`,
    { headFile },
    "Restore it. Without it nobody can tell whether the journal has been rolled back, so nothing acts.",
  );
}

export function headFileMissing(headFile: string, size: number): PointsmanError {
  return refusal(
    "head-file-missing",
    `The journal has ${size} entries, and the head file ${headFile} is missing: the folder may be a copy of another installation's.`,
    { headFile, size },
    "Restore the head file, or run the installation where it was. To begin anew, name an empty data folder.",
  );
}

export function anotherInstallation(headFile: string, folder: string): PointsmanError {
  return refusal(
    "journal-of-another-installation",
    `The head file ${headFile} belongs to another journal than that in ${folder}: the folder was copied, or the settings name the wrong file.`,
    { headFile, folder },
    "Correct the settings. Each installation has a data folder and a head file of its own.",
  );
}

/** What is lost or changed; counted in sequences. */
export interface Damage {
  /** The last entry up to which all is whole; null: none, or it cannot be told. */
  readonly lastGood: number | null;
  readonly lostFrom: number;
  /** The last entry that was acknowledged. */
  readonly lostUntil: number;
  readonly found: string;
}

export function journalRolledBack(folder: string, damage: Damage): PointsmanError {
  return refusal(
    "journal-rolled-back",
    `The journal in ${folder} is behind the head that was acknowledged. ${rangeOf(damage)}`,
    { folder, ...damage },
    mendOfDamage,
  );
}

export function journalDamaged(folder: string, damage: Damage): PointsmanError {
  return refusal(
    "journal-damaged",
    `The journal in ${folder} is damaged: ${damage.found}. ${rangeOf(damage)}`,
    { folder, ...damage },
    mendOfDamage,
  );
}

const mendOfDamage =
  "Nothing was signed or sent, and nothing in the folder was changed. Keep it as it is for inspection, and restore the newest whole copy. To begin a new installation, name an empty folder and a new head file.";

function rangeOf({ lastGood, lostFrom, lostUntil }: Damage): string {
  const good = lastGood === null ? "No entry can be relied on" : `Entry ${lastGood} is the last good one`;
  if (lostUntil < lostFrom) return `${good}; no acknowledged entry is lost.`;
  return lostFrom === lostUntil
    ? `${good}; entry ${lostFrom} is lost or changed.`
    : `${good}; entries ${lostFrom} to ${lostUntil} are lost or changed.`;
}

export function journalUnreadable(folder: string, code: string): PointsmanError {
  return refusal(
    "journal-unreadable",
    `The journal in ${folder} cannot be opened (${code}).`,
    { folder, code },
    code === "full"
      ? "Free space on the disk."
      : "Let the controller's user read and write all of the folder, and end what else holds its files.",
  );
}

/** A write of something else than entries failed. */
export function writeRefused(folder: string, code: string): PointsmanError {
  return refusal(
    code === "unknown" ? "journal-unavailable" : `journal-${code}`,
    `The journal in ${folder} did not take a write (${code}).`,
    { folder, code },
    code === "full"
      ? "Free space on the disk. Entries go on in the reserve; attachments wait until it is there again."
      : "See that the disk is sound and the folder writable, then start the controller again.",
  );
}

export function attachmentTooLarge(octets: number): PointsmanError {
  return refusal(
    "attachment-too-large",
    `An attachment of ${octets} octets is larger than the ${attachmentOctetsMax} that the journal takes.`,
    { octets, octetsMax: attachmentOctetsMax },
    "Attach less.",
  );
}

export function journalClosed(): PointsmanError {
  return refusal("journal-closed", "The journal is closed.", {}, "Start the controller again.");
}

function refusal(code: string, says: string, figures: JsonObject, mend: string): PointsmanError {
  return new PointsmanError({ code, says, figures, mend });
}
