import { add, day, formatInstant, hour, type DurationMs, type Instant } from "../../values/time.ts";
import type { KeyRole, Signing } from "../policy/policy.ts";
import type { KeyMemory, KeysMemory } from "./key-memory.ts";
import { dsNames, dsParts } from "./key-rdata.ts";
import type { ZoneSurvey } from "./survey.ts";

/** The states of RFC 7583 §3, as far as they can be seen from outside. `generated`: a DS tells of it, no DNSKEY yet. */
type KeyStage = "generated" | "published" | "ready" | "active" | "retired" | "removed";

/** The earliest next step that is safe. */
interface NextStep {
  readonly step: "publish" | "sign" | "submit-ds" | "remove-ds" | "remove" | "wait-for-nameservers" | "none";
  /** Null: when the step is none, or nobody can say. */
  readonly notBefore: Instant | null;
  readonly says: string;
}

/** One key for people and reviews. JSON. */
export interface KeyReport {
  /** Null: only a DS tells of it. */
  readonly fingerprint: string | null;
  readonly role: KeyRole;
  readonly tag: number;
  readonly algorithm: number;
  readonly bits: number | null;
  readonly providers: readonly string[];
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  readonly fromTheStart: boolean;
  readonly stage: KeyStage;
  readonly next: NextStep;
}

/** What caches and nameservers take, at most. Milliseconds. */
export interface KeyTiming {
  /** DNSKEY set, DS set, anything that a zone key signs. */
  readonly keysTtlMs: number;
  readonly dsTtlMs: number;
  readonly zoneTtlMs: number;
  readonly propagationMs: number;
}

const ttlWhereUnknownMs = day;
const propagationWhereUndeclaredMs = hour;

export function timingOf({ servers, delegation }: ZoneSurvey, signing: Signing | null): KeyTiming {
  const largestTtlMs: number = signing?.largestTtlMs ?? ttlWhereUnknownMs;
  const seen = servers.flatMap(({ keysTtlMs }) => keysTtlMs ?? []);
  const propagationMs: DurationMs | number = signing?.propagationMs ?? propagationWhereUndeclaredMs;
  return {
    keysTtlMs: seen.length === 0 ? largestTtlMs : Math.max(...seen),
    dsTtlMs: delegation?.dsTtlMs ?? ttlWhereUnknownMs,
    zoneTtlMs: largestTtlMs,
    propagationMs,
  };
}

const entryPointFlag = 1;
const revokedFlag = 128;

/** By its flags, by what it signs, and by what the policy declares. */
export function roleOf(
  key: Pick<KeyMemory, "flags" | "signsZoneSince" | "signsKeysSince">,
  signing: Signing | null,
): KeyRole {
  if (signing?.roles.has("csk") === true) return "csk";
  const entryPoint = (key.flags & entryPointFlag) !== 0;
  if (signing !== null) return entryPoint ? "ksk" : "zsk";
  if (key.signsZoneSince !== null && key.signsKeysSince !== null) return "csk";
  return entryPoint ? "ksk" : "zsk";
}

/** When every cache that may still hold the DNSKEY set without this key is done with it; null: it is not out yet. */
export function readyAt({ publishedSince, fromTheStart }: KeyMemory, timing: KeyTiming): Instant | null {
  if (publishedSince === null) return null;
  return fromTheStart ? publishedSince : add(publishedSince, timing.keysTtlMs + timing.propagationMs);
}

/** Where a key is, and what may be done with it next and when (RFC 7583 §3.2, §3.3). */
export function keyReport(key: KeyMemory, signing: Signing | null, timing: KeyTiming, now: Instant): KeyReport {
  const role = roleOf(key, signing);
  const { fingerprint, tag, algorithm, bits, providers, firstSeen, lastSeen, fromTheStart } = key;
  const { stage, next } = role === "zsk" ? zoneKeyStage(key, timing, now) : entryPointStage(key, timing, now);
  return { fingerprint, role, tag, algorithm, bits, providers, firstSeen, lastSeen, fromTheStart, stage, next };
}

/** Keys of which only a DS tells: made, and not published yet. */
export function generatedKeys(
  { ds, keys }: KeysMemory,
  signing: Signing | null,
  timing: KeyTiming,
  now: Instant,
): readonly KeyReport[] {
  return [...(ds ?? [])].flatMap(([rdata, from]): KeyReport[] => {
    const parts = dsParts(rdata);
    const known = [...keys.values()].some((key) => dsNames(rdata, key) !== "no");
    if (parts === undefined || known) return [];
    const at = add(from, timing.dsTtlMs + timing.propagationMs);
    return [
      {
        fingerprint: null,
        role: signing?.roles.has("csk") === true ? "csk" : "ksk",
        tag: parts.tag,
        algorithm: parts.algorithm,
        bits: null,
        providers: [],
        // What the parent had from the start is as old as nobody knows.
        firstSeen: from === 0 ? now : from,
        lastSeen: now,
        fromTheStart: from === 0,
        stage: "generated",
        next: step("publish", at, "Caches may hold the DS set without it"),
      },
    ];
  });
}

interface Staged {
  readonly stage: KeyStage;
  readonly next: NextStep;
}

const removed: Staged = { stage: "removed", next: { step: "none", notBefore: null, says: "It is gone." } };
const spreading: Staged = {
  stage: "published",
  next: { step: "wait-for-nameservers", notBefore: null, says: "Not every nameserver publishes it yet." },
};

function zoneKeyStage(key: KeyMemory, timing: KeyTiming, now: Instant): Staged {
  if (key.providers.length === 0) return removed;
  if (key.signsZoneSince !== null)
    return { stage: "active", next: { step: "none", notBefore: null, says: "It signs; publish its successor first." } };
  if (key.signedLast !== null) {
    const at = add(key.signedLast, timing.zoneTtlMs + timing.propagationMs);
    return { stage: "retired", next: step("remove", at, "Caches may hold its signatures") };
  }
  return published(key, timing, now, "sign");
}

function entryPointStage(key: KeyMemory, timing: KeyTiming, now: Instant): Staged {
  if (key.providers.length === 0) {
    if (key.dsSince === null) return removed;
    const at = add(key.lastSeen, timing.keysTtlMs + timing.propagationMs);
    return { stage: "retired", next: step("remove-ds", at, "Caches may hold the DNSKEY set with it") };
  }
  const revoked = (key.flags & revokedFlag) !== 0;
  if (key.dsSince !== null && !revoked)
    return {
      stage: "active",
      next: { step: "none", notBefore: null, says: "A DS names it; prepare its successor first." },
    };
  if (key.dsLast !== null || revoked) {
    const at = add(key.dsLast ?? key.lastSeen, timing.dsTtlMs + timing.propagationMs);
    return { stage: "retired", next: step("remove", at, "Caches may hold its DS") };
  }
  return published(key, timing, now, "submit-ds");
}

function published(key: KeyMemory, timing: KeyTiming, now: Instant, next: "sign" | "submit-ds"): Staged {
  const at = readyAt(key, timing);
  if (at === null) return spreading;
  return {
    stage: now >= at ? "ready" : "published",
    next: step(next, at, "Caches may hold the DNSKEY set without it"),
  };
}

function step(what: NextStep["step"], notBefore: Instant, why: string): NextStep {
  return { step: what, notBefore, says: `${why} until ${formatInstant(notBefore)}.` };
}
