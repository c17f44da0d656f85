import type { Sender } from "../core/cycle/command.ts";
import type { Decide, Evolve, NextActions } from "../core/cycle/cycle.ts";
import type { Explanation } from "../core/cycle/explanation.ts";
import type { Facts } from "../core/cycle/facts.ts";
import type { FleetDecision } from "../core/cycle/fleet-decision.ts";
import type { DeclaredMove, FleetCommand } from "../core/cycle/service-command.ts";
import type { World } from "../core/cycle/world.ts";
import type { ServiceState } from "../core/failover/state.ts";
import type { Health } from "../core/health/health.ts";
import type { Integrity, IntegrityHistory } from "../core/integrity/integrity-book.ts";
import type { ZoneSurvey } from "../core/integrity/survey.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { AnswerAuthenticator } from "../ports/answer-authenticator.ts";
import type { AutomationSigner } from "../ports/automation.ts";
import type { ChangePath } from "../ports/change-path.ts";
import type { ClockWitnessSink } from "../ports/clock-witness.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import type { IntegrityMemory } from "../ports/integrity-memory.ts";
import type { Journal } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";
import type { NameReader } from "../ports/names.ts";
import type { ObservationSource } from "../ports/observations.ts";
import type { AboutController, Operations, PreviewResult } from "../ports/operations.ts";
import type { RecordReader, SecondaryNotifier } from "../ports/records.ts";
import type { ServiceCaller } from "../ports/service-caller.ts";
import type { StatementVerifier } from "../ports/statements.ts";
import type { Epoch } from "../values/ids.ts";
import type { Sha256 } from "../values/sha256.ts";
import type { Instant } from "../values/time.ts";
import type { CrashHook } from "./crash-points.ts";
import type { ResolverLook } from "./resolver-watch.ts";
import type { ZoneLook } from "./zone-watch.ts";

/** The core, as control needs it: pure functions, given so that tests can give simpler ones. */
export interface CycleFunctions {
  /** Number of the decision rules; it stands in every entry. */
  readonly rules: number;
  readonly decide: Decide;
  readonly evolve: Evolve;
  readonly nextActions: NextActions;
  readonly decideFleet: (world: World, command: FleetCommand, now: Instant) => FleetDecision;
  readonly explain: (state: ServiceState, world: World, facts: Facts, now: Instant, epoch: Epoch) => Explanation;
  readonly preview: (
    state: ServiceState,
    world: World,
    facts: Facts,
    now: Instant,
    epoch: Epoch,
    move: DeclaredMove,
  ) => PreviewResult;
  readonly health: (policy: Policy) => Health;
  /** @param kept what an earlier run knew of zones; undefined: nothing is known. */
  readonly integrity: (policy: Policy, kept: IntegrityHistory | undefined) => Integrity;
}

/** The policy that is to be in force. */
export interface PolicyFile {
  readonly policy: Policy;
  /** Canonical JSON of its document; its SHA-256 is `policy.hash`. */
  readonly document: Uint8Array;
}

export interface ControllerParts {
  readonly cycle: CycleFunctions;
  readonly file: PolicyFile;
  /** The policy file of this machine, where `file` was read from the journal. Left out: it is `file`. */
  readonly onDisk?: Policy;
  /** Reads a document that stood in force before; `undefined` when this version cannot. */
  readonly readPolicy: (document: Uint8Array) => Policy | undefined;
  readonly settingsHash: Sha256;
  /** `observe` is wired without any change path: `paths` is empty. */
  readonly mode: "act" | "observe";
  readonly clock: Clock;
  /** Whether the clock can be relied on; looked at each second. */
  readonly clockHealth: () => Facts["clock"];
  /** Hears what vantages say of the time. Left out: nobody does. */
  readonly clockWitnesses?: ClockWitnessSink;
  readonly entropy: Entropy;
  /** Left out: a journal that begins names no key of the automation, and nothing carries its signature. */
  readonly automation?: AutomationSigner;
  /** Opens the journal; again after an append that ended unknown, once the one before is closed. */
  readonly openJournal: () => Promise<Journal>;
  /** Called once, when the installation's id is known. */
  readonly sources: (installation: Sha256) => readonly ObservationSource[];
  readonly reader: RecordReader;
  readonly names: NameReader;
  /** Left out: nothing is validated, and verification says `not checked`. */
  readonly authenticator?: AnswerAuthenticator;
  /** Left out: no zone is looked at, and nothing is known of their integrity. */
  readonly zoneLook?: ZoneLook;
  /** Left out: what is seen of zones and their keys is forgotten at a restart, but for what is in the journal. */
  readonly integrityMemory?: IntegrityMemory;
  /** Left out: no resolver is asked. */
  readonly resolverLook?: ResolverLook;
  /** Left out: no statement is taken. */
  readonly statementVerifier?: StatementVerifier;
  readonly notifier: SecondaryNotifier;
  readonly paths: readonly ChangePath[];
  readonly caller: ServiceCaller;
  readonly log: Log;
  /** Stands in every entry: printable ASCII without spaces. */
  readonly controllerId: string;
  readonly version: string;
  /** Who started it: recorded as the one who adopted the policy file. */
  readonly operator: Sender;
  readonly crash?: CrashHook;
  /** Called when another policy than `file` was adopted: what was made for `file` is to be made anew. */
  readonly onAdopted?: () => void;
}

export type ControllerStatus = AboutController["status"];

/** A running controller. What people and programs may do with it is its `Operations`. */
export interface Controller extends Operations {
  /**
   * Takes the journal, replays it, adopts the policy file where it is new, and begins.
   * @throws PointsmanError for a journal that is damaged or held by another, or a policy whose version does not grow.
   */
  start(): Promise<void>;
  /** The state that is durable; `undefined` for a service that neither the policy nor the journal knows. */
  state(service: string): ServiceState | undefined;
  stats(): Stats;
  /**
   * Takes in a survey of a zone: judges it, records what changed, and looks at the services that it may matter to. One of
   * another policy's zone or nameserver is dropped. To be called in the order in which the surveys of a zone were made.
   */
  surveyed(survey: ZoneSurvey): void;
  /**
   * Takes no new command, waits for running writes for {@link stopPatienceMs} at most, records what is still in flight,
   * and stops. The next start reads that back. Never rejects.
   */
  stop(): Promise<void>;
}

/** Octets of a person's reason, in UTF-8, at most. */
export const reasonOctetsMax = 4096;
export const stopPatienceMs = 15_000;

/** Counters since the start, for metrics and tests. */
export interface Stats {
  readonly entries: number;
  readonly appends: number;
  readonly accepted: number;
  readonly refused: number;
  readonly repeated: number;
  readonly reopened: number;
  readonly evaluations: number;
  readonly batches: number;
  readonly batchesDropped: number;
  readonly observations: number;
  readonly brokenPromises: number;
  readonly effectsStarted: { readonly [kind: string]: number };
  readonly effectsRunning: number;
  /** Decided and not durable yet. */
  readonly queued: number;
}
