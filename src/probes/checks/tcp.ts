import type { CheckDefinition } from "../../core/policy/policy.ts";
import { dial } from "./dial.ts";
import type { Runner } from "./runner.ts";

type TcpCheck = Extract<CheckDefinition, { type: "tcp" }>;

/** Passes once the site accepts a connection; nothing is sent. */
export const runTcp: Runner<TcpCheck> = async ({ address }, definition, means) => {
  const endpoint = { address, port: definition.port };
  const reason = await dial(endpoint, definition.timeoutMs, means, (_socket, end) => end("pass"));
  return { reason, certificateUntil: null };
};
