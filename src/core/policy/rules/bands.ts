import { formatDuration, parseDuration } from "../../../values/time.ts";
import type { SoundBand, SoundPolicy, SoundService } from "../document.ts";
import { error, warning, type DocumentPath, type Finding } from "../finding.ts";
import { movesOf, signalOf } from "./band-forms.ts";
import { twoCnames } from "./services.ts";
import { duplicate, entriesOf, itemsOf, malformed, reference, references } from "./walk.ts";

/** Bands: one signal and one move each, of sites that the service has, possible, and agreed to by those who may. */
export function* bandRules(policy: SoundPolicy): Iterable<Finding> {
  for (const [id, service] of entriesOf(policy.services)) {
    const names = new Set<string>();
    for (const [index, band] of itemsOf(service.bands)) {
      const path = ["services", id, "bands", index];
      if (band.name !== undefined && names.has(band.name)) yield duplicate(band.name, [...path, "name"]);
      names.add(band.name ?? "");
      yield* reservedName(band.name, [...path, "name"]);
      yield* signalRules(policy, service, band, [...path, "when"]);
      yield* moveRules(service, band, [...path, "move"]);
      yield* agreement(policy, service, band, path);
      yield* twoDomains(policy, band, path);
      yield* detection(service, band, path);
    }
  }
}

/** Names by which the journal calls what no band proposes. */
function* reservedName(name: string | undefined, path: DocumentPath): Iterable<Finding> {
  if (name === undefined || !(name === "failback" || name === "rollback" || name.startsWith("restore-"))) return;
  yield error({
    code: "reserved-name",
    path,
    says: `A band cannot be called ${name}: the journal uses that word for itself.`,
    mend: "Choose another name; failback, rollback and what begins with restore- are taken.",
    figures: { name },
  });
}

function* signalRules(
  policy: SoundPolicy,
  service: SoundService,
  { when }: SoundBand,
  path: DocumentPath,
): Iterable<Finding> {
  if (when === undefined) return;
  yield* signalOf(when, path);
  yield* reference("site of the service", when.site, service.sites, [...path, "site"]);
  const regions = Object.keys(service.sites ?? {}).map((site) => policy.sites?.[site]?.region);
  if (!regions.includes(undefined))
    yield* reference("region", when.regionalLoss, Object.fromEntries(regions.map((region) => [region, true])), [
      ...path,
      "regionalLoss",
    ]);
  const domains = Object.values(policy.vantages ?? {}).map((vantage) => vantage?.domain);
  const asked = when.vantages ?? 2;
  const independent = new Set(domains).size;
  if (when.verdict === undefined || domains.includes(undefined) || asked <= independent || independent === 0) return;
  yield error({
    code: "too-few-vantages",
    path: when.vantages === undefined ? path : [...path, "vantages"],
    says: `The band asks for ${asked} independent vantages, and the policy has ${independent} domains of them: it could never hold.`,
    mend: "Declare vantages in more domains, or write a smaller vantages.",
    figures: { asked, domains: independent },
  });
}

function* moveRules(service: SoundService, { move }: SoundBand, path: DocumentPath): Iterable<Finding> {
  if (move === undefined) return;
  yield* movesOf(move, path);
  const inService = (site: string | undefined, at: DocumentPath, on: "key" | "value" = "value") =>
    reference("site of the service", site, service.sites, at, on);
  for (const kind of ["drain", "add", "isolate"] as const) yield* inService(move[kind], [...path, kind]);
  for (const [from, to] of entriesOf(move.replace)) {
    yield* inService(from, [...path, "replace", from], "key");
    yield* inService(to, [...path, "replace", from]);
    if (from === to) yield sameSite([...path, "replace", from], from);
  }
  for (const [site, record] of entriesOf(move.withdraw)) {
    yield* inService(site, [...path, "withdraw", site], "key");
    yield* reference("record", record, service.records, [...path, "withdraw", site]);
    if (service.sites?.[site]?.[record] === "none")
      yield malformed([...path, "withdraw", site], record, `a record that has a value at ${site}`);
  }
  yield* cnameAdded(service, move.add, [...path, "add"]);
  for (const kind of ["drain", "isolate"] as const) yield* tooFewLeft(service, move[kind], [...path, kind]);
}

