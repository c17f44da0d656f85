import type { Command } from "../frame/command.ts";
import { init } from "./init.ts";
import { run } from "./run.ts";
import { validate } from "./validate.ts";

/** The commands that need no running controller. */
export const localCommands: readonly Command[] = [init, validate, run];
