import { invariant } from "../../values/invariant.ts";
import type { Command } from "../frame/command.ts";
import { localCommands } from "../local/index.ts";
import { remoteCommands } from "../remote/index.ts";
import { acts } from "./acts/index.ts";
import { allowedSigners } from "./allowed-signers.ts";
import { governed } from "./governed.ts";
import { policyCommand } from "./policy.ts";
import { statement } from "./statement.ts";
import { validate } from "./validate.ts";

const ofTrials = new Map(remoteCommands.map((command) => [command.name, command]));
/** Typed in the same word as a command of this machine. */
const shared = new Map([validate].map((command) => [command.name, command]));
const signed = new Map(acts.map((act) => [act.name, shared.get(act.name) ?? governed(act, ofTrials.get(act.name))]));

function signedAct(name: string): Command {
  const command = signed.get(name);
  invariant(command !== undefined, "each act has a command");
  return command;
}

/** Commands of this machine; what they share a word with is there. */
export const ownCommands: readonly Command[] = localCommands.map((command) => shared.get(command.name) ?? command);

/** What asks a running controller, and what people sign. */
export const controllerCommands: readonly Command[] = [
  ...remoteCommands.map((command) => signed.get(command.name) ?? command),
  ...[...signed.values()].filter(({ name }) => !ofTrials.has(name) && !shared.has(name)),
  policyCommand({ adopt: signedAct("adopt-policy"), object: signedAct("object"), withdraw: signedAct("withdraw") }),
  statement,
  allowedSigners,
];
