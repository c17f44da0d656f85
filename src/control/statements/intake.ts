import { admit } from "../../core/authority/admit.ts";
import { readStatement } from "../../core/authority/read-statement.ts";
import { expired, notYetValid, otherInstallation, unreadable } from "../../core/authority/refusals.ts";
import { routeOf } from "../../core/authority/route.ts";
import { commandIdOf } from "../../core/authority/speaker.ts";
import { namespaceOf, type SignedStatement } from "../../core/authority/statement.ts";
import type { AnyStatement } from "../../core/authority/terms.ts";
import type { Sender, Spoken } from "../../core/cycle/command.ts";
import type { FleetCommand, ServiceCommand } from "../../core/cycle/service-command.ts";
import type { World } from "../../core/cycle/world.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { CommandResult } from "../../ports/operations.ts";
import type {
  ReasonOpening,
  StatementCount,
  StatementLane,
  StatementSource,
  StatementVerifier,
} from "../../ports/statements.ts";
import { opens } from "../../transparency/commitment.ts";
import { asCommitment, type Opening } from "../../values/commitment.ts";
import { utf8 } from "../../values/octets.ts";
import type { Refusal } from "../../values/refusal.ts";
import type { Sha256 } from "../../values/sha256.ts";
import type { Instant } from "../../values/time.ts";
import { faulty } from "../refusals.ts";
import { keyOf } from "./key.ts";
import { Lane, type LaneLimits } from "./lane.ts";
import { laneFull, reasonDiffers, signatureRefused } from "./refusals.ts";
import { Tally } from "./tally.ts";

export interface IntakeParts {
  readonly verifier: StatementVerifier;
  readonly clock: Clock;
  readonly log: Log;
  /** What is decided, entries on their way to the disk included. */
  readonly head: () => World;
  readonly now: () => Instant;
  /** The root of the durable log at a size that it has had. */
  readonly rootAt: (size: number) => Sha256 | undefined;
  readonly dispute: (spoken: Spoken) => Promise<CommandResult>;
  readonly submit: (command: ServiceCommand | FleetCommand, reason?: Opening) => Promise<CommandResult>;
}

/** Signatures checked side by side: libuv has four threads, and what validates DNS answers needs them as well. */
const limits: { readonly [Name in StatementLane]: LaneLimits } = {
  socket: { waitingMax: 64, runningMax: 2 },
  folder: { waitingMax: 64, runningMax: 1 },
  listener: { waitingMax: 256, runningMax: 1 },
};

/**
 * Takes statements in. Each lane has a queue of its own, in which sources take turns; no limit looks at who claims to have
 * signed. What is cheap to look at comes before the signature, and the signature before anything is decided.
 */
export class StatementIntake {
  readonly #parts: IntakeParts;
  readonly #lanes: { readonly [Name in StatementLane]: Lane };
  readonly #tally: Tally;

  constructor(parts: IntakeParts) {
    const { clock, log } = parts;
    this.#parts = parts;
    this.#tally = new Tally(clock, log);
    this.#lanes = {
      socket: new Lane(limits.socket, clock),
      folder: new Lane(limits.folder, clock),
      listener: new Lane(limits.listener, clock),
    };
  }

  /** The result of the command that the statement is, or why it is none. Never rejects. */
  async submit(
    signed: SignedStatement,
    reason: ReasonOpening | null,
    { lane, from }: StatementSource,
  ): Promise<CommandResult> {
    const { promise, resolve } = Promise.withResolvers<Promise<CommandResult> | CommandResult>();
    // The lane is free for the next once the signature is checked: what is decided waits for the disk.
    const run = async (): Promise<void> => {
      const checked = await this.#check(signed, reason);
      resolve("code" in checked ? { accepted: false, refusal: checked } : this.#speak(checked));
    };
    this.#lanes[lane].add(from, run, () => resolve({ accepted: false, refusal: laneFull }));
    const result = await promise;
    this.#tally.add(lane, result.accepted ? null : result.refusal.code);
    return result;
  }

  refusedAtDoor({ lane }: StatementSource, code: string): void {
    this.#tally.add(lane, code);
  }

  counts(): readonly StatementCount[] {
    return this.#tally.counts();
  }

  async #check(signed: SignedStatement, reason: ReasonOpening | null): Promise<Checked | Refusal> {
    try {
      return await this.#judge(signed, reason);
    } catch (error) {
      return faulty(error instanceof Error ? error.message : "unknown");
    }
  }

  async #judge(signed: SignedStatement, reason: ReasonOpening | null): Promise<Checked | Refusal> {
    const statement = readStatement(signed.statement);
    if (typeof statement === "string") return unreadable(statement, utf8(signed.statement).length);
    const world = this.#parts.head();
    const now = this.#parts.now();
    if (statement.installation !== world.installation) return otherInstallation(statement, world.installation);
    if (now < statement.notBefore) return notYetValid(statement, now);
    if (now >= statement.expires) return expired(statement, now);
    const key = keyOf(statement, world);
    if ("code" in key) return key;
    const opening = reason === null ? undefined : openingOf(statement, reason);
    if (opening === null) return reasonDiffers;
    const check = await this.#parts.verifier.verify(signed, key, namespaceOf(statement.kind));
    return check.valid ? { statement, signed, opening } : signatureRefused(check.code, statement);
  }

  async #speak({ statement, signed, opening }: Checked): Promise<CommandResult> {
    const { size, root } = statement.log;
    const head = this.#parts.rootAt(size) === root ? "contained" : "not-contained";
    const spoken: Spoken = { ...signed, head };
    const by: Sender = { kind: "person", id: statement.by.person, method: "statement" };
    const command = { id: commandIdOf(signed), by, spoken, ...routeOf(statement) };
    const result = await this.#parts.submit(command, opening);
    if (!result.accepted && head === "not-contained") await this.#dispute(spoken);
    return result;
  }

  /** Valid in all but the head of the log: then either this journal is not the one that was signed on, or somebody lies. */
  async #dispute(spoken: Spoken): Promise<void> {
    const admission = admit(this.#parts.head(), spoken, this.#parts.now());
    if (admission.ok || !admission.disputes) return;
    const result = await this.#parts.dispute(spoken);
    const code = result.accepted ? "accepted" : result.refusal.code;
    this.#parts.log.write("error", "log-disputed", { person: admission.person.id, outcome: code });
  }
}

interface Checked {
  readonly statement: AnyStatement;
  readonly signed: SignedStatement;
  readonly opening: Opening | undefined;
}

/** Null: it does not open what was signed. */
function openingOf({ reason }: AnyStatement, { salt, value }: ReasonOpening): Opening | null {
  if (reason === null) return null;
  const opening = { commitment: asCommitment(reason), salt, value };
  return opens(opening) ? opening : null;
}
