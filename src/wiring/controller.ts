import { hostname } from "node:os";
import path from "node:path";
import { startLocalApi } from "../api/routes/local-api.ts";
import type { ListenerView } from "../api/contract/status.ts";
import { startMonitoring } from "../api/routes/monitoring.ts";
import { createSuccession } from "../control/succession.ts";
import type { CredentialSource as CredentialReference, Settings, TrustSettings } from "../configuration/settings.ts";
import type { Controller, ControllerParts, PolicyFile } from "../control/parts.ts";
import { surveyIntervalMs } from "../core/integrity/expected-of.ts";
import { each } from "../core/policy/build-values.ts";
import type { Policy } from "../core/policy/policy.ts";
import { resolvePolicy } from "../core/policy/resolve.ts";
import { probeTargets } from "../core/policy/targets.ts";
import { credentialSource } from "../credentials/credential-source.ts";
import { rdataToText } from "../dns/wire/rdata.ts";
import { createValidator, type Validator } from "../dns/dnssec/validator.ts";
import type { ResolutionMeans } from "../dns/resolution/ask.ts";
import { openSqliteJournal, reserveOctetsDefault } from "../journal/sqlite/journal.ts";
import { watchClock } from "../platform/clock-health.ts";
import { clockWitnesses, type ClockWitnesses } from "../platform/clock-witnesses.ts";
import { systemClock } from "../platform/clock.ts";
import { systemEntropy } from "../platform/entropy.ts";
import { integrityMemoryFile } from "../platform/integrity-memory-file.ts";
import { createLog } from "../platform/log.ts";
import { createRedactor } from "../platform/redactor.ts";
import type { ChangePath, CredentialSource } from "../ports/change-path.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";
import type { ObservationSource } from "../ports/observations.ts";
import type { Redactor } from "../ports/redactor.ts";
import { createProber } from "../probes/checks/index.ts";
import type { Connector } from "../probes/connector.ts";
import { serviceCaller } from "../probes/service-caller.ts";
import { createVantage } from "../probes/vantage.ts";
import { manualPath } from "../providers/manual/manual-path.ts";
import { updatePath } from "../providers/rfc2136/update-path.ts";
import { loadPasskeys } from "../signatures/webauthn-assertion.ts";
import { statementVerifier } from "../signatures/statement-verifier.ts";
import { canonicalJson, parseCanonicalJson, type Json } from "../values/json.ts";
import { fromUtf8, utf8 } from "../values/octets.ts";
import { sha256OfJson, type Sha256 } from "../values/sha256.ts";
import { duration, second } from "../values/time.ts";
import { openAutomationKey } from "../signatures/automation-key.ts";
import { answerAuthenticator, type Onlooker } from "../verification/answer-authenticator.ts";
import { zoneSurveyor } from "../verification/survey/zone-surveyor.ts";
import { nameReader } from "../verification/name-reader.ts";
import { recordReader } from "../verification/record-reader.ts";
import { resolverSurveyor } from "../verification/resolver-surveyor.ts";
import { secondaryNotifier } from "../verification/secondary-notifier.ts";
import { coreCycle } from "./cycle.ts";
import { openStatementWays } from "./statements.ts";
import { trustOf } from "./integrity.ts";
import { outlookOf, type Outlook } from "./outlook.ts";

/** For one question to a nameserver, the fall to TCP included. */
const readTimeoutMs = duration(1500);
/** From the connection to the answer of an UPDATE; then the outcome is unknown, and read back. */
const updateTimeoutMs = duration(5 * second);

/** In the data folder, beside the journal. */
const integrityMemoryName = "integrity-memory.json";

export interface InstallationParts {
  readonly settings: Settings;
  readonly policy: Policy;
  /** What was read from the policy file; its canonical JSON is what the policy's hash is of. */
  readonly document: unknown;
  readonly version: string;
  readonly environment: { readonly [name: string]: string | undefined };
  /** Takes lines of the structured log, with their line breaks. Never throws. */
  readonly writeLog: (line: string) => void;
  /** How a vantage connects; the lab gives lines that can be cut. Left out: straight to the address. */
  readonly connectorOf?: (vantage: string) => Connector;
}

export interface RunningInstallation {
  readonly controller: Controller;
  /** Where metrics are served; null: off. */
  readonly metricsPort: number | null;
  /** Where signed statements are taken over TLS, and the pin of its key; null: off. */
  readonly listener: ListenerView | null;
  /** SIGTERM: lets running writes end, records what is in flight, and lets go of everything. */
  stop(): Promise<void>;
}

