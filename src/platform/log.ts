import pino from "pino";
import type { Clock } from "../ports/clock.ts";
import type { Log, LogLevel } from "../ports/log.ts";
import type { Redactor } from "../ports/redactor.ts";
import { formatInstant } from "../values/time.ts";

export interface LogParts {
  readonly level: LogLevel;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Takes one line of JSON with its line break. Never throws. */
  readonly write: (line: string) => void;
}

/** Members that hold a secret by their name are never written, whatever they hold. */
const secretMembers = ["secret", "password", "token", "key", "credential.secret", "authorization"];

/**
 * Structured lines by pino: `level`, `time` (RFC 3339), `event`, and the fields. Every line passes the redactor whole,
 * so that a secret is taken out wherever it stands (N11).
 */
export function createLog({ level, clock, redactor, write }: LogParts): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${formatInstant(clock.now())}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...secretMembers, ...secretMembers.map((member) => `*.${member}`)], censor: "[redacted]" },
    },
    { write: (line: string) => write(redactor.clean(line)) },
  );
  return {
    write(lineLevel, event, fields) {
      logger[lineLevel]({ event, ...fields });
    },
  };
}
