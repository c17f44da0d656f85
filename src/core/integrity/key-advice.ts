import { formatDuration, since } from "../../values/time.ts";
import type { KeyMemory } from "./key-memory.ts";
import { digestWeakness, weakness } from "./key-algorithms.ts";
import { dsNames, dsParts } from "./key-rdata.ts";
import { roleOf } from "./key-stage.ts";
import type { IntegrityFinding } from "./report.ts";
import type { Rollover } from "./rollover.ts";

/** What a review says of keys that are right and could be better. It rings no bell. */
export function* keyAdvice(rollover: Rollover): Iterable<IntegrityFinding> {
  const published = [...rollover.keys.values()].filter(({ providers }) => providers.length > 0);
  for (const key of published) {
    const why = weakness(key.algorithm, key.bits);
    if (why !== undefined)
      yield advice(
        "weak-key",
        `key ${key.tag}`,
        `Key ${key.tag}: ${why}.`,
        { tag: key.tag, algorithm: key.algorithm, bits: key.bits },
        "Roll to ECDSAP256SHA256 (13) or ED25519 (15).",
      );
    yield* shared(rollover, key);
    yield* tooOld(rollover, key);
  }
  for (const rdata of rollover.survey.delegation?.ds ?? []) {
    const ds = dsParts(rdata);
    const why = ds && digestWeakness(ds.digestType);
    if (ds !== undefined && why !== undefined)
      yield advice(
        "weak-digest",
        "parent",
        `The DS for key ${ds.tag}: ${why}.`,
        { tag: ds.tag, digestType: ds.digestType },
        "Publish a DS of digest type 2 instead.",
      );
  }
  yield* standby(rollover, published);
  yield* strangers(rollover);
}

function* shared({ expectation, survey }: Rollover, { fingerprint, tag }: KeyMemory): Iterable<IntegrityFinding> {
  const zones = (expectation.keysElsewhere.get(fingerprint) ?? []).filter((zone) => zone !== survey.zone);
  if (zones.length > 0)
    yield advice(
      "key-shared",
      `key ${tag}`,
      `Key ${tag} signs ${zones.join(", ")} as well: who has it there has it here.`,
      { tag, zones },
      "Give each zone keys of its own.",
    );
}

function* tooOld({ expectation, at }: Rollover, key: KeyMemory): Iterable<IntegrityFinding> {
  const { signing } = expectation;
  const role = roleOf(key, signing);
  const maxAgeMs = signing?.roles.get(role)?.maxAgeMs ?? null;
  const ageMs = since(key.firstSeen, at);
  if (maxAgeMs !== null && ageMs > maxAgeMs)
    yield advice(
      "key-too-old",
      `key ${key.tag}`,
      `Key ${key.tag} (${role}) has been seen for ${formatDuration(ageMs)}; the policy says ${formatDuration(maxAgeMs)} at most.`,
      { tag: key.tag, ageMs, maxAgeMs },
      "Roll it.",
    );
}

/** A standby key is published, or known by a DS, and nothing rests on it yet. */
function* standby({ expectation, survey }: Rollover, published: readonly KeyMemory[]): Iterable<IntegrityFinding> {
  const { signing } = expectation;
  if (signing === null || signing.standby === 0 || published.length === 0) return;
  const waiting = published.filter(
    (key) => roleOf(key, signing) !== "zsk" && key.signsKeysSince === null && key.signsZoneSince === null,
  );
  const byDs = (survey.delegation?.ds ?? []).filter((rdata) => published.every((key) => dsNames(rdata, key) === "no"));
  const found = waiting.length + byDs.length;
  if (found < signing.standby)
    yield advice(
      "standby-missing",
      "zone",
      `The policy declares ${signing.standby} standby keys, and ${found} stand ready.`,
      { declared: signing.standby, found },
      "Publish another key, or its DS, and keep it elsewhere than the one in use.",
    );
}

/** RFC 8901 §3: resolvers ask any provider, so each publishes the keys that the others sign with. */
function* strangers({ survey }: Rollover): Iterable<IntegrityFinding> {
  const sets = new Map<string, { readonly published: Set<string>; readonly signing: Map<string, number> }>();
  for (const { provider, keys, outcome } of survey.servers) {
    if (provider === null || keys === null || outcome !== "answer") continue;
    const set = sets.get(provider) ?? { published: new Set(), signing: new Map() };
    for (const { fingerprint, tag, signsZone } of keys) {
      set.published.add(fingerprint);
      if (signsZone) set.signing.set(fingerprint, tag);
    }
    sets.set(provider, set);
  }
  for (const [provider, { published }] of sets)
    for (const [other, { signing }] of sets) {
      const missing = [...signing].filter(([fingerprint]) => !published.has(fingerprint)).map(([, tag]) => tag);
      if (other === provider || missing.length === 0) continue;
      yield advice(
        "providers-strangers",
        `provider ${provider}`,
        `${provider} does not publish key ${missing.join(", ")}, with which ${other} signs: a resolver that has its keys calls the other's answers bogus.`,
        { provider, other, tags: missing },
        "Exchange the zone keys between the providers (RFC 8901 §3).",
      );
    }
}

function advice(
  code: string,
  about: string,
  says: string,
  figures: IntegrityFinding["figures"],
  mend: string,
): IntegrityFinding {
  return { code, bell: "advice", about, says, figures, mend };
}
