import type { Command } from "../frame/command.ts";

/** The commands that need no running controller. */
export const localCommands: readonly Command[] = [];