/**
 * The controller with real adapters, its local API and its metrics, running.
 * @throws PointsmanError for a journal, a socket or a port that cannot be used, or a policy that may not come into force.
 */
export async function startInstallation(parts: InstallationParts): Promise<RunningInstallation> {
  const { settings, policy } = parts;
  const clock = systemClock();
  const entropy = systemEntropy();
  const redactor = createRedactor();
  const log = createLog({ level: settings.logLevel, clock, redactor, write: parts.writeLog });
  const machine: Machine = { clock, witnesses: clockWitnesses(clock), entropy, redactor, log };
  const controller = createSuccession({
    file: policyFileOf(parts),
    openJournal: () => openJournal(settings, entropy),
    readPolicy: policyOfDocument,
    clock,
    log,
    partsFor: (file) => controllerParts({ ...parts, policy: file.policy }, file, machine),
  });
  await controller.start();
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await controller.stop();
    await Promise.all(closers.map((close) => close()));
  };
  try {
    if (settings.statements.passkeys !== null || hasPasskeys(controller)) await loadPasskeys();
    const ways = await openStatementWays({ operations: controller, settings, clock, log });
    closers.push(() => ways.close());
    const api = await startLocalApi({
      operations: controller,
      listener: ways.listener,
      socketPath: settings.socket,
      rdataText: rdataToText,
      log,
    });
    closers.push(() => api.close());
    const monitoring =
      settings.metrics === null
        ? undefined
        : await startMonitoring({ operations: controller, ...settings.metrics, log });
    if (monitoring !== undefined) closers.push(() => monitoring.close());
    log.write("info", "controller-started", { mode: settings.mode, policy: policy.hash, lab: policy.lab });
    return { controller, metricsPort: monitoring?.port ?? null, listener: ways.listener, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function hasPasskeys(controller: Controller): boolean {
  return [...controller.world().authority.keys.values()].some(({ key }) => key.method === "webauthn");
}

interface Machine {
  readonly clock: Clock;
  readonly witnesses: ClockWitnesses;
  readonly entropy: Entropy;
  readonly redactor: Redactor;
  readonly log: Log;
}

function openJournal({ dataFolder, headFile }: Settings, entropy: Entropy): Promise<Journal> {
  return openSqliteJournal({ folder: dataFolder, headFile, entropy, reserveOctets: reserveOctetsDefault });
}

/** All that is made for one policy, which need not be the file's. */
function controllerParts(parts: InstallationParts, file: PolicyFile, machine: Machine): ControllerParts {
  const { settings, policy, version } = parts;
  const { clock, witnesses, entropy, log } = machine;
  const evenness = watchClock(clock);
  const outlook = outlookOf(settings, policy);
  const { here, vantagesOf, sourceIn } = outlook;
  const means = { clock, entropy, timeoutMs: readTimeoutMs };
  const readerMeans = { ...means, sourceOf: sourceIn };
  return {
    cycle: coreCycle(here),
    file,
    readPolicy: policyOfDocument,
    settingsHash: settingsHashOf(settings),
    mode: settings.mode,
    clock,
    clockHealth: () => witnesses.weigh(evenness()),
    clockWitnesses: witnesses,
    entropy,
    automation: openAutomationKey(settings.dataFolder),
    openJournal: () => openJournal(settings, entropy),
    sources: (installation) => here.map((vantage) => vantageSource(parts, machine, installation, vantage)),
    reader: recordReader(readerMeans),
    ...integrityParts(parts, means, outlook),
    integrityMemory: integrityMemoryFile(path.join(settings.dataFolder, integrityMemoryName)),
    resolverLook: {
      surveyor: resolverSurveyor(readerMeans),
      vantageOf: (view) => vantagesOf(view)[0],
      everyMs: surveyIntervalMs,
    },
    names: nameReader(readerMeans),
    statementVerifier: statementVerifier(),
    notifier: secondaryNotifier(entropy, sourceIn),
    // Observe mode is wired without any change path, not by a flag (design §8).
    paths: settings.mode === "act" ? changePaths(parts, machine) : [],
    caller: serviceCaller(createProber(clock, undefined, witnesses)),
    log,
    controllerId: controllerIdOf(hostname()),
    version,
    operator: { kind: "local-user", id: `uid:${process.getuid?.() ?? 0}`, method: "local-user" },
  };
}

/** Who validates what is verified, and who looks at zones: each view by its own trust. */
function integrityParts(
  { settings, policy }: InstallationParts,
  means: ResolutionMeans,
  { vantagesOf, sourceOf }: Outlook,
): Pick<ControllerParts, "authenticator" | "zoneLook"> {
  const trust = trustOf(settings, policy, means, sourceOf);
  const validators = new Map<string, Validator>();
  const validatorOf = (view: string): Validator => {
    const validator = validators.get(view) ?? createValidator(trust(view, vantagesOf(view)[0]));
    validators.set(view, validator);
    return validator;
  };
  const onlooker = (vantage: string): Onlooker => ({
    vantage,
    means: { ...means, sourceOf: () => sourceOf(vantage) },
  });
  return {
    authenticator: answerAuthenticator({ validatorOf, onlookersOf: (view) => each(vantagesOf(view), onlooker) }),
    zoneLook: {
      surveyor: zoneSurveyor({ means, trustOf: trust, sourceOf }),
      vantagesOf,
      everyMs: settings.integrity.everyMs,
    },
  };
}

function vantageSource(
  { policy, connectorOf }: InstallationParts,
  { clock, witnesses, entropy }: Machine,
  installation: Sha256,
  vantage: string,
): ObservationSource {
  return createVantage({
    installation,
    vantage,
    policy: policy.hash,
    targets: probeTargets(policy),
    controls: policy.controls,
    clock,
    entropy,
    clockWitnesses: witnesses,
    ...(connectorOf === undefined ? {} : { connect: connectorOf(vantage) }),
  });
}

function changePaths(
  { settings, policy, environment }: InstallationParts,
  { clock, witnesses, entropy, redactor }: Machine,
): readonly ChangePath[] {
  const references = new Map([...settings.credentials].map(([name, source]) => [name, referenceOf(source)]));
  const credentials = heldBack(credentialSource(references, environment), redactor);
  return [...policy.providers.values()].flatMap((provider) =>
    provider.paths.map((definition) => {
      const place = { provider: provider.id, path: definition.name };
      if (definition.type === "manual") return manualPath(place);
      const { server, credential } = definition;
      const source = outlookOf(settings, policy).sourceIn(provider.view);
      const means = { clock, clockWitnesses: witnesses, entropy, source, timeoutMs: updateTimeoutMs };
      return updatePath({ ...place, server, credential, credentials, ...means });
    }),
  );
}

function referenceOf(source: CredentialReference): string {
  return source.kind === "env" ? `env:${source.variable}` : `file:${path.resolve(source.path)}`;
}

/** A secret that was opened is known to the redactor before anybody can write it (N11). */
function heldBack(credentials: CredentialSource, redactor: Redactor): CredentialSource {
  return {
    async open(credential) {
      const opened = await credentials.open(credential);
      if ("secret" in opened) redactor.hold(opened.secret);
      return opened;
    },
  };
}

function policyFileOf({ policy, document }: InstallationParts): PolicyFile {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema accepted it: texts, integers, lists and mappings alone
  return { policy, document: utf8(canonicalJson(document as Json)) };
}

function policyOfDocument(document: Uint8Array): Policy | undefined {
  const text = fromUtf8(document);
  const value = text === undefined ? undefined : parseCanonicalJson(text);
  return value === undefined ? undefined : resolvePolicy(value).policy;
}

/** What an entry names the settings by. They hold references to credentials, and no secret. */
function settingsHashOf(settings: Settings): Sha256 {
  const credentials = [...settings.credentials].map(([name, source]) => [name, referenceOf(source)]);
  const { metrics, vantages, sources, integrity, statements } = settings;
  return sha256OfJson({
    ...settings,
    metrics: metrics === null ? null : { ...metrics },
    sources: [...sources],
    integrity: {
      ...trustSettingsOf(integrity),
      everyMs: integrity.everyMs,
      views: [...integrity.views].map(([view, trust]) => [view, trustSettingsOf(trust)]),
    },
    vantages,
    credentials,
    statements: {
      listen: statements.listen === null ? null : { ...statements.listen },
      files: statements.files === null ? null : { ...statements.files },
      folder: statements.folder,
      passkeys: statements.passkeys === null ? null : { ...statements.passkeys },
    },
  });
}

function trustSettingsOf({ anchorFiles, servers }: TrustSettings) {
  return { anchorFiles, servers: servers.map(({ address, port }) => ({ address, port })) };
}

/** Stands in every entry: printable ASCII without spaces. */
function controllerIdOf(host: string): string {
  const printable = host.replaceAll(/[^!-~]/g, "-").slice(0, 64);
  return printable === "" ? "controller" : printable;
}
