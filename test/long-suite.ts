import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Whether tests run at their full length. */
export const atFullLength = process.env["POINTSMAN_LONG"] === "true";

/**
 * Runs one file of tests at its full length.
 * @throws Error when one of them fails.
 */
export function longSuite(project: "unit" | "servers", file: string): void {
  const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
  const { status } = spawnSync(process.execPath, [vitest, "run", "--project", project, file], {
    env: { ...process.env, POINTSMAN_LONG: "true" },
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`${file} failed`);
}