function sameSite(path: DocumentPath, site: string): Finding {
  return error({
    code: "move-to-itself",
    path,
    says: `The band replaces ${site} by itself.`,
    mend: "Name the site that takes its place.",
    figures: { site },
  });
}

function* cnameAdded(service: SoundService, site: string | undefined, path: DocumentPath): Iterable<Finding> {
  if (site === undefined || service.home === undefined) return;
  for (const [record, { type }] of entriesOf(service.records)) {
    const standing = new Set([...service.home, site]);
    for (const other of standing) if (service.sites?.[other ?? ""]?.[record] === "none") standing.delete(other);
    if (type === "CNAME" && standing.size > 1) yield twoCnames(path, record, standing.size);
  }
}

function* tooFewLeft(service: SoundService, site: string | undefined, path: DocumentPath): Iterable<Finding> {
  if (site === undefined || service.home?.includes(site) !== true) return;
  const least = service.minimumActive ?? 1;
  const left = new Set(service.home).size - 1;
  if (left >= least) return;
  yield error({
    code: "minimum-active-impossible",
    path,
    says: `Without ${site} only ${left} of the home sites stay active, and at least ${least} are to be.`,
    mend: "Use replace with the site that takes its place, or write more sites in home.",
    figures: { site, left, minimumActive: least },
  });
}

function* agreement(
  policy: SoundPolicy,
  service: SoundService,
  band: SoundBand,
  path: DocumentPath,
): Iterable<Finding> {
  yield* references("person", band.acceptedBy, policy.people, [...path, "acceptedBy"]);
  if (band.authority !== "pre-authorised") return;
  if (!Object.hasOwn(band, "budget"))
    yield error({
      code: "band-without-budget",
      path: [...path, "authority"],
      says: "The band moves by itself and has no budget: nothing would limit how often.",
      mend: "Add a budget such as { moves: 2, per: 24h }.",
    });
  const why = notAccepted(policy, band) ?? notSignedOff(policy, service, band);
  if (why !== undefined)
    yield error({
      code: "band-not-accepted",
      path: [...path, Object.hasOwn(band, "acceptedBy") ? "acceptedBy" : "authority"],
      says: `The band moves by itself, and those who accepted it do not fill what it asks for: ${why}.`,
      mend: "Name in acceptedBy the people who agreed to it, or write authority: approve.",
    });
}

/** Nobody lowers that: one uplink, or one liar, moves nothing by itself. */
const domainsMin = 2;

function* twoDomains(policy: SoundPolicy, band: SoundBand, path: DocumentPath): Iterable<Finding> {
  const domains = Object.values(policy.vantages ?? {}).map((vantage) => vantage?.domain);
  if (band.authority !== "pre-authorised" || policy.lab === true || domains.includes(undefined)) return;
  const asked = band.when?.verdict === undefined ? new Set(domains).size : (band.when.vantages ?? domainsMin);
  if (asked >= domainsMin || domains.length === 0) return;
  yield error({
    code: "band-needs-two-domains",
    path: [...path, "when"],
    says: `The band moves by itself on what ${asked} independent domain sees; ${domainsMin} is the least.`,
    mend: "Write vantages: 2 and declare vantages in two domains, or write authority: approve.",
    figures: { asked, least: domainsMin },
  });
}

/** Effects of a band's move that somebody signs off, and that nobody of those who accepted it may. */
function notSignedOff(policy: SoundPolicy, service: SoundService, band: SoundBand): string | undefined {
  const accepted = (band.acceptedBy ?? []).map((id) => policy.people?.[id ?? ""]);
  if (accepted.some((person) => person?.roles === undefined)) return undefined;
  const held = new Set(accepted.flatMap((person) => person?.roles ?? []));
  const effects = effectsOfBand(policy, service, band);
  const lacking = (policy.authority?.signOff ?? []).find(
    (one) => one?.when !== undefined && effects.has(one.when) && one.any?.some((role) => held.has(role)) === false,
  );
  return (
    lacking && `it ${(lacking.when ?? "").replaceAll("-", " ")}, and nobody of them is ${lacking.any?.join(" or ")}`
  );
}

