import { formatDuration, parseDuration, second } from "../../../values/time.ts";
import type { SoundPolicy, SoundService } from "../document.ts";
import { error, type DocumentPath, type Finding } from "../finding.ts";
import { canonicalAddress, canonicalNameText, isBelow } from "../names.ts";
import { publicView } from "../zone-key.ts";
import { viewsOfZones } from "./views.ts";
import { entriesOf, itemsOf, malformed, reference, repeated } from "./walk.ts";

type SoundRecord = NonNullable<NonNullable<SoundService["records"]>[string]>;
type SoundValues = NonNullable<NonNullable<NonNullable<SoundService["sites"]>[string]>[string]>;

/** Records of services: each in its zone, nobody else's, with a TTL that the objective allows and values that fit. */
export function* recordRules(policy: SoundPolicy): Iterable<Finding> {
  const taken: Taken = new Map();
  for (const [id, service] of entriesOf(policy.services)) {
    for (const [recordId, record] of entriesOf(service.records)) {
      const path = ["services", id, "records", recordId];
      yield* place(policy, record, path);
      yield* timeToLive(service, record, path);
      yield* overlap(taken, id, record, path);
    }
    yield* siteValues(policy, service, ["services", id]);
  }
}

function* place(policy: SoundPolicy, record: SoundRecord, path: DocumentPath): Iterable<Finding> {
  const name = canonicalNameText(record.name ?? "");
  if (record.name !== undefined && name === undefined)
    yield malformed([...path, "name"], record.name, "a domain name, each label of 1 to 63 octets");
  const zone = canonicalNameText(record.zone ?? "");
  if (record.zone === undefined || policy.zones === undefined) return;
  const zones = viewsOfZones(policy);
  const views = zones.get(zone ?? "");
  if (zone === undefined || views === undefined)
    return yield* reference("zone", record.zone, policy.zones, [...path, "zone"]);
  // A view that could not be read is told of already.
  const view = Object.hasOwn(record, "view") ? record.view : publicView;
  if (view !== undefined && !views.has(view)) return yield viewLacking(path, zone, view, [...views]);
  const inView = [...zones].flatMap(([other, has]) => (view !== undefined && has.has(view) ? [other] : []));
  if (name !== undefined) yield* inZone(inView, { record, name, zone }, path);
}

function viewLacking(path: DocumentPath, zone: string, view: string, views: readonly string[]): Finding {
  return error({
    code: "dangling-reference",
    path: [...path, "view"],
    says: `The record is of the view ${view}, and the zone ${zone} is published in ${views.join(", ")} alone.`,
    mend:
      view === publicView
        ? `Write view: ${views.join(" or ")}, or add providers: to the zone.`
        : `Add under the zone views: with ${view} and its providers, or name one of its views: ${views.join(", ")}.`,
    figures: { kind: "view", zone, view },
  });
}

interface Placed {
  readonly record: SoundRecord;
  readonly name: string;
  readonly zone: string;
}

function* inZone(zones: readonly string[], { record, name, zone }: Placed, path: DocumentPath): Iterable<Finding> {
  if (!isBelow(name, zone)) yield outside(path, name, zone);
  const closer = zones.find((other) => other !== zone && isBelow(other, zone) && isBelow(name, other));
  if (closer !== undefined) yield belowCut(path, name, zone, closer);
  if (record.type === "CNAME" && name === zone) yield cnameAtApex(path, name);
}

function outside(path: DocumentPath, name: string, zone: string): Finding {
  return error({
    code: "name-outside-zone",
    path: [...path, "name"],
    says: `The name ${name} is not in the zone ${zone}`,
    mend: `Write a name that ends with .${zone.slice(0, -1)}, or the zone that the name is in.`,
    figures: { name, zone },
  });
}

function belowCut(path: DocumentPath, name: string, zone: string, closer: string): Finding {
  return error({
    code: "name-below-zone-cut",
    path: [...path, "zone"],
    says: `The name ${name} is in the zone ${closer} and not in ${zone} above it: a change there would not be seen.`,
    mend: `Write zone: ${closer.slice(0, -1)}.`,
    figures: { name, zone, closer },
  });
}

function cnameAtApex(path: DocumentPath, name: string): Finding {
  return error({
    code: "cname-at-apex",
    path: [...path, "type"],
    says: `${name} is the apex of its zone, where SOA and NS stand: no CNAME may stand beside them (RFC 1034 §3.6.2).`,
    mend: "Steer A and AAAA there, or a name below it.",
    figures: { name },
  });
}

