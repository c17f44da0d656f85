import { automationKeyRefusal } from "../core/authority/automation.ts";
import { owedBy } from "../core/authority/owed.ts";
import { isOutstanding } from "../core/failover/evolve-attempts.ts";
import type { Spoken } from "../core/cycle/command.ts";
import type { FleetEvent } from "../core/failover/event.ts";
import type { FleetCommand, ServiceCommand } from "../core/cycle/service-command.ts";
import type { SurveyTaken } from "../core/integrity/integrity-book.ts";
import type { Journal, JournalOwner } from "../ports/journal.ts";
import type { CommandResult, RecordedEntry } from "../ports/operations.ts";
import type { EntryAttachment } from "../transparency/entry.ts";
import type { Opening } from "../values/commitment.ts";
import type { Epoch } from "../values/ids.ts";
import { invariant } from "../values/invariant.ts";
import { isNonEmpty } from "../values/non-empty.ts";
import { toHex } from "../values/octets.ts";
import type { Refusal } from "../values/refusal.ts";
import type { Sha256 } from "../values/sha256.ts";
import { erasedBy, Erasures } from "./erasures.ts";
import { InstallationLoop } from "./installation-loop.ts";
import type { Counters } from "./counters.ts";
import type { CrashHook } from "./crash-points.ts";
import { Effects } from "./effect-runner.ts";
import { effectHandlers } from "./effects/index.ts";
import type { Notices } from "./effects/notices.ts";
import type { Writer } from "./entries.ts";
import { recordedOf, serviceOf } from "./events.ts";
import { fingerprintOfAutomation, type FactsBook } from "./facts-book.ts";
import { originOf, writeFirstEntry } from "./genesis.ts";
import { type Broken, fenced } from "./halt.ts";
import { Issuer } from "./issuer.ts";
import { Loop } from "./loop.ts";
import { attemptsOf } from "./orders.ts";
import type { ControllerParts, PolicyFile } from "./parts.ts";
import { type Adoption, attachPolicy, policyMovedOn, readAdoption } from "./policy-adoption.ts";
import { HandedIn } from "./handed-in.ts";
import { reopening } from "./refusals.ts";
import { replay, type Replayed, worldOf } from "./replay.ts";
import { Sequencer } from "./sequencer.ts";

/** What outlives a journal that is opened anew. */
export interface Lasting {
  readonly boot: string;
  readonly counters: Counters;
  readonly notices: Notices;
  readonly crash: CrashHook;
  /** Made once, when the installation's id is known. */
  readonly book: (installation: Sha256) => FactsBook;
  /** Told of every entry that is durable, old ones too. */
  readonly recorded: (entry: RecordedEntry) => void;
}

/** One claim of the journal, from its replay until it is given up: an epoch. */
export interface Session {
  readonly sequencer: Sequencer;
  readonly loop: Loop;
  readonly effects: Effects;
  readonly replayed: Replayed;
  /** Decides, and looks at once at what follows, so that it goes to the disk together. */
  submit(command: ServiceCommand | FleetCommand, reason?: string | Opening): Promise<CommandResult>;
  /** Records that a statement disputes the log. Nothing is written from then on, until people settle it. */
  disputeLog(spoken: Spoken): Promise<CommandResult>;
  /** Adopts the policy file where it is new, and records the start. Resolves once durable. */
  begin(): Promise<CommandResult>;
  /** Takes in the document of a policy, so that people may sign it; durable once somebody does. */
  handIn(file: PolicyFile): Refusal | undefined;
  /** Records what was found of a zone, and looks at the services that stand in it. */
  takeSurvey(taken: SurveyTaken): void;
  /** Looks at every service of the policy in force. */
  touchAll(): void;
  /** Starts nothing more; what runs sees that it is to end, and a write that was sent does end. */
  quiesce(): void;
  /** Records the stop, with the attempts whose outcome is not known. */
  recordStop(): Promise<CommandResult>;
  /** Nothing is decided or appended any more. */
  giveUp(refusal: Refusal): void;
  /** Lets go of the journal, which is given up. Never rejects. */
  close(): Promise<void>;
}

/**
 * Claims the journal, replays it, and makes all that decides and acts on it. Nothing is decided yet.
 * @throws PointsmanError for a journal that is damaged, or a policy that may not come into force.
 */
