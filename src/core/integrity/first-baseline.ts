import { keyWitnesses } from "./key-memory.ts";
import type { ZoneSurvey } from "./survey.ts";
import type { KnownKey, ZoneBaseline } from "./zone-state.ts";

/**
 * What is seen first is what should stand: a zone that is watched from now on. Of the NS sets, the one that most
 * nameservers give. What is bogus teaches nothing: null until something else is seen.
 */
export function firstBaseline(survey: ZoneSurvey): ZoneBaseline | null {
  const { servers, delegation, at } = survey;
  const sound = servers.filter(({ outcome, finding }) => outcome === "answer" && finding.authenticity !== "bogus");
  if (sound.length === 0) return null;
  const sets = Map.groupBy(
    sound.flatMap(({ ns }) => (ns === null ? [] : [ns])),
    (ns) => ns.join(" "),
  );
  const [most] = [...sets.values()].toSorted((a, b) => b.length - a.length);
  const keys = new Map<string, KnownKey>();
  for (const server of keyWitnesses(survey))
    for (const { fingerprint, tag, algorithm } of server.keys ?? [])
      keys.set(fingerprint, { fingerprint, tag, algorithm, firstSeen: at, fromTheStart: true });
  const trusted = delegation !== null && delegation.finding.authenticity !== "bogus" ? delegation : undefined;
  return {
    ns: most?.[0] ?? null,
    parentNs: trusted?.ns ?? null,
    ds: trusted?.ds ?? null,
    keys: keyWitnesses(survey).length === 0 ? null : [...keys.values()],
    secure: sound.some(({ finding }) => finding.authenticity === "secure"),
  };
}
