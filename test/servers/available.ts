import { afterEach, describe } from "vitest";
import { aptLine, missingPackages, missingTools, type Tool } from "./install.ts";
import type { RunningServer } from "./process.ts";

const missing = missingPackages();

/**
 * A suite on real servers. Where they are missing it is shown as skipped with the apt line that brings them; with
 * `CI=true` it runs nevertheless and so fails, since a skip there would prove nothing.
 */
export function describeWithServers(name: string, suite: () => void): void {
  describeUnless(missing, name, suite);
}

/** A suite on programs that are no DNS servers, skipped in the same way. */
export function describeWithTools(tools: readonly Tool[], name: string, suite: () => void): void {
  describeUnless(missingTools(tools), name, suite);
}

function describeUnless(packages: readonly string[], name: string, suite: () => void): void {
  const skipped = packages.length > 0 && process.env["CI"] !== "true";
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback -- a choice of suites, not yet a suite
  const choose = describe.skipIf(skipped);
  choose(skipped ? `${name} (missing: ${aptLine(packages)})` : name, suite);
}

/** In a suite: after a failed test, the folders and logs of `servers` stay. */
export function keepLogsOnFailure(servers: () => readonly (RunningServer | undefined)[]): void {
  afterEach(({ task }) => {
    if (task.result?.state === "fail") for (const server of servers()) server?.keep();
  });
}
