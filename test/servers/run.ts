// `npm run test:servers`: brings the real DNS servers where they are missing, then runs the tests that need them.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { installServers } from "./install.ts";

const failure = installServers();
if (failure === undefined) {
  const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
  const { status } = spawnSync(process.execPath, [vitest, "run", "--project", "servers", ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} else {
  process.stderr.write(`${failure}\n`);
  process.exitCode = 1;
}