function effectsOfBand(policy: SoundPolicy, service: SoundService, { move }: SoundBand): ReadonlySet<string> {
  const added = [...Object.values(move?.replace ?? {}), move?.add].filter((site) => site !== undefined);
  const home = (service.home ?? []).map((site) => policy.sites?.[site ?? ""]);
  const isNew = (of: (site: SoundSite) => readonly (string | undefined)[]): boolean => {
    const known = new Set(home.flatMap((site) => (site === undefined ? [] : of(site))));
    return added.some((id) => of(policy.sites?.[id] ?? {}).some((one) => !known.has(one)));
  };
  const effects = new Set<string>();
  const kindOf = (id: string | undefined): string | undefined => policy.dependencies?.[id ?? ""]?.kind;
  if (service.provides?.some((id) => kindOf(id) === "identity-provider") === true) effects.add("changes-sign-in");
  if (isNew(({ jurisdiction }) => [jurisdiction])) effects.add("changes-jurisdiction");
  const others = ({ dependsOn }: SoundSite): readonly (string | undefined)[] =>
    (dependsOn ?? []).filter((id) => kindOf(id) === "third-party" || kindOf(id) === "account");
  if (isNew(others)) effects.add("changes-provider");
  return effects;
}

type SoundSite = NonNullable<NonNullable<SoundPolicy["sites"]>[string]>;

/** Why those who accepted the band do not fill the duty `approve`; `undefined` when they do, or it cannot be told. */
function notAccepted(policy: SoundPolicy, band: SoundBand): string | undefined {
  const rule = policy.authority?.approve;
  const accepted = (band.acceptedBy ?? []).map((id) => policy.people?.[id ?? ""]);
  if (rule === undefined || accepted.some((person) => person?.roles === undefined)) return undefined;
  const held = new Set(accepted.flatMap((person) => person?.roles ?? []));
  const lacking = (rule.all ?? []).filter((role) => role !== undefined && !held.has(role));
  if (lacking.length > 0) return `nobody of them is ${lacking.join(", or ")}`;
  if (rule.any !== undefined && !rule.any.some((role) => role === undefined || held.has(role)))
    return `nobody of them is ${rule.any.join(" or ")}`;
  const people = new Set(band.acceptedBy).size;
  const groups = new Set(accepted.map((person) => person?.group)).size;
  if (people < (rule.n ?? 1) || groups < (rule.groups ?? 1))
    return `they are ${people} of ${groups} groups, and it asks for ${rule.n ?? 1} of ${rule.groups ?? 1}`;
  return undefined;
}

/** The longest time from an outage to a verdict that has held: interval times fall, the last timeout, and the band's own time. */
function* detection(service: SoundService, band: SoundBand, path: DocumentPath): Iterable<Finding> {
  const objective = parseDuration(service.objective?.detect ?? "");
  const held = parseDuration(band.when?.for ?? "20s");
  if (objective === undefined || held === undefined || band.when?.verdict === undefined) return;
  const times = (service.checks ?? []).map((check) => {
    const interval = parseDuration(check?.interval ?? "5s") ?? 0;
    return interval * (check?.fall ?? 3) + (parseDuration(check?.timeout ?? "2s") ?? 0);
  });
  const longest = Math.max(0, ...times) + held;
  if (longest <= objective) return;
  yield warning({
    code: "detection-against-objective",
    path: [...path, "when"],
    says:
      `It can take ${formatDuration(longest)} from an outage until this band holds, and the objective gives ` +
      `${formatDuration(objective)} to detect it.`,
    mend: "Check more often, with a smaller fall or for, or write a longer detect.",
    figures: { longestMs: longest, detectMs: objective },
  });
}
