import { commandId, type CommandId } from "../../values/ids.ts";
import { asJson, canonicalJson } from "../../values/json.ts";
import type { Refusal } from "../../values/refusal.ts";
import type { Instant } from "../../values/time.ts";
import type { FleetCommand, ServiceCommand } from "../cycle/service-command.ts";
import type { Spoken } from "../cycle/command.ts";
import type { World } from "../cycle/world.ts";
import { admit } from "./admit.ts";
import type { Speaker } from "./admitted.ts";
import { refusal } from "./refusals.ts";
import { routeOf } from "./route.ts";
import { statementHash, type SignedStatement } from "./statement.ts";
import type { AnyStatement } from "./terms.ts";

type Spoke =
  { readonly ok: true; readonly speaker: Speaker | null } | { readonly ok: false; readonly refusal: Refusal };
type Command = ServiceCommand | FleetCommand;
type Kind = Command["request"]["kind"];

/**
 * Who speaks. Null: the controller itself, or in an unsigned trial the local user. Refused: a statement that is not admitted,
 * that asks something else than the command, or that is missing where the installation is signed.
 */
export function speakerOf(world: World, command: Command, now: Instant): Spoke {
  const { by, request, spoken } = command;
  if (request.kind === "dispute-log") return disputing(world, command, now);
  if (spoken !== undefined) return spokenBy(world, command, spoken, now);
  const own = by.kind === "controller" || by.kind === "automation";
  if (internal.has(request.kind)) return own ? nobody : refused(internalAlone(request.kind));
  const trial = world.authority.mode === "unsigned" && by.kind !== "person" && unsigned.has(request.kind);
  return trial ? nobody : refused(statementNeeded(command));
}

/** The id of the command that a statement makes: the same statement again gives its first result. */
export function commandIdOf(signed: Pick<SignedStatement, "statement">): CommandId {
  return commandId(`statement:${statementHash(signed)}`);
}

const nobody: Spoke = { ok: true, speaker: null };

/** What follows from facts and effects: the controller's alone. */
const internal: ReadonlySet<Kind> = new Set<Kind>([
  "advance",
  "attempt-result",
  "read-back",
  "verified",
  "service-answered",
  "advance-people",
  "advance-policy",
]);

/** What a local user may ask in a trial, and the command that asks it of people who sign. */
const unsigned: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  ["declare", "move"],
  ["approve", "approve"],
  ["withdraw", "withdraw"],
  ["veto", "veto"],
  ["lift-veto", "lift-veto"],
  ["rollback", "rollback"],
  ["stop", "stop"],
  ["resume", "resume"],
  ["adopt", "adopt"],
  ["stop-all", "stop --all"],
  ["resume-all", "resume --all"],
  ["announce", "announce"],
  ["withdraw-announcement", "announce"],
]);

function spokenBy(world: World, command: Command, spoken: Spoken, now: Instant): Spoke {
  const admission = admit(world, spoken, now);
  if (!admission.ok) return refused(admission.refusal);
  const { statement, signer, person } = admission;
  const { by, id } = command;
  if (by.kind !== "person" || by.method !== "statement" || by.id !== person.id)
    return refused(senderDiffers(command, person.id));
  const route = routeOf(statement);
  const asked = "service" in command ? command.service : null;
  const routed = "service" in route ? route.service : null;
  const same =
    id === commandIdOf(spoken) &&
    asked === routed &&
    canonicalJson(asJson(command.request)) === canonicalJson(asJson(route.request));
  return same ? { ok: true, speaker: { statement, signer, person } } : refused(requestDiffers(command, statement));
}

/** The controller hands on a statement that is valid in all but its head; whoever made it is the speaker. */
function disputing(world: World, { by, request, spoken }: Command, now: Instant): Spoke {
  if (by.kind !== "controller") return refused(internalAlone(request.kind));
  const admission = spoken && admit(world, spoken, now);
  if (admission === undefined || admission.ok || !admission.disputes)
    return refused(
      admission === undefined || admission.ok
        ? refusal("nothing-disputed", "No statement disputes the log.", {}, "Nothing needs to be done.")
        : admission.refusal,
    );
  const { statement, signer, person } = admission;
  return { ok: true, speaker: { statement, signer, person } };
}

function refused(why: Refusal): Spoke {
  return { ok: false, refusal: why };
}

function internalAlone(kind: Kind): Refusal {
  return refusal(
    "controller-alone",
    `A request of kind ${kind} comes from the controller's own loop alone.`,
    { kind },
    "Nothing needs to be done: it is asked by itself when it is due.",
  );
}

function statementNeeded({ by, request }: Command): Refusal {
  const command = unsigned.get(request.kind);
  return refusal(
    "statement-needed",
    `A request of kind ${request.kind} is signed by a person; ${by.id} sent it without a statement.`,
    { kind: request.kind, sender: by.id },
    command === undefined
      ? "Sign it: pointsman statement make, then pointsman statement submit"
      : `Sign it: pointsman ${command}, with --key FILE or a running ssh-agent`,
  );
}

function senderDiffers({ by }: Command, person: string): Refusal {
  return refusal(
    "request-differs",
    `${person} signed the statement, and ${by.id} sends it as ${by.kind}.`,
    { signer: person, sender: by.id },
    "Submit the statement itself: pointsman statement submit FILE",
  );
}

function requestDiffers({ request, id }: Command, { kind, subject }: AnyStatement): Refusal {
  return refusal(
    "request-differs",
    `The request ${request.kind} is not what was signed: ${kind} of ${subject.type} ${subject.id}.`,
    { request: request.kind, kind, subject: subject.id, command: id },
    "Submit the statement itself: pointsman statement submit FILE",
  );
}
