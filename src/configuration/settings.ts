import type { NonEmpty } from "../values/non-empty.ts";
import { utf8 } from "../values/octets.ts";
import { duration, type DurationMs, minute, parseDuration, second } from "../values/time.ts";
import { parseEndpoint } from "../core/policy/endpoint.ts";
import { addressOf, mapOf } from "../core/policy/build-values.ts";
import { error, type DocumentPath, type Finding } from "../core/policy/finding.ts";
import { canonicalAddress, isLoopback } from "../core/policy/names.ts";
import type { Endpoint, Policy } from "../core/policy/policy.ts";
import type { Sound } from "../core/policy/document.ts";
import { entriesOf, itemsOf, malformed, repeated } from "../core/policy/rules/walk.ts";
import { literalSecret, screen } from "../core/policy/secrets.ts";
import { readForm } from "../core/policy/structure.ts";
import { locateFindings, type LocatedFinding } from "./located.ts";
import { passkeyRules, passkeySettingsOf, type PasskeySettings } from "./passkey-settings.ts";
import { folderOf, isIn, pathFrom } from "./paths.ts";
import { settingsAgainstPolicy } from "./settings-against-policy.ts";
import { settingsDocument, type SettingsDocument } from "./settings-document.ts";
import { readYaml } from "./yaml.ts";

/** Where a credential is kept: the name of an environment variable, or a path. */
export type CredentialSource =
  { readonly kind: "env"; readonly variable: string } | { readonly kind: "file"; readonly path: string };

/** The settings of one installation. Paths are joined to the folder of the settings file. */
export interface Settings {
  readonly mode: "observe" | "act";
  readonly policyFile: string;
  readonly dataFolder: string;
  /** Outside of the data folder. */
  readonly headFile: string;
  readonly socket: string;
  /** On loopback; null: off. */
  readonly metrics: Endpoint | null;
  readonly credentials: ReadonlyMap<string, CredentialSource>;
  /** Ids of the policy's vantages that run here; null: the policy's only one, or all of them in a lab. */
  readonly vantages: readonly string[] | null;
  /** By vantage: the address of this machine that it asks nameservers from. */
  readonly sources: ReadonlyMap<string, string>;
  readonly dependsOn: readonly string[];
  readonly integrity: TrustSettings & {
    /** By view: what is its own; what is empty is as for all. */
    readonly views: ReadonlyMap<string, TrustSettings>;
    readonly everyMs: DurationMs;
  };
  readonly statements: {
    /** Null: off. */
    readonly listen: Endpoint | null;
    /** Files in PEM; null: a key of its own in the data folder. */
    readonly files: { readonly key: string; readonly certificate: string } | null;
    readonly folder: string | null;
    /** Null: the listener has no page for passkeys. */
    readonly passkeys: PasskeySettings | null;
  };
  /** A program and its arguments that is told of emergencies; null: none. */
  readonly noticeCommand: NonEmpty<string> | null;
  readonly logLevel: "error" | "warn" | "info" | "debug";
}

export interface TrustSettings {
  /** Files of trust anchors; empty: the root's, built in. */
  readonly anchorFiles: readonly string[];
  /** Where chains of trust begin; empty: the root's nameservers. */
  readonly servers: readonly Endpoint[];
}

export interface SettingsFile {
  /** `undefined` when a finding is an error. */
  readonly settings: Settings | undefined;
  readonly document: unknown;
  readonly findings: readonly LocatedFinding[];
}

/**
 * Reads the text of a settings file; `file` is its path, and its name in findings. With a policy, what the settings name
 * of it is looked at as well. Reports all that is wrong, and throws for none of it.
 */
export function readSettings(text: string, file: string, policy?: Policy): SettingsFile {
  const yaml = readYaml(text);
  // Settings may be empty: every member has a default.
  const document: unknown = yaml.document ?? {};
  const secrets = [...screen(document), ...literalCredentials(document)];
  const form = readForm(settingsDocument, document, secrets);
  const folder = folderOf(file);
  const findings = [
    ...secrets,
    ...form.findings,
    ...rulesOf(form.sound, folder),
    ...(policy === undefined ? [] : settingsAgainstPolicy(form.sound, policy)),
  ];
  const wrong = yaml.problems.length > 0 || findings.some(({ severity }) => severity === "error");
  return {
    settings: wrong || form.whole === undefined ? undefined : settingsOf(form.whole, folder),
    document,
    findings: locateFindings(file, text, yaml, findings),
  };
}

type SoundSettings = Sound<Partial<SettingsDocument>>;

function literalCredentials(document: unknown): readonly Finding[] {
  if (typeof document !== "object" || document === null || !("credentials" in document)) return [];
  return Object.entries(document.credentials ?? {}).flatMap(([name, value]: [string, unknown]) =>
    typeof value !== "string" || sourceOf(value, ".") !== undefined
      ? []
      : [literalSecret(["credentials", name], "neither env:NAME nor file:/path, and so perhaps the secret itself")],
  );
}

function sourceOf(text: string, folder: string): CredentialSource | undefined {
  const [, variable] = /^env:([A-Za-z_][A-Za-z0-9_]{0,127})$/.exec(text) ?? [];
  if (variable !== undefined) return { kind: "env", variable };
  const [, path] = /^file:([^\s].{0,1023})$/.exec(text) ?? [];
  return path === undefined ? undefined : { kind: "file", path: pathFrom(folder, path) };
}

/** sun_path of Linux holds 108 octets, the closing zero included (unix(7)). */
const socketOctetsMax = 107;

