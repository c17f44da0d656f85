import type { Command } from "../frame/command.ts";
import { adopt } from "./adopt.ts";
import { announce } from "./announce.ts";
import { approve } from "./approve.ts";
import { exportValues } from "./export.ts";
import { liftVeto, veto, withdraw } from "./failover-acts.ts";
import { guard } from "./guard.ts";
import { move } from "./move.ts";
import { plan } from "./plan.ts";
import { resume, rollback, stop } from "./service-acts.ts";
import { status } from "./status.ts";
import { why } from "./why.ts";

/** The commands that ask a running controller. */
export const remoteCommands: readonly Command[] = [
  status,
  why,
  plan,
  move,
  approve,
  withdraw,
  veto,
  liftVeto,
  rollback,
  stop,
  resume,
  adopt,
  announce,
  guard,
  exportValues,
];
