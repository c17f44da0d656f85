import type { PolicyProposal } from "../core/authority/state.ts";
import type { Sender } from "../core/cycle/command.ts";
import type { Explanation, Preview } from "../core/cycle/explanation.ts";
import type { Facts } from "../core/cycle/facts.ts";
import type { DeclaredMove, FleetCommand, ServiceCommand } from "../core/cycle/service-command.ts";
import type { World } from "../core/cycle/world.ts";
import type { SignedStatement } from "../core/authority/statement.ts";
import type { FleetEvent, ServiceEvent } from "../core/failover/event.ts";
import type { IntegrityReport } from "../core/integrity/report.ts";
import type { ResolverReport } from "../core/integrity/resolver-judgement.ts";
import type { JsonObject } from "../values/json.ts";
import type { NonEmpty } from "../values/non-empty.ts";
import type { Epoch, Sequence } from "../values/ids.ts";
import type { Refusal } from "../values/refusal.ts";
import type { Sha256 } from "../values/sha256.ts";
import type { Instant } from "../values/time.ts";
import type { ReasonOpening, StatementBasis, StatementCount, StatementSource } from "./statements.ts";

/** What the local API may ask of a running controller: it reads, and it submits commands. It cannot reach an effect. */
export interface Operations {
  /** All that is durable in the journal, folded. Callers MUST NOT keep it: its maps change in place. */
  world(): World;
  /** What is known of a service and not in the journal; `undefined` for a service that the policy does not have. */
  facts(service: string): Facts | undefined;
  /** What the last survey of each zone came to, by vantage. A zone that was never surveyed has none. */
  zoneReports(): readonly IntegrityReport[];
  /** What each resolver came to when it was last asked. One that was never asked has none. */
  resolverReports(): readonly ResolverReport[];
  /** `undefined` for a service that the policy does not have. */
  explain(service: string): Explanation | undefined;
  /** What a declared move would do now, and what the gates say of it. Nothing is done. */
  preview(service: string, move: DeclaredMove, by: Sender): PreviewResult;
  /**
   * Resolves once what was decided is durable, or refused. A command id that was seen before gives its first result
   * again. `reason` is sealed in the entry and read by no decision; none where the sender gave none. Never rejects.
   */
  submit(command: ServiceCommand | FleetCommand, reason?: string): Promise<CommandResult>;
  /**
   * Takes a statement in: what is cheap to look at first, then its signature, then it is decided as {@link submit} does, by
   * the person who signed. The same statement again has its first result. `reason` opens the statement's commitment.
   * Never rejects.
   */
  submitStatement(
    signed: SignedStatement,
    reason: ReasonOpening | null,
    source: StatementSource,
  ): Promise<CommandResult>;
  /**
   * Takes in a policy's document, in canonical JSON, so that people may sign it, and says what it means. It is kept once
   * somebody signs. The same document again changes nothing.
   */
  handInPolicy(document: Uint8Array): HandedInPolicy;
  /** Counts what came instead of a statement and was refused at the door. It is counted and summed, never an entry. */
  refusedAtDoor(source: StatementSource, code: string): void;
  /** What came in since the start, by lane and code. */
  statementCounts(): readonly StatementCount[];
  /** What a statement that is made now has to name. */
  basis(): StatementBasis;
  /** Calls `listener` for each entry that becomes durable from now on, in order; the returned function ends it. */
  follow(listener: (entry: RecordedEntry) => void): () => void;
  /** What the controller says of itself. */
  about(): AboutController;
}

/** A policy that people may sign from now on. `lacking`: what it still needs, a sentence each. */
export type HandedInPolicy =
  | { readonly ok: true; readonly proposal: PolicyProposal; readonly lacking: readonly string[] }
  | { readonly ok: false; readonly refusal: Refusal };

export type PreviewResult =
  { readonly ok: true; readonly preview: Preview } | { readonly ok: false; readonly refusal: Refusal };

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
  /** `service/ID`, `fleet`, `policy` or `people`. */
  readonly stream: string;
  readonly type: string;
  readonly by: Sender;
  /** The event without its type and without the facts it was decided on. */
  readonly data: JsonObject;
}

export interface AboutController {
  readonly now: Instant;
  readonly version: string;
  readonly mode: "act" | "observe";
  readonly epoch: Epoch;
  readonly startedAt: Instant;
  readonly status: "starting" | "running" | "reopening" | "stopping" | "stopped" | "halted";
  /** Durable entries. */
  readonly journalSize: number;
  /** The policy file of this machine where it is not the policy in force; null: it is. Nothing adopts it by itself. */
  readonly policyFile: { readonly version: number; readonly hash: Sha256 } | null;
  /** Why it stopped acting (the journal is lost, full, or contradicts the newest head); null while it acts. */
  readonly halted: Refusal | null;
  /** Why the memory of zones began anew, or is not kept; null: nothing is wrong with it. */
  readonly integrityMemory: Refusal | null;
}
