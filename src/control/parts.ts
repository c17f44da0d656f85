import type { Sender } from "../core/cycle/command.ts";
import type { Decide, Evolve, NextActions } from "../core/cycle/cycle.ts";
import type { Explanation, Preview } from "../core/cycle/explanation.ts";
import type { Facts } from "../core/cycle/facts.ts";
import type { DeclaredMove, FleetCommand, ServiceCommand } from "../core/cycle/service-command.ts";
import type { World } from "../core/cycle/world.ts";
import type { FleetEvent, ServiceEvent } from "../core/failover/event.ts";
import type { ServiceState } from "../core/failover/state.ts";
import type { Health } from "../core/health/health.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { ChangePath } from "../ports/change-path.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import type { AttachmentReader, AttachmentWriter, JournalOwner, JournalReader } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";
import type { NameReader } from "../ports/names.ts";
import type { ObservationSource } from "../ports/observations.ts";
import type { RecordReader, SecondaryNotifier } from "../ports/records.ts";
import type { ServiceCaller } from "../ports/service-caller.ts";
import type { Epoch, Sequence } from "../values/ids.ts";
import type { JsonObject } from "../values/json.ts";
import type { NonEmpty } from "../values/non-empty.ts";
import type { Refusal } from "../values/refusal.ts";
import type { Sha256 } from "../values/sha256.ts";
import type { Instant } from "../values/time.ts";
import type { CrashHook } from "./crash-points.ts";

export type FleetDecision =
  | { readonly accepted: true; readonly events: NonEmpty<FleetEvent> }
  | { readonly accepted: false; readonly refusal: Refusal };

export type PreviewResult =
  { readonly ok: true; readonly preview: Preview } | { readonly ok: false; readonly refusal: Refusal };

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
    move: DeclaredMove,
    by: Sender,
  ) => PreviewResult;
  readonly health: (policy: Policy) => Health;
}

export interface JournalParts {
  readonly owner: JournalOwner;
  readonly reader: JournalReader;
  readonly attachments: AttachmentWriter & AttachmentReader;
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
  /** Reads a document that stood in force before; `undefined` when this version cannot. */
  readonly readPolicy: (document: Uint8Array) => Policy | undefined;
  readonly settingsHash: Sha256;
  /** `observe` is wired without any change path: `paths` is empty. */
  readonly mode: "act" | "observe";
  readonly clock: Clock;
  /** Whether the clock runs evenly; looked at each second. */
  readonly clockHealth: () => Facts["clock"];
  readonly entropy: Entropy;
  readonly journal: JournalParts;
  /** Called once, when the installation's id is known. */
  readonly sources: (installation: Sha256) => readonly ObservationSource[];
  readonly reader: RecordReader;
  readonly names: NameReader;
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
}

/** What came of a command. An accepted one is durable. */
export type CommandResult =
  | {
      readonly accepted: true;
      readonly entries: NonEmpty<Sequence>;
      readonly events: NonEmpty<ServiceEvent | FleetEvent>;
    }
  | { readonly accepted: false; readonly refusal: Refusal };

/** A durable entry, as the event stream shows it. Sealed values are not in it. */
export interface RecordedEntry {
  readonly sequence: Sequence;
  readonly at: Instant;
  readonly stream: string;
  readonly type: string;
  readonly by: Sender;
  /** The event without its type and without the facts it was decided on. */
  readonly data: JsonObject;
}

export type ControllerStatus = "starting" | "running" | "reopening" | "stopping" | "stopped" | "halted";

export interface Controller {
  /**
   * Takes the journal, replays it, adopts the policy file where it is new, and begins.
   * @throws PointsmanError for a journal that is damaged or held by another, or a policy whose version does not grow.
   */
  start(): Promise<void>;
  /**
   * Decides at once, in order of arrival; resolves once the result is durable, or refused. `reason` is free text of a
   * person, at most {@link reasonOctetsMax} octets; it is sealed. Never rejects.
   */
  submit(command: ServiceCommand | FleetCommand, reason?: string): Promise<CommandResult>;
  readonly status: ControllerStatus;
  /** Why it stopped acting by itself; null while it has not. */
  readonly halted: Refusal | null;
  readonly epoch: Epoch;
  /** All that is durable. */
  world(): World;
  /** `undefined` for a service that neither the policy nor the journal knows. */
  state(service: string): ServiceState | undefined;
  /** What is known now and not in the journal; `undefined` for a service that the policy in force lacks. */
  facts(service: string): Facts | undefined;
  explain(service: string): Explanation | undefined;
  /** What a move would do, and what the gates say of it; nothing is done. */
  preview(service: string, move: DeclaredMove, by: Sender): PreviewResult;
  /** Tells of each entry once it is durable; the returned function ends it. */
  follow(listener: (entry: RecordedEntry) => void): () => void;
  stats(): Stats;
  /**
   * Takes no new command, waits for running writes for {@link stopPatienceMs} at most, records what is still in flight,
   * and stops. The next start reads that back. Never rejects.
   */
  stop(): Promise<void>;
}

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
