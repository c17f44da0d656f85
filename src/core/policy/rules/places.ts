import { fromBase64 } from "../../../values/octets.ts";
import type { SoundPolicy } from "../document.ts";
import { parseEndpoint } from "../endpoint.ts";
import { error, pathText, type DocumentPath, type Finding } from "../finding.ts";
import { canonicalAddress, canonicalNameText, isGloballyRoutable } from "../names.ts";
import { shown } from "../structure.ts";
import { duplicate, entriesOf, itemsOf, malformed, references } from "./walk.ts";

/** Sites, vantages and providers: what they name exists, and what the outage needs is reached by address. */
export function* placeRules(policy: SoundPolicy): Iterable<Finding> {
  yield* dependsOn(policy);
  yield* vantageKeys(policy);
  for (const [id, provider] of entriesOf(policy.providers)) {
    const path = ["providers", id];
    yield* providerRules(provider, path);
  }
  yield* sameNames(policy.zones, ["zones"]);
  for (const kind of ["sites", "vantages", "providers", "zones"] as const) {
    if (policy[kind] !== undefined && Object.keys(policy[kind]).length === 0) yield nothingIn(kind);
  }
  for (const { text, path } of endpoints(policy)) {
    if (parseEndpoint(text) === undefined) yield notAnAddress(path, text);
  }
  if (policy.lab === true) yield* labRules(policy);
}

type SoundProvider = NonNullable<NonNullable<SoundPolicy["providers"]>[string]>;

function* providerRules(provider: SoundProvider, path: DocumentPath): Iterable<Finding> {
  yield* sameNames(provider.nameservers, [...path, "nameservers"]);
  if (provider.nameservers !== undefined && Object.keys(provider.nameservers).length === 0)
    yield malformed([...path, "nameservers"], provider.nameservers, "a mapping with at least one nameserver");
  const names = new Set<string>();
  for (const [index, way] of itemsOf(provider.paths)) {
    if (way.name !== undefined && names.has(way.name)) yield duplicate(way.name, [...path, "paths", index, "name"]);
    names.add(way.name ?? "");
  }
}

function nothingIn(kind: string): Finding {
  return error({
    code: "missing",
    path: [kind],
    at: "key",
    says: `The policy has no ${kind}.`,
    mend: `Declare at least one under ${kind}.`,
  });
}

function* dependsOn(policy: SoundPolicy): Iterable<Finding> {
  const known = policy.dependencies ?? {};
  for (const [id, site] of entriesOf(policy.sites))
    yield* references("dependency", site.dependsOn, known, ["sites", id, "dependsOn"]);
  for (const [id, provider] of entriesOf(policy.providers))
    for (const [index, way] of itemsOf(provider.paths))
      yield* references("dependency", way.dependsOn, known, ["providers", id, "paths", index, "dependsOn"]);
  for (const [id, service] of entriesOf(policy.services))
    yield* references("dependency", service.provides, known, ["services", id, "provides"]);
}

function* vantageKeys(policy: SoundPolicy): Iterable<Finding> {
  const seen = new Set<string>();
  for (const [id, { key }] of entriesOf(policy.vantages)) {
    if (key === undefined) continue;
    const path = ["vantages", id, "key"];
    const octets = key.startsWith("ed25519:") ? fromBase64(key.slice("ed25519:".length)) : undefined;
    if (octets?.length !== 32) yield malformed(path, key, "ed25519: and the base64 of 32 octets");
    if (seen.has(key)) yield duplicate("the key of another vantage", path);
    seen.add(key);
  }
}

/** Two spellings of one name: `example.com` and `Example.com.`. */
function* sameNames(members: object | undefined, path: DocumentPath): Iterable<Finding> {
  const seen = new Set<string>();
  for (const key of Object.keys(members ?? {})) {
    const name = canonicalNameText(key);
    if (name === undefined) yield malformed([...path, key], key, "a domain name, each label of 1 to 63 octets", "key");
    else if (seen.has(name)) yield duplicate(`the name ${name}`, [...path, key], "key");
    seen.add(name ?? key);
  }
}

interface WrittenEndpoint {
  readonly text: string;
  readonly path: DocumentPath;
}

function* endpoints(policy: SoundPolicy): Iterable<WrittenEndpoint> {
  for (const [index, text] of itemsOf(policy.controls)) yield { text, path: ["controls", index] };
  for (const [id, provider] of entriesOf(policy.providers)) {
    for (const [name, addresses] of entriesOf(provider.nameservers))
      for (const [index, text] of itemsOf(addresses))
        yield { text, path: ["providers", id, "nameservers", name, index] };
    for (const [index, way] of itemsOf(provider.paths))
      if (way.type === "rfc2136" && way.server !== undefined)
        yield { text: way.server, path: ["providers", id, "paths", index, "server"] };
  }
  for (const [id, { address }] of entriesOf(policy.resolvers))
    if (address !== undefined) yield { text: address, path: ["resolvers", id, "address"] };
}

function notAnAddress(path: DocumentPath, text: string): Finding {
  const isName = /[A-Za-z]/.test(text) && !text.includes("::") && canonicalNameText(text) !== undefined;
  if (!isName) return malformed(path, text, "an IP address, with or without a port, such as 192.0.2.53 or [::1]:5301");
  return error({
    code: "reached-by-name",
    path,
    says: `${pathText(path)} is the name ${shown(text)}: in an outage of DNS it could not be reached.`,
    mend: "Write its IP address, with a port if it is not 53.",
  });
}

/** A policy for one machine must not steer the world (design §3). */
function* labRules(policy: SoundPolicy): Iterable<Finding> {
  const written = [...endpoints(policy), ...siteAddresses(policy)];
  for (const { text, path } of written) {
    const address = parseEndpoint(text)?.address;
    if (address === undefined || !isGloballyRoutable(address)) continue;
    yield error({
      code: "lab-is-routable",
      path,
      says: `The policy says lab: true, and ${address} can be reached from everywhere.`,
      mend: "Leave lab out, or give addresses of this machine only, such as 127.0.0.1.",
      figures: { address },
    });
  }
}

function* siteAddresses(policy: SoundPolicy): Iterable<WrittenEndpoint> {
  for (const [id, service] of entriesOf(policy.services))
    for (const [site, records] of entriesOf(service.sites))
      for (const [record, values] of entriesOf(records)) {
        const path = ["services", id, "sites", site, record];
        if (values === "none") continue;
        const [addresses, below] = "length" in values ? [values, path] : [values.address, [...path, "address"]];
        for (const [index, text] of itemsOf(addresses))
          if (canonicalAddress(text) !== undefined) yield { text, path: [...below, index] };
      }
}
