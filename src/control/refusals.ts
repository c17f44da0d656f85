import type { ControllerStatus } from "./parts.ts";
import { reasonOctetsMax } from "./parts.ts";
import type { Refusal } from "../values/refusal.ts";
import { formatDuration, formatInstant, type Instant } from "../values/time.ts";

export function notRunning(status: ControllerStatus): Refusal {
  return {
    code: "not-running",
    says: `The controller takes no commands now: it is ${status}.`,
    figures: { status },
    mend: status === "halted" ? "See `pointsman status` for why, and start it again." : "Try again in a moment.",
  };
}

/** The append that held the command ended without an answer, and the journal turned out not to have it. */
export function notRecorded(code: string): Refusal {
  return {
    code: "not-recorded",
    says: `The journal could not say what became of the command (${code}); read anew, it does not have it.`,
    figures: { code },
    mend: "Nothing was done. Send it again.",
  };
}

export function noSuchService(service: string): Refusal {
  return {
    code: "no-such-service",
    says: `The policy in force has no service ${service}.`,
    figures: { service },
    mend: "See `pointsman status` for the services it has.",
  };
}

export function malformedCommand(what: string): Refusal {
  return {
    code: "malformed-command",
    says: `The command cannot be recorded: ${what}.`,
    figures: { reasonOctetsMax },
    mend: "Send it anew within these bounds.",
  };
}

export function decisionTooLarge(): Refusal {
  return {
    code: "decision-too-large",
    says: "What would be decided does not fit into a journal entry of 65535 octets.",
    figures: { octetsMax: 65_535 },
    mend: "Make the change smaller: fewer records or sites at once.",
  };
}

/** A fault of our own while deciding. Nothing was decided. */
export function faulty(says: string): Refusal {
  return {
    code: "broken-promise",
    says: `The controller found a fault of its own, and decided nothing: ${says}.`,
    figures: {},
    mend: "Please report it.",
  };
}

/** The journal cannot be reached at all, and is tried again. */
export function reopening(code: string): Refusal {
  return {
    code: "journal-reopening",
    says: `The journal gave no answer (${code}) and is being opened anew.`,
    figures: { code },
    mend: "Try again in a moment.",
  };
}

/** What was handed in is no policy, or not in canonical JSON. */
export const policyNotValid: Refusal = {
  code: "policy-not-valid",
  says: "It is no valid policy of this version, in canonical JSON.",
  figures: {},
  mend: "Check it with: pointsman policy diff FILE",
};

/** A statement that this machine's clock has not expired: the journal's time, which never goes back, is past it. */
export function journalAhead(expired: Refusal, journalTime: Instant, clock: Instant): Refusal {
  const aheadMs = journalTime - clock;
  return {
    code: "journal-ahead",
    says: `${expired.says} That is by the journal's time, ${formatInstant(journalTime)}: its last entry was made under a wrong clock, ${formatDuration(aheadMs)} ahead of this machine's, ${formatInstant(clock)}.`,
    figures: { ...expired.figures, journalTime, clock, aheadMs },
    mend: `Set the machine's clock right, should it be that one. Otherwise wait ${formatDuration(aheadMs)}; if that is too long, restore the journal from a backup of before then.`,
  };
}