export async function openSession(
  parts: ControllerParts,
  lasting: Lasting,
  onBroken: (broken: Broken) => void,
): Promise<Session> {
  const { file } = parts;
  const journal = await parts.openJournal();
  try {
    const claim = await journal.owner.claim();
    const replayed = await replayOrBegin(parts, lasting, journal, claim);
    warnOfAutomationKey(parts, replayed);
    const adoption = await readAdoption(replayed, file, journal.attachments, parts.readPolicy);
    const attachments = adoption.adopt ? [await attachPolicy(file, journal.attachments)] : [];
    return sessionOf({ parts, lasting, journal, claim, replayed, adoption, attachments, onBroken });
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** No way to move is worse than a slow one: it starts, and the automation holds until the key is back. */
function warnOfAutomationKey({ automation, log }: ControllerParts, replayed: Replayed): void {
  const refusal = automationKeyRefusal(replayed, fingerprintOfAutomation(automation));
  if (refusal !== undefined) log.write("error", refusal.code, { says: refusal.says, mend: refusal.mend });
}

type Claim = Awaited<ReturnType<JournalOwner["claim"]>>;

async function replayOrBegin(
  parts: ControllerParts,
  lasting: Lasting,
  journal: Journal,
  { writer }: Claim,
): Promise<Replayed> {
  const { cycle, file } = parts;
  const read = (): Promise<Replayed | undefined> =>
    replay(journal.reader, cycle.evolve, new AbortController().signal, (entry) => lasting.recorded(recordedOf(entry)));
  const replayed = await read();
  if (replayed !== undefined) return replayed;
  const nonce = toHex(parts.entropy.octets(16));
  const attachment = await attachPolicy(file, journal.attachments);
  const first = { nonce, policy: file.policy.hash, by: parts.operator, automation: parts.automation?.key, attachment };
  await writeFirstEntry(writer, writerOf(parts, lasting, originOf(nonce), writer.epoch), first);
  const begun = await read();
  invariant(begun !== undefined, "a journal has its first entry once it was written");
  return begun;
}

interface Opened {
  readonly parts: ControllerParts;
  readonly lasting: Lasting;
  readonly journal: Journal;
  readonly claim: Claim;
  readonly replayed: Replayed;
  readonly adoption: Adoption;
  readonly attachments: readonly EntryAttachment[];
  readonly onBroken: (broken: Broken) => void;
}

function sessionOf(opened: Opened): Session {
  const { parts, lasting, claim, replayed, adoption, onBroken } = opened;
  const { cycle, clock, log } = parts;
  const { counters, crash } = lasting;
  const ended = new AbortController();
  const lost = AbortSignal.any([claim.lost, ended.signal]);
  let gone = false;
  const broken = (why: Broken): void => {
    if (!gone) onBroken(why);
  };
  claim.lost.addEventListener("abort", () => broken(fenced(null)), { once: true });
  const book = lasting.book(replayed.installation);
  const erasures = new Erasures(opened.journal, log);
  const touch = (service: string): void => loop.touch(service);

  const issuer = new Issuer(claim.writer.epoch, parts.controllerId);
  const sequencer = new Sequencer({
    cycle,
    replayed,
    world: worldOf(replayed, adoption.policies, adoption.inForce),
    journal: claim.writer,
    writer: writerOf(parts, lasting, replayed.log, claim.writer.epoch),
    entropy: parts.entropy,
    counters,
    crash,
    factsFor: (service) => book.factsFor(service),
    // On a full disk the room that is left is for intents and outcomes (design §10).
    automation: parts.automation,
    controller: issuer.controller,
    observed: (service, site) => (opened.journal.reserve() === "kept" ? book.observed(service, site) : []),
    onDurable: (entries) => {
      for (const entry of entries) lasting.recorded(entry);
      for (const { stream } of entries) touchStream(stream);
      void erasures.erase(entries.flatMap((entry) => erasedBy(entry)));
    },
    onBroken: broken,
  });
  let movedOn = false;
  /** Another policy is in force: what was made for the one before looks no more, and is made anew. */
  function lookAtPolicy(): void {
    if (movedOn || sequencer.head.policy.hash === parts.file.policy.hash) return;
    movedOn = true;
    loop.end();
    installationLoop.end();
    parts.onAdopted?.();
  }
  function decide(
    command: ServiceCommand | FleetCommand,
    reason?: string | Opening,
    attachments: readonly EntryAttachment[] = [],
  ): Promise<CommandResult> {
    const ruling = sequencer.decide(command, reason, attachments);
    if (ruling.accepted && "service" in command) loop.look(command.service);
    lookAtPolicy();
    return ruling.result;
  }
  const handedIn = new HandedIn(opened.journal.attachments);
  const submit: Session["submit"] = async (command, reason) => {
    if (movedOn) return { accepted: false, refusal: reopening(policyMovedOn) };
    if (command.request.kind === "sign-policy") {
      const attachments = await handedIn.attachmentsOf(command.request.policy, sequencer.head);
      return "code" in attachments ? { accepted: false, refusal: attachments } : decide(command, reason, attachments);
    }
    if (command.request.kind !== "erase") return decide(command, reason);
    const refusal = await erasures.refusalOf(command.request.commitment, sequencer.head);
    return refusal === undefined ? decide(command, reason) : { accepted: false, refusal };
  };
  const effects = new Effects({
    handlers: effectHandlers({
      sequencer,
      book,
      clock,
      touch,
      reader: parts.reader,
      names: parts.names,
      authenticator: parts.authenticator,
      notices: lasting.notices,
      paths: parts.paths,
      caller: parts.caller,
    }),
    lost,
    clock,
    log,
    counters,
    crash,
    submit: (service, request) => decide(issuer.result(service, request)),
    touch,
    onBroken: broken,
  });
  const installationLoop = new InstallationLoop({ sequencer, issuer, clock, log, onDecided: () => lookAtPolicy() });
  const loop = new Loop({ cycle, sequencer, effects, book, issuer, clock, log, counters });

  function takeSurvey({ events, services }: SurveyTaken): void {
    // What cannot be recorded now is found again by the next survey: the state that it is compared with has not moved.
    if (isNonEmpty(events)) void sequencer.record(events, { by: issuer.controller, attachments: [] });
    for (const service of services) touch(service);
  }

  function touchAll(): void {
    installationLoop.touch();
    for (const service of sequencer.head.policy.services.keys()) loop.touch(service);
  }

  function touchService(service: string): void {
    loop.touch(service);
    const state = sequencer.head.state(service);
    if (state === undefined || owedBy(state, sequencer.head.authority, sequencer.now()).length === 0) return;
    installationLoop.touch();
  }

  /** What is decided of the whole installation may matter to every service. */
  function touchStream(stream: string): void {
    const service = serviceOf(stream);
    if (service === undefined) touchAll();
    else touchService(service);
  }

  function quiesce(): void {
    ended.abort();
    loop.end();
    installationLoop.end();
    effects.end();
  }

  return {
    sequencer,
    loop,
    effects,
    replayed,
    submit,
    disputeLog: (spoken) => submit(issuer.disputeLog(spoken)),
    takeSurvey,
    handIn: (file) => handedIn.take(file, sequencer),
    begin: () => {
      void erasures.erase(replayed.erased);
      return begin(opened, sequencer);
    },
    touchAll,
    quiesce,
    recordStop: () => {
      const event: FleetEvent = { type: "controller-stopped", epoch: sequencer.epoch, inFlight: inFlight(sequencer) };
      return sequencer.record([event], { by: issuer.controller, attachments: [] });
    },
    giveUp: (refusal) => {
      gone = true;
      quiesce();
      sequencer.end(refusal);
    },
    close: () =>
      opened.journal.close().catch((error: unknown) => {
        log.write("warn", "journal-not-closed", { says: error instanceof Error ? error.message : "unknown" });
      }),
  };
}

function begin({ parts, adoption, attachments }: Opened, sequencer: Sequencer): Promise<CommandResult> {
  const { version, mode, operator, file } = parts;
  const { policy } = file;
  const started: FleetEvent = {
    type: "controller-started",
    epoch: sequencer.epoch,
    version,
    mode,
    settings: parts.settingsHash,
  };
  if (!adoption.adopt) return sequencer.record([started], { by: operator, attachments: [] });
  const adopted: FleetEvent = {
    type: "policy-adopted",
    policy: policy.hash,
    version: policy.version,
    by: operator,
    signed: false,
    class: null,
    words: [],
  };
  return sequencer.record([adopted, started], { by: operator, attachments });
}

/** Attempts whose outcome the next start has to read back. */
function inFlight({ head }: Sequencer): readonly string[] {
  return [...head.services.values()].flatMap((state) =>
    [...attemptsOf(state), ...state.outstanding].filter(isOutstanding).map(({ id }) => id),
  );
}

function writerOf(parts: ControllerParts, { boot }: Lasting, log: string, epoch: Epoch): Writer {
  return {
    log,
    boot,
    controller: parts.controllerId,
    epoch,
    rules: parts.cycle.rules,
    settings: parts.settingsHash,
    clock: parts.clock,
    clockErrorMs: () => parts.clockHealth().errorMs,
  };
}
