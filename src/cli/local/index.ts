import type { Command } from "../frame/command.ts";
import { authority } from "./authority.ts";
import { init } from "./init.ts";
import { inspect } from "./inspect.ts";
import { run } from "./run.ts";
import { trust } from "./trust.ts";
import { validate } from "./validate.ts";

/** The commands that need no running controller. */
export const localCommands: readonly Command[] = [inspect, trust, init, validate, authority, run];
