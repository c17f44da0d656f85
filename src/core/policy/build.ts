import type { Json } from "../../values/json.ts";
import { sha256OfJson } from "../../values/sha256.ts";
import { resolverOf } from "./build-resolver.ts";
import { buildService } from "./build-service.ts";
import { endpointOf, each, instantOf, mapOf, ms, nameOf, sure } from "./build-values.ts";
import type { PolicyDocument } from "./document.ts";
import { hoursOf } from "./on-call.ts";
import { endpointText } from "./endpoint.ts";
import { algorithmNumber } from "./algorithm.ts";
import { dutyNames } from "./policy.ts";
import type {
  Authority,
  Duty,
  DutyRule,
  Endpoint,
  KeyRole,
  KeyRule,
  PathDefinition,
  Person,
  Policy,
  Provider,
  Signing,
  Zone,
} from "./policy.ts";
import { publicView, zoneKey } from "./zone-key.ts";

/** The policy of a document in which nothing was found wrong. */
export function buildPolicy(written: PolicyDocument, document: unknown): Policy {
  const zones = Object.entries(written.zones).flatMap(([text, zone]) => zonesOf(nameOf(text), zone));
  const views = new Map(zones.flatMap((zone) => zone.providers.map((id) => [id, zone.view] as const)));
  const providers = mapOf(written.providers, (id, provider) => providerOf(id, views.get(id) ?? publicView, provider));
  return {
    hash: sha256OfJson(asWritten(document)),
    document: asWritten(written),
    version: written.version,
    follows: written.follows ?? null,
    lab: written.lab,
    people: mapOf(written.people, personOf),
    authority: authorityOf(written.authority),
    dependencies: mapOf(written.dependencies, (id, dependency) => ({ id, ...dependency })),
    sites: mapOf(written.sites, (id, site) => ({ id, ...site, capacity: site.capacity ?? null })),
    vantages: mapOf(written.vantages, (id, { key, ...vantage }) => ({ id, ...vantage, key: key ?? null })),
    controls: written.controls?.map(endpointOf) ?? nameserverEndpoints(providers),
    providers,
    zones: new Map(zones.map((zone) => [zoneKey(zone.view, zone.name), zone])),
    ...(written.resolvers === undefined ? {} : { resolvers: mapOf(written.resolvers, resolverOf) }),
    ...(written.brokenName === undefined ? {} : { brokenName: nameOf(written.brokenName) }),
    services: mapOf(written.services, buildService),
    blastRadius: { services: written.blastRadius.services, perMs: ms(written.blastRadius.per) },
  };
}

function asWritten(document: unknown): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema accepted it: texts, integers, lists and mappings alone
  return document as Json;
}

function authorityOf(written: PolicyDocument["authority"]): Authority {
  const { separate, signOff, breakGlass, solo, delegateTo, recovery, wideningWait, afterFirstWrite, ...duties } =
    written;
  const rules = new Map<Duty, DutyRule>();
  for (const name of dutyNames) {
    const rule = duties[name];
    if (rule !== undefined) rules.set(name, dutyOf(rule));
  }
  return {
    duties: rules,
    separate: separate.map(([first, second]) => [first, second]),
    signOffs: signOff.map(({ when, any }) => ({ when, roles: any })),
    breakGlass: breakGlass ?? null,
    solo,
    delegateTo,
    recovery: recovery ?? null,
    wideningWaitMs: ms(wideningWait),
    afterFirstWrite,
  };
}

function personOf(id: string, { onCall, ...person }: PolicyDocument["people"][string]): Person {
  const hours = onCall?.map((text) => sure(hoursOf(text), "hours were accepted by the rules"));
  return { id, ...person, onCall: hours ?? null };
}

function dutyOf({ any, all, n, groups }: PolicyDocument["authority"]["approve"]): DutyRule {
  if (any !== undefined) return { kind: "any", roles: any };
  if (all !== undefined) return { kind: "all", roles: all };
  return { kind: "number", people: n ?? 1, groups: groups ?? 1 };
}

type Written<Kind extends "providers" | "zones"> = PolicyDocument[Kind][string];

function providerOf(id: string, view: string, written: Written<"providers">): Provider {
  const nameservers = Object.entries(written.nameservers).map(([name, addresses]) => ({
    name: nameOf(name),
    endpoints: each(addresses, endpointOf),
  }));
  return {
    id,
    view,
    nameservers: each(nameservers, (nameserver) => nameserver),
    paths: each(written.paths, pathOf),
    notify: written.notify,
    fence: written.fence,
  };
}

function pathOf(written: Written<"providers">["paths"][number]): PathDefinition {
  return written.type === "rfc2136" ? { ...written, server: endpointOf(written.server) } : written;
}

/** As each view has it, the public one first. A registration is the public zone's. */
function zonesOf(name: string, { providers, views, expires, ...written }: Written<"zones">): readonly Zone[] {
  const inside = Object.entries(views ?? {}).map(([view, zone]) => zoneOf(name, view, zone));
  if (providers === undefined) return inside;
  const zone = zoneOf(name, publicView, { providers, ...written });
  return [expires === undefined ? zone : { ...zone, expires: instantOf(expires) }, ...inside];
}

type WrittenView = NonNullable<Written<"zones">["views"]>[string];

function zoneOf(name: string, view: string, { signing, ...written }: WrittenView): Zone {
  return { name, view, ...written, ...(signing === undefined ? {} : { signing: signingOf(signing) }) };
}

type WrittenSigning = NonNullable<Written<"zones">["signing"]>;

function signingOf({ ksk, zsk, csk, ...written }: WrittenSigning): Signing {
  const roles = new Map<KeyRole, KeyRule>();
  if (ksk !== undefined) roles.set("ksk", keyRuleOf(ksk));
  if (zsk !== undefined) roles.set("zsk", keyRuleOf(zsk));
  if (csk !== undefined) roles.set("csk", keyRuleOf(csk));
  return {
    signers: written.signers,
    algorithms: each(written.algorithms, algorithmNumber),
    privateKeys: written.privateKeys,
    roles,
    standby: written.standby,
    parent: written.parent,
    parentWithinMs: ms(written.parentWithin),
    propagationMs: ms(written.propagation),
    largestTtlMs: ms(written.largestTtl),
  };
}

function keyRuleOf({ rolledBy, method, minAge, maxAge }: NonNullable<WrittenSigning["ksk" | "zsk"]>): KeyRule {
  return { rolledBy, method, minAgeMs: ms(minAge), maxAgeMs: maxAge === undefined ? null : ms(maxAge) };
}

/** Left out, the places that should always answer are the nameservers, each once. */
function nameserverEndpoints(providers: ReadonlyMap<string, Provider>): readonly Endpoint[] {
  const all = [...providers.values()].flatMap(({ nameservers }) => nameservers.flatMap(({ endpoints }) => endpoints));
  return [...new Map(all.map((endpoint) => [endpointText(endpoint), endpoint])).values()];
}
