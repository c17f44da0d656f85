import { formatDuration, parseDuration, parseInstant } from "../../../values/time.ts";
import type { SoundPolicy, SoundService } from "../document.ts";
import { error, type DocumentPath, type Finding } from "../finding.ts";
import { canonicalNameText } from "../names.ts";
import { parseUrl } from "../url.ts";
import { duplicate, entriesOf, itemsOf, malformed, reference, references } from "./walk.ts";

/** Of one service by itself: home, checks, readiness, the ways back, and times that fit together. */
export function* serviceRules(policy: SoundPolicy): Iterable<Finding> {
  for (const [id, service] of entriesOf(policy.services)) {
    const path = ["services", id];
    for (const kind of ["records", "sites"] as const)
      if (service[kind] !== undefined && Object.keys(service[kind]).length === 0)
        yield malformed([...path, kind], service[kind], `a mapping with at least one of the ${kind}`);
    yield* home(service, path);
    yield* checks(service, path);
    yield* waysBack(policy, service, path);
    yield* frozen(service, path);
  }
}

function* home(service: SoundService, path: DocumentPath): Iterable<Finding> {
  yield* references("site of the service", service.home, service.sites, [...path, "home"]);
  const active = service.home?.length;
  for (const [record, { type }] of entriesOf(service.records)) {
    const standing = (service.home ?? []).filter((site) => service.sites?.[site ?? ""]?.[record] !== "none");
    if (type === "CNAME" && standing.length > 1) yield twoCnames([...path, "home"], record, standing.length);
  }
  const least = service.minimumActive ?? 1;
  if (active === undefined || least <= active) return;
  yield error({
    code: "minimum-active-impossible",
    path: [...path, service.minimumActive === undefined ? "home" : "minimumActive"],
    says: `At least ${least} sites are to be active, and home has ${active}.`,
    mend: "Write a smaller minimumActive, or more sites in home.",
    figures: { minimumActive: least, home: active },
  });
}

export function twoCnames(path: DocumentPath, record: string, sites: number): Finding {
  return error({
    code: "cname-with-two-sites",
    path,
    says: `The record ${record} is a CNAME, and a name has one CNAME at most (RFC 2181 §10.1): it cannot stand at ${sites} sites.`,
    mend: "Leave one site, or steer A and AAAA records instead of the CNAME.",
    figures: { record, sites },
  });
}

function* checks(service: SoundService, path: DocumentPath): Iterable<Finding> {
  const names = new Set<string>();
  for (const [index, check] of itemsOf(service.checks)) {
    const at = [...path, "checks", index];
    if (check.name !== undefined && names.has(check.name)) yield duplicate(check.name, [...at, "name"]);
    names.add(check.name ?? "");
    if (check.type === "http") yield* http(service, check, at);
    const timeout = parseDuration(check.timeout ?? "2s") ?? 0;
    const interval = parseDuration(check.interval ?? "5s") ?? timeout;
    if (timeout > interval || timeout === 0) yield timing(at, timeout, interval);
  }
  const proves = (service.checks ?? []).some(maySpeakTls);
  for (const [index, proof] of itemsOf(service.readiness))
    if (proof.type === "tls" && !proves) yield noTls([...path, "readiness", index]);
}

/** A check that could not be read may, so that one finding does not lead to another. */
function maySpeakTls(check: NonNullable<SoundService["checks"]>[number]): boolean {
  if (check?.type === undefined) return true;
  return check.type === "http" && parseUrl(check.url ?? "")?.scheme !== "http";
}

function timing(path: DocumentPath, timeout: number, interval: number): Finding {
  return error({
    code: "timeout-over-interval",
    path,
    at: "key",
    says: `The check's timeout of ${formatDuration(timeout)} does not fit its interval of ${formatDuration(interval)}.`,
    mend: "Write a timeout above zero and at most the interval.",
    figures: { timeoutMs: timeout, intervalMs: interval },
  });
}

function noTls(path: DocumentPath): Finding {
  return error({
    code: "readiness-without-check",
    path,
    says: "Readiness asks for a valid certificate, and no check of the service speaks TLS.",
    mend: "Add a check with an https URL, or leave this readiness out.",
  });
}

type SoundHttp = Extract<NonNullable<NonNullable<SoundService["checks"]>[number]>, { type?: "http" | undefined }>;

function* http(service: SoundService, check: SoundHttp, path: DocumentPath): Iterable<Finding> {
  if (check.trust !== undefined && !isPemOfCertificates(check.trust))
    yield malformed([...path, "trust"], check.trust, "certificates in PEM, each from BEGIN to END CERTIFICATE");
  if (check.url === undefined) return;
  const url = parseUrl(check.url);
  const at = [...path, "url"];
  if (url === undefined) {
    yield malformed(at, check.url, "an http or https URL such as https://login.example.com/healthz");
    return;
  }
  const names = Object.values(service.records ?? {}).map((record) => canonicalNameText(record?.name ?? ""));
  if (names.length === 0 || names.includes(undefined) || names.includes(`${url.host}.`)) return;
  yield error({
    code: "check-of-another-name",
    path: at,
    says: `The check asks for ${url.host}, and the service's records are ${[...new Set(names)].join(", ")}`,
    mend: "Write the service's own name in the URL: that is what its users ask for.",
    figures: { host: url.host },
  });
}

function isPemOfCertificates(text: string): boolean {
  return /^(?:\s*-----BEGIN CERTIFICATE-----\s+[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/.test(text);
}

function* waysBack(policy: SoundPolicy, service: SoundService, path: DocumentPath): Iterable<Finding> {
  const site = service.rollback?.when?.site;
  const at = [...path, "rollback", "when", "site"];
  yield* reference("site of the service", site, service.sites, at);
  if (service.failback === undefined || policy.authority === undefined || policy.authority.reverse !== undefined)
    return;
  if (Object.hasOwn(policy.authority, "reverse")) return;
  yield error({
    code: "dangling-reference",
    path: [...path, "failback", "authority"],
    says: "A failback needs the duty reverse, and the policy gives it to nobody.",
    mend: "Add reverse under authority, with the roles that may say yes to the way home.",
  });
}

function* frozen(service: SoundService, path: DocumentPath): Iterable<Finding> {
  for (const [index, window] of itemsOf(service.frozen)) {
    const from = parseInstant(window.from ?? "");
    const until = parseInstant(window.until ?? "");
    if (from === undefined || until === undefined || from < until) continue;
    yield malformed([...path, "frozen", index, "until"], window.until, `a date after ${window.from}`);
  }
}