function* rulesOf(settings: SoundSettings, folder: string): Iterable<Finding> {
  const data = pathFrom(folder, settings.data ?? "data");
  const head = pathFrom(folder, settings.head ?? "pointsman.head");
  if (isIn(head, data)) yield headInside(Object.hasOwn(settings, "head") ? "head" : "data", head, data);
  const socket = pathFrom(folder, settings.socket ?? "pointsman.sock");
  if (utf8(socket).length > socketOctetsMax)
    yield malformed(["socket"], settings.socket, `a path of at most ${socketOctetsMax} octets with its folder`);
  const { metrics } = settings;
  if (metrics !== undefined && metrics !== "off" && !isLocal(metrics))
    yield malformed(["metrics"], metrics, "off, or a loopback address with a port such as 127.0.0.1:9464");
  yield* integrityRules(settings.integrity ?? {});
  yield* statementRules(settings.statements ?? {});
  yield* passkeyRules(settings.statements ?? {});
  for (const [vantage, source] of entriesOf(settings.sources))
    if (canonicalAddress(source) === undefined)
      yield malformed(["sources", vantage], source, "an IP address of this machine, such as 192.0.2.7");
  yield* repeated(settings.vantages, ["vantages"]);
  yield* repeated(settings.dependsOn, ["dependsOn"]);
}

type SoundIntegrity = NonNullable<SoundSettings["integrity"]>;

function* integrityRules({ servers, views, every }: SoundIntegrity): Iterable<Finding> {
  yield* serverRules(servers, ["integrity", "servers"]);
  for (const [view, own] of entriesOf(views)) yield* serverRules(own.servers, ["integrity", "views", view, "servers"]);
  // What was seen of a zone counts for three minutes (surveyFreshMs).
  const everyMs = parseDuration(every ?? "60s") ?? 0;
  if (everyMs < second || everyMs > minute) yield malformed(["integrity", "every"], every, "a duration from 1s to 60s");
}

function* statementRules(statements: NonNullable<SoundSettings["statements"]>): Iterable<Finding> {
  const { listen, key, certificate } = statements;
  if (listen !== undefined && listen !== "off" && parseEndpoint(listen, statementsPort) === undefined)
    yield malformed(["statements", "listen"], listen, "off, or an IP address with a port such as 192.0.2.1:9465");
  if ((key === undefined) === (certificate === undefined)) return;
  const given = key === undefined ? "certificate" : "key";
  yield malformed(["statements", given], key ?? certificate, "given together: key and certificate, or neither of them");
}

function* serverRules(servers: SoundIntegrity["servers"], path: DocumentPath): Iterable<Finding> {
  const form = "an IP address, with or without a port, such as 192.0.2.53 or 127.0.0.1:5301";
  for (const [index, text] of itemsOf(servers))
    if (parseEndpoint(text, dnsPort) === undefined) yield malformed([...path, index], text, form);
}

function headInside(member: string, head: string, data: string): Finding {
  return error({
    code: "head-inside-data",
    path: [member],
    says: `The head is kept in ${head}, inside of the data folder ${data}: who rolls back the one rolls back the other.`,
    mend: "Keep head in another folder, best on another disk.",
    figures: { head, data },
  });
}

function isLocal(text: string): boolean {
  const endpoint = parseEndpoint(text, metricsPort);
  return endpoint !== undefined && isLoopback(endpoint.address);
}

const metricsPort = 9464;
const statementsPort = 9465;
const dnsPort = 53;

function settingsOf(written: SettingsDocument, folder: string): Settings {
  const credentials = Object.entries(written.credentials).flatMap(([name, text]) => {
    const source = sourceOf(text, folder);
    return source === undefined ? [] : [[name, source] as const];
  });
  return {
    mode: written.mode,
    policyFile: pathFrom(folder, written.policy),
    dataFolder: pathFrom(folder, written.data),
    headFile: pathFrom(folder, written.head),
    socket: pathFrom(folder, written.socket),
    metrics: written.metrics === "off" ? null : (parseEndpoint(written.metrics, metricsPort) ?? null),
    credentials: new Map(credentials),
    vantages: written.vantages ?? null,
    sources: mapOf(written.sources, (_, address) => addressOf(address)),
    dependsOn: written.dependsOn,
    integrity: integrityOf(written.integrity, folder),
    statements: statementsOf(written.statements, folder),
    noticeCommand: written.notices.command ?? null,
    logLevel: written.logLevel,
  };
}

function statementsOf(written: SettingsDocument["statements"], folder: string): Settings["statements"] {
  const { listen, key, certificate, folder: drop } = written;
  return {
    listen: listen === "off" ? null : (parseEndpoint(listen, statementsPort) ?? null),
    files:
      key === undefined || certificate === undefined
        ? null
        : { key: pathFrom(folder, key), certificate: pathFrom(folder, certificate) },
    folder: drop === undefined ? null : pathFrom(folder, drop),
    passkeys: passkeySettingsOf(written),
  };
}

function integrityOf(written: SettingsDocument["integrity"], folder: string): Settings["integrity"] {
  return {
    ...trustOf(written, folder),
    views: mapOf(written.views, (_, view) => trustOf(view, folder)),
    everyMs: parseDuration(written.every) ?? duration(minute),
  };
}

type WrittenTrust = Pick<SettingsDocument["integrity"], "anchors" | "servers">;

function trustOf({ anchors, servers }: WrittenTrust, folder: string): TrustSettings {
  return {
    anchorFiles: anchors.map((file) => pathFrom(folder, file)),
    servers: servers.flatMap((text) => parseEndpoint(text, dnsPort) ?? []),
  };
}