/** After the change resolvers keep the old answer for a TTL, so detection and a TTL must fit the objective. */
function* timeToLive(service: SoundService, record: SoundRecord, path: DocumentPath): Iterable<Finding> {
  const ttl = parseDuration(record.ttl ?? "");
  if (ttl === undefined) return;
  const at = [...path, "ttl"];
  if (ttl % second !== 0 || ttl < second || ttl > 2 ** 31 * second - second)
    yield malformed(at, record.ttl, "a duration of whole seconds, from 1s to 3660d");
  const detect = parseDuration(service.objective?.detect ?? "");
  const recover = parseDuration(service.objective?.recover ?? "");
  if (detect === undefined || recover === undefined || detect + ttl <= recover) return;
  const left = recover - detect;
  yield error({
    code: "ttl-against-objective",
    path: at,
    says:
      `The objective cannot be met: ${formatDuration(detect)} to detect and a TTL of ${formatDuration(ttl)} make ` +
      `${formatDuration(detect + ttl)}, and users are to be back in ${formatDuration(recover)}.`,
    mend: left > 0 ? `Write a TTL of at most ${formatDuration(left)}, or a longer recover.` : "Write a longer recover.",
    figures: { detectMs: detect, ttlMs: ttl, recoverMs: recover },
  });
}

interface Holder {
  readonly service: string;
  readonly type: string;
}
type Taken = Map<string, Holder[]>;

function* overlap(taken: Taken, service: string, record: SoundRecord, path: DocumentPath): Iterable<Finding> {
  const name = canonicalNameText(record.name ?? "");
  const { type, view = publicView } = record;
  if (name === undefined || type === undefined) return;
  const holders = taken.get(`${view} ${name}`) ?? [];
  const other = holders.find((holder) => holder.type === type || holder.type === "CNAME" || type === "CNAME");
  if (other !== undefined) {
    const same = other.type === type;
    yield error({
      code: same ? "overlapping-records" : "cname-beside-others",
      path: [...path, "name"],
      says: same
        ? `${name} ${type} is steered by the service ${other.service} already.`
        : `A CNAME must stand alone at its name (RFC 1034 §3.6.2), and the service ${other.service} steers ${name} ${other.type}.`,
      mend: "Leave one of the two records out, or give it a name of its own.",
      figures: { name, type, otherService: other.service, otherType: other.type },
    });
  }
  taken.set(`${view} ${name}`, [...holders, { service, type }]);
}

function* siteValues(policy: SoundPolicy, service: SoundService, path: DocumentPath): Iterable<Finding> {
  for (const [site, values] of entriesOf(service.sites)) {
    const at = [...path, "sites", site];
    yield* reference("site", site, policy.sites, at, "key");
    for (const [record, data] of entriesOf(values)) {
      yield* reference("record", record, service.records, [...at, record], "key");
      yield* valuesFit(service.records?.[record]?.type, data, [...at, record]);
    }
    for (const record of Object.keys(service.records ?? {}))
      if (!Object.hasOwn(values, record)) yield noValue([...at, record], site, record);
    if (Object.values(values).length > 0 && Object.values(values).every((data) => data === "none"))
      yield nothingAt(at, site);
  }
}

function noValue(path: DocumentPath, site: string, record: string): Finding {
  return error({
    code: "missing",
    path,
    at: "key",
    says: `The site ${site} says nothing of the record ${record}: a missing value is never read as none.`,
    mend: `Add ${record}: with its values, or the word none.`,
    figures: { site, record },
  });
}

function nothingAt(path: DocumentPath, site: string): Finding {
  return error({
    code: "site-without-values",
    path,
    at: "key",
    says: `At the site ${site} every record is none: with it alone the service would have no address at all.`,
    mend: "Give at least one record a value there, or leave the site out.",
    figures: { site },
  });
}

function* valuesFit(type: string | undefined, values: SoundValues, path: DocumentPath): Iterable<Finding> {
  if (values === "none" || type === undefined) return;
  if ("length" in values) {
    if (type === "CNAME")
      yield malformed(path, values, "none, or a mapping with cname and address, since the record is a CNAME");
    else yield* addressesFit(values, type === "A" ? ["v4"] : ["v6"], path);
    return;
  }
  if (type !== "CNAME")
    yield malformed(path, values, `a list of addresses, or none, since the record is of type ${type}`);
  if (values.cname !== undefined && canonicalNameText(values.cname) === undefined)
    yield malformed([...path, "cname"], values.cname, "a domain name, each label of 1 to 63 octets");
  yield* addressesFit(values.address, ["v4", "v6"], [...path, "address"]);
}

function* addressesFit(
  addresses: readonly (string | undefined)[] | undefined,
  families: readonly ("v4" | "v6")[],
  path: DocumentPath,
): Iterable<Finding> {
  const expected = { v4: "an IPv4 address such as 192.0.2.10", v6: "an IPv6 address such as 2001:db8::10" };
  for (const [index, text] of itemsOf(addresses)) {
    const canonical = canonicalAddress(text);
    const family = canonical?.includes(":") === true ? "v6" : "v4";
    if (canonical === undefined || !families.includes(family))
      yield malformed([...path, index], text, families.map((wanted) => expected[wanted]).join(", or "));
  }
  yield* repeated(
    addresses?.map((text) => (text === undefined ? undefined : (canonicalAddress(text) ?? text))),
    path,
  );
}
