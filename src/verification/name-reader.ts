import { canonicalText, isWithin, type Name, nameToText, parentOf, sameName, nameOf } from "../dns/wire/name.ts";
import type { ResourceRecord } from "../dns/wire/record.ts";
import { rrtype } from "../dns/wire/rrtype.ts";
import type { NameReader, NameReading } from "../ports/names.ts";
import type { NameserverEndpoint } from "../ports/records.ts";
import { invariant } from "../values/invariant.ts";
import { toHex } from "../values/octets.ts";
import type { Instant } from "../values/time.ts";
import { ask, type ReaderMeans } from "./ask.ts";
import { authorityOf, type Authority } from "./authority.ts";

/** Under a record's name, its fence (design §8, Outcomes and fences). */
const fenceLabel = "_pointsman.";

interface Place {
  readonly means: ReaderMeans;
  readonly server: NameserverEndpoint;
  readonly zone: Name;
  readonly signal: AbortSignal;
}

type Found<Value> =
  { readonly outcome: "found"; readonly value: Value } | Extract<NameReading, { readonly outcome: "failed" }>;

type Seen = {
  readonly outcome: "seen";
  readonly authority: Exclude<Authority, { readonly kind: "lame" }>;
  readonly at: Instant;
};

/** Reads what makes a write at a name useless or dangerous, by a few questions over UDP that run side by side. */
export function nameReader(means: ReaderMeans): NameReader {
  return {
    async readName(server, zoneText, nameText, signal) {
      const name = nameOf(nameText);
      const place: Place = { means, server, zone: nameOf(zoneText), signal };
      invariant(isWithin(name, place.zone), `${nameText} is within ${zoneText}`);
      const [cut, wildcard, fence] = await Promise.all([
        findCut(place, name),
        findWildcard(place, name),
        findFence(place, nameOf(`${fenceLabel}${nameText}`)),
      ]);
      if (cut.outcome === "failed") return cut;
      if (wildcard.outcome === "failed") return wildcard;
      if (fence.outcome === "failed") return fence;
      return {
        outcome: "answer",
        cutAt: cut.value,
        wildcard: wildcard.value,
        fence: fence.value,
        at: means.clock.now(),
      };
    },
  };
}

/**
 * A delegation, or a DNAME, at or above the name and below the apex. The server may hold the child zone as well: then it
 * refers nobody on, and the owner of the SOA tells. Behind a CNAME no SOA is given; but a CNAME is never at an apex
 * (RFC 2181 §10.1), so the cut, if there is one, is further up.
 */
async function findCut(place: Place, name: Name): Promise<Found<string | null>> {
  if (sameName(name, place.zone)) return { outcome: "found", value: null };
  const seen = await look(place, name, rrtype.SOA);
  if (seen.outcome === "failed") return seen;
  const { authority } = seen;
  if (authority.kind === "cut") return { outcome: "found", value: canonicalText(authority.at) };
  if (authority.records.some((record) => record.type === rrtype.SOA))
    return { outcome: "found", value: canonicalText(name) };
  const parent = parentOf(name);
  if (authority.records.length > 0 && parent !== undefined) return findCut(place, parent);
  return { outcome: "found", value: null };
}

/**
 * The wildcard below the closest name above (RFC 4592 §3.3.1), if it has an address or an alias. Names between that have
 * nothing of their own may vanish together with this one, so every level up to the apex is looked at. A fence under the
 * name keeps a wildcard off, as long as it stands (RFC 4592 §2.2.2); that is not counted on.
 */
async function findWildcard(place: Place, name: Name): Promise<Found<string | null>> {
  const wildcards: Name[] = [];
  for (let above = parentOf(name); above !== undefined && isWithin(above, place.zone); above = parentOf(above)) {
    wildcards.push(nameOf(`*.${parentOf(above) === undefined ? "" : nameToText(above)}`));
  }
  const types = [rrtype.A, rrtype.AAAA];
  const asked = wildcards
    .filter((wildcard) => !sameName(wildcard, name))
    .flatMap((wildcard) => types.map((type) => look(place, wildcard, type).then((seen) => ({ wildcard, seen }))));
  for (const { wildcard, seen } of await Promise.all(asked)) {
    if (seen.outcome === "failed") return seen;
    if (seen.authority.kind === "zone" && seen.authority.records.length > 0)
      return { outcome: "found", value: canonicalText(wildcard) };
  }
  return { outcome: "found", value: null };
}

async function findFence(place: Place, name: Name): Promise<Found<string | null>> {
  const seen = await look(place, name, rrtype.TXT);
  if (seen.outcome === "failed") return seen;
  const records = seen.authority.kind === "zone" ? seen.authority.records : [];
  const texts = records.filter((record) => record.type === rrtype.TXT).map(textOfFence);
  return { outcome: "found", value: texts.length === 0 ? null : texts.toSorted().join(" ") };
}

/**
 * What we write is one string of printable ASCII. Anything else is somebody else's doing, and is given in a form that no
 * fence of ours has, so that it equals none.
 */
function textOfFence({ rdata }: ResourceRecord): string {
  const text = rdata.subarray(1);
  const ours = rdata[0] === text.length && text.length > 0 && text.every((octet) => octet > 0x20 && octet < 0x7f);
  return ours ? String.fromCharCode(...text) : `foreign ${toHex(rdata)}`;
}

async function look(
  place: Place,
  name: Name,
  type: number,
): Promise<Seen | Extract<NameReading, { outcome: "failed" }>> {
  const asked = await ask(place.means, place.server, { name, type }, "udp", place.signal);
  if (asked.outcome !== "message") return { outcome: "failed", code: asked.code, at: asked.at };
  const authority = authorityOf(asked.message, place.zone, name);
  if (authority.kind === "lame") return { outcome: "failed", code: authority.code, at: asked.at };
  return { outcome: "seen", authority, at: asked.at };
}
