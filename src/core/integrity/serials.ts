import { serialCompare } from "../../dns/wire/serial.ts";
import { add, formatDuration, formatInstant, instant, minute, since, type Instant } from "../../values/time.ts";
import type { Mark, ServerMarks } from "./memory.ts";
import { inceptionAheadMsMax } from "./past.ts";
import { serverText, type IntegrityFinding } from "./report.ts";
import type { ServerSurvey } from "./survey.ts";

type Soa = NonNullable<ServerSurvey["soa"]>;

/** By provider: the SOA of the newest serial. Serials are compared inside a provider alone: each counts its own. */
export function newestSoas(servers: readonly ServerSurvey[]): ReadonlyMap<string | null, Soa> {
  const newest = new Map<string | null, Soa>();
  for (const { provider, soa } of servers) {
    const known = newest.get(provider);
    if (soa !== null && (known === undefined || isOlder(known.serial, soa.serial))) newest.set(provider, soa);
  }
  return newest;
}

/** RFC 1982; half the space apart nothing is older. */
function isOlder(serial: number, than: number): boolean {
  return (serialCompare(serial, than) ?? 0) < 0;
}

export interface SerialJudgement {
  readonly findings: readonly IntegrityFinding[];
  readonly behind: boolean;
  readonly behindSince: Instant | null;
  readonly marks: ServerMarks;
}

/** Instances behind one address follow one another this late at most, before a step back is called a replay. */
const anycastGraceMsMax = 15 * minute;
/** Signers of one zone may differ by this much in when their signatures begin. */
const inceptionSlackMs = 5 * minute;

/**
 * Lag against the others, and steps back against what this server gave before: a zone that was whole and signed once
 * stays valid until its signatures end, and only memory tells that it is an old one (replay inside validity).
 * @param mayStepBack a migration was announced: then what is seen is where counting begins anew.
 */
export function judgeSerial(
  server: ServerSurvey,
  before: { readonly marks: ServerMarks | undefined; readonly behindSince: Instant | null },
  newest: Soa | undefined,
  at: Instant,
  mayStepBack: boolean,
): SerialJudgement {
  const { soa } = server;
  // What begins in the future is valid for nobody yet, and may be a signer's wrong clock: it is no mark.
  const signedFrom =
    server.signedFrom !== null && server.signedFrom <= add(at, inceptionAheadMsMax) ? server.signedFrom : null;
  const behind = soa !== null && newest !== undefined && isOlder(soa.serial, newest.serial);
  const behindSince = soa === null ? before.behindSince : behind ? (before.behindSince ?? at) : null;
  const graceMs = Math.min(soa?.refreshMs ?? 0, anycastGraceMsMax);
  const settled = (mark: Mark): boolean => since(mark.since, at) >= graceMs;
  const look: Look = { at, mayStepBack, believed: server.finding.authenticity !== "bogus" };
  const serial = step(before.marks?.serialMark ?? null, soa?.serial ?? null, isOlder, look);
  const inception = step(before.marks?.inceptionMark ?? null, signedFrom, (a, b) => a < b - inceptionSlackMs, look);
  const findings: IntegrityFinding[] = [];
  if (serial.back && serial.mark !== null && settled(serial.mark))
    findings.push(replayed(server, `serial ${soa?.serial ?? 0}, after ${serial.mark.value}`, serial.mark));
  else if (inception.back && inception.mark !== null && settled(inception.mark)) {
    const [now, then] = [instant(signedFrom ?? 0), instant(inception.mark.value)].map(formatInstant);
    findings.push(replayed(server, `signatures from ${now}, after those from ${then}`, inception.mark));
  }
  if (behind && behindSince !== null) findings.push(...staleness(server, soa, newest, behindSince, at));
  return { findings, behind, behindSince, marks: { serialMark: serial.mark, inceptionMark: inception.mark } };
}

interface Look {
  readonly at: Instant;
  readonly mayStepBack: boolean;
  /** Bogus answers set no mark: anybody between could raise one, and call all that comes after an old zone. */
  readonly believed: boolean;
}

/** The mark after one more look: it only rises, unless it may be set anew. */
function step(
  mark: Mark | null,
  value: number | null,
  isBelow: (value: number, mark: number) => boolean,
  { at, mayStepBack, believed }: Look,
): { readonly mark: Mark | null; readonly back: boolean } {
  if (value === null) return { mark, back: false };
  const next = believed ? { value, since: at } : mark;
  if (mark === null || isBelow(mark.value, value)) return { mark: next, back: false };
  if (!isBelow(value, mark.value)) return { mark, back: false };
  return mayStepBack ? { mark: next, back: false } : { mark, back: true };
}

function replayed(server: ServerSurvey, what: string, mark: Mark): IntegrityFinding {
  const about = serverText(server);
  return {
    code: "replayed",
    bell: "integrity",
    about,
    says: `${about} went back to an older zone: ${what}.`,
    figures: { newest: mark.value, since: mark.since },
    mend: "Find out who put an old copy there. If the zone was made anew, announce it: --kind migration.",
  };
}

/** Behind for longer than refresh allows, or so long that it will soon stop answering for the zone. */
function* staleness(
  server: ServerSurvey,
  { serial, expireMs }: Soa,
  newest: Soa,
  behindSince: Instant,
  at: Instant,
): Iterable<IntegrityFinding> {
  const behindMs = since(behindSince, at);
  const leftMs = Math.max(0, expireMs - behindMs);
  if (behindMs <= newest.refreshMs && leftMs > expireMs / 4) return;
  const about = serverText(server);
  yield {
    code: "stale",
    bell: "availability",
    about,
    says:
      `${about} has had serial ${serial} for ${formatDuration(behindMs)} while the others have ${newest.serial}; refresh is ` +
      `${formatDuration(newest.refreshMs)}, and in ${formatDuration(leftMs)} it expires there.`,
    figures: { serial, newest: newest.serial, behindMs, refreshMs: newest.refreshMs, expiresInMs: leftMs },
    mend: "Look at its transfers from the primary: key, address, notifications.",
  };
}
